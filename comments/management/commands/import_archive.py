"""manage.py import_archive FILE: an archive that `export` wrote comes back in."""

from __future__ import annotations

import sys
import zlib
from argparse import ArgumentParser
from collections import Counter
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.archive.files import lines_of
from comments.archive.reading import NotAnArchive, read
from newsroom.importers.importing import begin, end
from newsroom.importers.reach import Reach, opened
from newsroom.importers.showing import Tally, show
from newsroom.models import ImportRun
from newsroom.progress import with_reach

# Of comments.
OUTCOMES = ("NEW", "UNCHANGED")


class Command(BaseCommand):
    help = "Reads an archive that export wrote, packed or not. What is here already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *, file: str, **_options: Any) -> None:
        tally = Tally(OUTCOMES)
        run = begin(source=file, format="archive", by=None, at=timezone.now(), what=ImportRun.What.ARCHIVE)
        try:
            articles = self._read(file, tally)
        except CommandError as refusal:
            tally.refuse(file, str(refusal))
            end(run, tally, at=timezone.now())
            raise
        end(run, tally, at=timezone.now())
        show(tally, stdout=self.stdout)
        self.stdout.write(
            _("articles: %(new)s new, %(known)s unchanged") % {"new": articles[True], "known": articles[False]}
        )
        if tally.refused:
            sys.exit(1)

    def _read(self, file: str, tally: Tally) -> Counter[bool]:
        reach = Reach()
        try:
            with opened(Path(file), reach) as archive:
                lines = with_reach(lines_of(archive), reach=reach, stream=self.stderr)
                return read(lines, place=file, tally=tally, at=timezone.now())
        except NotAnArchive as refusal:
            raise CommandError(f"{file}: {refusal}") from refusal
        except (EOFError, UnicodeDecodeError, zlib.error) as error:
            show(tally, stdout=self.stdout)
            raise CommandError(
                _("%(file)s is damaged. What was read before the damage is in; read a whole copy again.")
                % {"file": file}
            ) from error
        except OSError as error:
            raise CommandError(
                _("%(file)s could not be read: %(why)s.") % {"file": file, "why": error.strerror or error}
            ) from error
