"""Forget what the law and the limits no longer need. For a daily timer (docs/howto/deploy.md)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils import timezone

from comments.archive import runs
from comments.claims import forget_past_claims, forget_past_skips
from comments.limits import forget_past_windows
from comments.models import Trace


class Command(BaseCommand):
    help = "Deletes addresses older than TRACES_KEPT_DAYS (a year), limits, skips and leases that ran out, old exports."

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        kept = timedelta(days=settings.COMMENTS["TRACES_KEPT_DAYS"])
        traces, _by_model = Trace.objects.filter(at__lt=now - kept).delete()
        self.stdout.write(f"traces forgotten: {traces}")
        self.stdout.write(f"past limits forgotten: {forget_past_windows(at=now)}")
        self.stdout.write(f"past skips forgotten: {forget_past_skips(at=now)}")
        self.stdout.write(f"past claims forgotten: {forget_past_claims(at=now)}")
        self.stdout.write(f"exports deleted: {runs.forget_old(at=now)}")
