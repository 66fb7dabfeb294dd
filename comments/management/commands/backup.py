"""A copy of everything, made while the site runs (docs/howto/backup.md)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from comments.models import Comment, Decision
from newsroom.backups import RefusedBackup, make


class Command(BaseCommand):
    help = "Writes the database and the pictures into a new folder, checked. The site may run meanwhile."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder to make; it must not be there yet")
        parser.add_argument("--no-media", action="store_true", help="leave the pictures out")

    def handle(self, *, path: Path, no_media: bool, **_options: Any) -> None:
        try:
            told = make(path.absolute(), at=timezone.now(), with_media=not no_media)
        except RefusedBackup as refusal:
            raise CommandError(str(refusal)) from refusal
        comments, decisions = (told.rows[model._meta.db_table] for model in (Comment, Decision))
        size = sum(size for size, _digest in told.files.values()) / 1_000_000
        self.stdout.write(
            f"{path}: {comments} comments, {decisions} decisions, {len(told.files) - 1} pictures, {size:.1f} MB, whole."
        )
