"""Forget what the law and the limits no longer need. For a daily timer (docs/howto/deploy.md)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from comments.archive import runs
from comments.claims import forget_past_claims, forget_past_skips
from comments.limits import forget_past_windows
from comments.models import Trace
from newsroom.patience import unhurried


class Command(BaseCommand):
    help = "Deletes addresses older than TRACES_KEPT_DAYS (a year), limits, skips and leases that ran out, old exports."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        kept = timedelta(days=settings.COMMENTS["TRACES_KEPT_DAYS"])
        with unhurried():
            traces, _by_model = Trace.objects.filter(at__lt=now - kept).delete()
        self.stdout.write(f"traces forgotten: {traces}")
        self._forget("past limits forgotten", forget_past_windows, at=now)
        self._forget("past skips forgotten", forget_past_skips, at=now)
        self._forget("past claims forgotten", forget_past_claims, at=now)
        self.stdout.write(f"exports deleted: {runs.forget_old(at=now)}")

    def _forget(self, what: str, forget: Callable[..., int], *, at: datetime) -> None:
        """Each by itself, so that nobody waits for the rows of all."""
        with unhurried():
            count = forget(at=at)
        self.stdout.write(f"{what}: {count}")
