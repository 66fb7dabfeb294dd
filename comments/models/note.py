from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models.constraints import length_between

NOTE_MAX = 1000


class NoteQuerySet(models.QuerySet["Note"]):
    def pinned(self, *, at: datetime) -> Self:
        """Notes that still hang: not over, not taken down."""
        return self.filter(Q(until__isnull=True) | Q(until__gt=at), taken_down_at__isnull=True)

    def on_the_desk(self) -> Self:
        return self.filter(article__isnull=True, reader__isnull=True)


class Note(models.Model):
    """What a moderator tells colleagues: pinned to the desk, to an article or to a reader, until a date."""

    text = models.TextField(_("note"), max_length=NOTE_MAX)
    article = models.ForeignKey("newsroom.Article", models.PROTECT, null=True, blank=True, related_name="+")
    reader = models.ForeignKey("comments.Reader", models.PROTECT, null=True, blank=True, related_name="notes")
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"))
    until = models.DateTimeField(_("until"), null=True, blank=True)
    taken_down_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    taken_down_at = models.DateTimeField(null=True, blank=True)

    objects = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                name="note_on_one_thing", condition=Q(article__isnull=True) | Q(reader__isnull=True)
            ),
            models.CheckConstraint(
                name="note_taken_down_by_somebody",
                condition=Q(taken_down_at__isnull=True, taken_down_by__isnull=True)
                | Q(taken_down_at__isnull=False, taken_down_by__isnull=False),
            ),
            length_between("text", 1, NOTE_MAX, name="note_text_length"),
        ]
        indexes = [
            models.Index(fields=["reader", "article"], name="note_pinned", condition=Q(taken_down_at__isnull=True))
        ]
