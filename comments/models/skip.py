from __future__ import annotations

from django.conf import settings
from django.db import models


class Skip(models.Model):
    """A comment that a moderator does not want to meet for an hour. Others still do."""

    comment = models.ForeignKey("comments.Comment", models.PROTECT, related_name="skips")
    moderator = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    until = models.DateTimeField()

    objects = models.Manager["Skip"]()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["moderator", "comment"], name="skip_once")]
