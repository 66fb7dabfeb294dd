from __future__ import annotations

from datetime import datetime
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models.constraints import length_between

REASON_MAX = 300


class StandingQuerySet(models.QuerySet["Standing"]):
    def in_force(self, *, at: datetime) -> Self:
        """Measures that hold now: not run out, not lifted."""
        return self.exclude(kind=Standing.Kind.LIFT).filter(
            Q(until__isnull=True) | Q(until__gt=at), lifted_by__isnull=True
        )


class Standing(models.Model):
    """A measure on a reader: what, until when, by whom and why. A row only ever added; lifting one is a row too.

    `until` is empty for good. A measure runs out by itself.
    """

    class Kind(models.TextChoices):
        WATCH = "WATCH", _("Watched")
        HOLD = "HOLD", _("Held")
        MUTE = "MUTE", _("Muted")
        LIFT = "LIFT", _("Lifted")

    reader = models.ForeignKey("comments.Reader", models.PROTECT, related_name="standings", db_index=False)
    kind = models.CharField(_("measure"), max_length=8, choices=Kind.choices)
    reason = models.CharField(_("reason"), max_length=REASON_MAX)
    until = models.DateTimeField(_("until"), null=True, blank=True)
    set_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    set_at = models.DateTimeField(_("set"))
    lifts = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="lifted_by")

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = _("measure on a reader")
        verbose_name_plural = _("measures on readers")
        ordering = ["-set_at", "-pk"]
        permissions = [("set_long_standing", "Can mute readers for long or for good")]
        constraints = [
            models.CheckConstraint(name="standing_kind_known", condition=Q(kind__in=["WATCH", "HOLD", "MUTE", "LIFT"])),
            models.CheckConstraint(
                name="a_lift_names_what_it_lifts",
                condition=Q(kind="LIFT", lifts__isnull=False) | (~Q(kind="LIFT") & Q(lifts__isnull=True)),
            ),
            length_between("reason", 1, REASON_MAX, name="a_measure_has_a_reason"),
        ]
        indexes = [
            models.Index(fields=["reader", "-set_at"], name="standing_reader"),
            # For SQLite, where few measures were lifted: see decision_undone.
            models.Index(fields=["lifts"], name="standing_lifted", condition=Q(lifts__isnull=False)),
        ]

    @property
    def is_for_good(self) -> bool:
        return self.until is None and self.kind != self.Kind.LIFT
