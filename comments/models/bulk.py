from __future__ import annotations

import uuid

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Bulk(models.Model):
    """Several comments decided in one act. Each has its own decision row, which names this one.

    The page that asks makes the id: a form sent twice is one bulk.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="bulks")
    made_at = models.DateTimeField()
    undone_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("bulk")
        verbose_name_plural = _("bulks")
        ordering = ["-made_at"]
