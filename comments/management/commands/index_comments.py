"""manage.py index_comments: builds anew what searching and finding the same text read, in batches."""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import transaction
from rich.console import Console
from rich.progress import Progress

from comments.alike import record_each
from comments.models import Comment
from comments.search import forget_all, index_each

BATCH = 5000


class Command(BaseCommand):
    help = "Builds the search rows and imprints of all comments anew. Until then a search finds what is done so far."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--batch", type=int, default=BATCH, help=f"comments a transaction ({BATCH})")

    def handle(self, *, batch: int, verbosity: int, **_options: Any) -> None:
        forget_all()
        last, done = 0, 0
        newest = Comment.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        with Progress(console=Console(file=self.stdout), disable=verbosity == 0) as progress:  # type: ignore[arg-type]
            task = progress.add_task("comments", total=newest)
            while rows := list(Comment.objects.filter(pk__gt=last, pk__lte=newest).order_by("pk")[:batch]):
                with transaction.atomic():
                    index_each(rows)
                    record_each(rows)
                last, done = rows[-1].pk, done + len(rows)
                progress.update(task, completed=last)
        if verbosity:
            self.stdout.write(f"comments indexed: {done}")
