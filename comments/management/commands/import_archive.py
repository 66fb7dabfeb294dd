"""manage.py import_archive FILE: an archive that `export` wrote comes back in."""

from __future__ import annotations

import sys
import zlib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from comments.archive.files import lines_of
from comments.archive.reading import NotAnArchive, read
from newsroom.importers.showing import Tally, show
from newsroom.progress import with_rate


class Command(BaseCommand):
    help = "Reads an archive that export wrote, packed or not. What is here already stays as it is."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE")

    def handle(self, *, file: str, **_options: Any) -> None:
        tally, path = Tally(("NEW", "UNCHANGED")), Path(file)
        try:
            with path.open("rb") as opened:
                lines = with_rate(lines_of(opened), total=None, stream=self.stderr)
                read(lines, place=file, tally=tally, at=timezone.now())
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
        show(tally, stdout=self.stdout)
        if tally.refused:
            sys.exit(1)
