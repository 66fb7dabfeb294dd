"""Put a backup back (docs/howto/backup.md). The web processes should be stopped meanwhile."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from comments.integrity import renew_every_page
from newsroom.backups import RefusedBackup, put_back
from newsroom.pages.memory import empty_caches


class Command(BaseCommand):
    help = "Makes the database and the pictures what they were in a backup; all of the database, or nothing of it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("path", type=Path, help="the folder that `backup` made")
        parser.add_argument("--replace", action="store_true", help="lose what is in the database now")

    def handle(self, *, path: Path, replace: bool, **_options: Any) -> None:
        try:
            told = put_back(path, replace=replace)
        except RefusedBackup as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"The database is as it was at {told.made_at}, release {told.release}.")
        # An older release's tables are not yet those that the checks below read.
        call_command("migrate", verbosity=0)
        renew_every_page(at=timezone.now())
        for warning in empty_caches():
            self.stderr.write(warning)
        call_command("check_integrity", stdout=self.stdout, stderr=self.stderr)
        self.stdout.write(
            "Start the web processes with another RELEASE than before: copies of pages from before are then nobody's."
        )
