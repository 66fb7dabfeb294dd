"""manage.py export FILE: everything out, as an archive, for a spreadsheet or for WordPress."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.archive import writing
from comments.archive.files import FORMATS, steps, write
from comments.archive.moment import one_moment
from newsroom.progress import with_rate


class Command(BaseCommand):
    help = "Writes articles, discussions, comments, decisions and reports into a file; - is the standard output."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", metavar="FILE", help="a new file, packed where it ends in .gz; - for the output")
        parser.add_argument("--format", choices=sorted(FORMATS), default="archive", help="archive (the default)")
        parser.add_argument(
            "--with-emails", action="store_true", help="with readers' e-mails, their measures and the notes on them"
        )
        parser.add_argument("--replace", action="store_true", help="over a file that is there")

    def handle(self, *, file: str, format: str, with_emails: bool, replace: bool, **_options: Any) -> None:
        with one_moment():
            comments = writing.size()
            pieces = FORMATS[format](with_emails=with_emails)
            if file == "-":
                for piece in pieces:
                    sys.stdout.write(piece)
                return
            total = steps(format, comments=comments, with_emails=with_emails)
            self._write(with_rate(pieces, total=total, stream=self.stderr), Path(file), replace=replace)
        self.stdout.write(
            ngettext("%(count)s comment written to %(file)s.", "%(count)s comments written to %(file)s.", comments)
            % {"count": comments, "file": file}
        )

    def _write(self, pieces: Iterator[str], path: Path, *, replace: bool) -> None:
        if path.exists() and not replace:
            raise CommandError(_("%(file)s is there already. Name another file, or add --replace.") % {"file": path})
        try:
            write(pieces, path)
        except OSError as error:
            raise CommandError(
                _("%(file)s could not be written: %(why)s.") % {"file": path, "why": error.strerror or error}
            ) from error
