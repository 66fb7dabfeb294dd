"""manage.py import_comments PATH… : readers' comments from files, folders or standard input."""

from __future__ import annotations

import logging
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from time import perf_counter
from typing import Any, BinaryIO

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.importers import FORMATS, SUFFIXES, format_of
from comments.importers.comment import SourceStatus
from comments.importers.export import export_at
from comments.importers.saving import BATCH, OUTCOMES, How, save_comments
from comments.importers.saving.accounting import report
from comments.importers.saving.addresses import BadMap, address_map
from comments.importers.saving.matching import Account, Choices, with_articles
from comments.importers.saving.progress import WORTH_A_RATE, rates, with_bars
from comments.policies import policy_in_force
from newsroom.importers.importing import begin, end
from newsroom.importers.reach import Reach
from newsroom.importers.showing import Tally, show
from newsroom.importers.source import RefusedArticle, walk
from newsroom.models import ImportRun

# Formats whose files import_articles reads too.
HOLDING_ARTICLES = ("page", "wxr")
log = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Imports readers' comments from files, folders (all below them) or standard input (-). Articles come first."
    # What `-` reads; empty: the process's own standard input.
    stdin: BinaryIO | None = None

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", metavar="PATH", help="a file, a folder, or - for standard input")
        parser.add_argument("--format", choices=sorted(FORMATS), help="instead of what the file's name says")
        parser.add_argument("--hold", action="store_true", help="let them wait for validation; else they are visible")
        parser.add_argument("--dry-run", action="store_true", help="say exactly what would come in, and make nothing")
        parser.add_argument(
            "--url-map",
            action="append",
            default=[],
            metavar="OLD=NEW",
            help="how addresses of articles began there, and begin here; may be said several times",
        )
        parser.add_argument("--url-table", metavar="FILE", help="a CSV file of whole addresses, there and here")
        parser.add_argument(
            "--leave-out",
            action="append",
            default=[],
            choices=[status.lower() for status in SourceStatus],
            help="leave comments of this status out; may be said several times",
        )
        parser.add_argument("--no-new-articles", action="store_true", help="make no article of what an export tells")
        parser.add_argument("--screen", action="store_true", help="note what the screening rules see in each")
        parser.add_argument("--batch", type=int, default=BATCH, help=f"comments a transaction ({BATCH})")

    def handle(self, *, paths: list[str], hold: bool, dry_run: bool, **options: Any) -> None:
        tally, account, began = Tally(OUTCOMES), Account(), perf_counter()
        choices = _choices(options)
        policy = policy_in_force() if options["screen"] else None
        how = How(timezone.now(), hold=hold, policy=policy, batch=max(1, options["batch"]))
        run = None if dry_run else _begin(paths, options["format"], how)
        places = _places(paths, tally)
        with _rehearsal() if dry_run else nullcontext():
            for place, reach, watch in with_bars(places, stdout=self.stdout):
                with_watch = replace(how, watch=watch)
                self._try(place, options["format"], tally, with_watch, choices, account, reach=reach)
        if run:
            run.format = run.format or " ".join(sorted(account.formats))[:20]
            end(run, tally, at=timezone.now())
        else:
            self.stdout.write(_("A rehearsal: nothing was written. This would come in:"))
        show(tally, stdout=self.stdout)
        for line in report(account, came=how.came, hold=hold):
            self.stdout.write(line)
        seconds = perf_counter() - began
        if seconds > WORTH_A_RATE and tally.counts["NEW"]:
            self.stdout.write(rates(tally.counts["NEW"], seconds=seconds, findable=how.timing.findable))
        if tally.refused:
            sys.exit(1)

    def _try(
        self,
        place: str,
        format: str | None,
        tally: Tally,
        how: How,
        choices: Choices,
        account: Account,
        *,
        reach: Reach,
    ) -> None:
        """One bad file never stops the others."""
        try:
            with export_at(place, stdin=self.stdin, at=how.at, reach=reach) as export:
                name = format or format_of(export)
                if name is None:
                    raise RefusedArticle(_("No format is known for this kind of file: name one with --format."))
                account.formats.add(name)
                how = replace(how, brings_articles=name in HOLDING_ARTICLES)
                told = with_articles(FORMATS[name](export), choices=choices, account=account, at=how.at)
                save_comments(told, place=place, tally=tally, how=how)
        except RefusedArticle as refusal:
            tally.refuse(place, refusal.reason, refusal.line)
        except Exception:
            log.exception("import_comments: %s", place)
            tally.refuse(place, _("The comments could not be imported: an error that is now in the log."))


def _begin(paths: list[str], format: str | None, how: How) -> ImportRun:
    return begin(source=" ".join(paths), format=format or "", by=None, at=how.at, what=ImportRun.What.COMMENTS)


@contextmanager
def _rehearsal() -> Iterator[None]:
    """All is done as it would be, and taken back: the report is exact. On SQLite, who writes meanwhile waits."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def _choices(options: dict[str, Any]) -> Choices:
    try:
        addresses = address_map(options["url_map"], table=options["url_table"])
    except BadMap as reason:
        raise CommandError(str(reason)) from reason
    leave_out = frozenset(SourceStatus(word.upper()) for word in options["leave_out"])
    return Choices(addresses, leave_out, makes_articles=not options["no_new_articles"])


def _places(paths: list[str], tally: Tally) -> list[str]:
    found: list[str] = []
    for path in paths:
        below = list(walk([path], suffixes=SUFFIXES))
        if not below:
            tally.refuse(path, _("There are no comments in this folder."))
        found += below
    return found
