"""manage.py import_articles PLACE… : articles from files, folders, standard input or addresses."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.importers import FORMATS, SUFFIXES
from newsroom.importers.apart import ReadingApart
from newsroom.importers.importing import Importing, begin, end, new_tally
from newsroom.importers.reading import Reading, is_address
from newsroom.importers.showing import Tally, show, with_progress
from newsroom.importers.source import RefusedArticle, open_source, walk
from newsroom.outbound import Visit

# A file of addresses, one a line; not a format of articles.
ADDRESSES = "url"


class Command(BaseCommand):
    help = "Imports articles from files, folders (all pages below them), addresses or standard input (-)."
    # What `-` reads; empty: the process's own standard input.
    stdin: BinaryIO | None = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "paths", nargs="+", metavar="PLACE", help="a file, a folder, an address (http…), or - for standard input"
        )
        parser.add_argument(
            "--format",
            choices=[*sorted(FORMATS), ADDRESSES],
            help="instead of what the file says; url: the file is a list of addresses",
        )
        parser.add_argument("--section", default="", help="the section of pages that name none")
        parser.add_argument("--follow", action="store_true", help="of a feed, read each entry's page")
        parser.add_argument("--dry-run", action="store_true", help="say what would come of it, write nothing")

    def handle(self, *, paths: list[str], section: str, follow: bool, dry_run: bool, **options: Any) -> None:
        tally, at, format = new_tally(), timezone.now(), options["format"]
        run = None if dry_run else begin(source=" ".join(paths), format=format or "", by=None, at=at)
        places = self._places(paths, format, tally)
        with ReadingApart() as apart:
            reading = Reading(apart, Visit(), at=at, stdin=self.stdin, follow=follow)
            importing = Importing(reading, tally=tally, at=at, section=section, dry=dry_run)
            for place, importing.watch in with_progress(places, stdout=self.stdout):
                importing.bring(place, format=None if format == ADDRESSES else format)
        if run:
            run.format = " ".join(sorted(reading.formats))[:20]
            end(run, tally, at=timezone.now())
        show(tally, stdout=self.stdout)
        if tally.refused:
            sys.exit(1)

    def _places(self, paths: list[str], format: str | None, tally: Tally) -> list[str]:
        found: list[str] = []
        for path in paths:
            if format == ADDRESSES:
                found += self._addresses(path, tally)
            elif is_address(path):
                found.append(path)
            else:
                below = list(walk([path], suffixes=SUFFIXES))
                if not below:
                    tally.refuse(path, _("There is no page in this folder."))
                found += below
        return found

    def _addresses(self, path: str, tally: Tally) -> list[str]:
        """The lines of a file; what begins with # is a remark."""
        try:
            text = open_source(path, stdin=self.stdin, at=timezone.now()).data.decode("utf-8-sig", errors="replace")
        except RefusedArticle as refusal:
            tally.refuse(path, refusal.reason, refusal.line)
            return []
        found = []
        for number, line in enumerate(text.splitlines(), start=1):
            if is_address(line.strip()):
                found.append(line.strip())
            elif line.strip() and not line.startswith("#"):
                tally.refuse(path, _("This line is no address."), number)
        return found
