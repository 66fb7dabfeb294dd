from __future__ import annotations

from django.db import models


class LimitCount(models.Model):
    """How often one key (a keyed hash) did one thing in one window of time."""

    key = models.CharField(max_length=64)
    window = models.PositiveBigIntegerField(help_text="the window's number: seconds since 1970 // its length")
    count = models.PositiveIntegerField(default=0)
    ends_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "window"], name="limit_once")]
