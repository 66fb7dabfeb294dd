from __future__ import annotations

from django.db import models
from django.db.models import Q


class Trace(models.Model):
    """Where a post came from: address and port, kept apart and purged after a year
    (Décret 2021-1362: technical source data, one year from creation)."""

    comment = models.ForeignKey("comments.Comment", models.PROTECT, null=True, blank=True, related_name="traces")
    report = models.ForeignKey("comments.Report", models.PROTECT, null=True, blank=True, related_name="traces")
    address = models.GenericIPAddressField()
    port = models.PositiveIntegerField(null=True, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="trace_of_one_thing", condition=Q(comment__isnull=True) ^ Q(report__isnull=True)
            )
        ]
