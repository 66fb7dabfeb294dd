"""Does the database keep its promises? Reads everything; changes nothing unless told to repair."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from comments.integrity import faults, mend
from newsroom.patience import unhurried


class Command(BaseCommand):
    help = "Recounts what is counted and replays every chain of decisions. Exit status 1 if anything differs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--repair",
            action="store_true",
            help="First set wrong counters to what a recount finds, each with a row that says so (Recounts in the"
            " admin). Statuses and decisions are never touched.",
        )

    def handle(self, *, repair: bool, **_options: Any) -> None:
        mended = 0
        for recount in mend(at=timezone.now()) if repair else ():
            self.stdout.write(f"mended {recount}")
            mended += 1
        if repair:
            self.stdout.write(f"counters mended: {mended}")
        found = 0
        with unhurried():
            for fault in faults():
                self.stderr.write(fault)
                found += 1
        if found:
            raise CommandError(f"{found} faults")
        self.stdout.write("Counters, chains of decisions and threads are whole.")
