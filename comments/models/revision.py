from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Revision(models.Model):
    """A text a comment has had. The comment itself carries the current one under its `revision` number;
    a row is written here when another replaces it, so that what a decision or a report read stays readable."""

    comment = models.ForeignKey("comments.Comment", models.PROTECT, related_name="revisions")
    number = models.PositiveIntegerField(_("number"))
    text = models.TextField(_("text"))
    at = models.DateTimeField(_("replaced at"))

    class Meta:
        verbose_name = _("revision")
        verbose_name_plural = _("revisions")
        constraints = [models.UniqueConstraint(fields=["comment", "number"], name="revision_once")]
