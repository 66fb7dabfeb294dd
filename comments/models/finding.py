from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models.decision import Ground

RULES = {
    "too_short": _("Very short"),
    "too_long": _("Very long"),
    "links": _("Links"),
    "shouting": _("Capital letters"),
    "repeat_post": _("Repeated text"),
    "banned_words": _("Watched word"),
    "banned_patterns": _("Watched pattern"),
    "staff_name": _("Name of the newsroom"),
    "honeypot": _("Trap field filled in"),
    "form_time": _("Time to fill in the form"),
    "held_reader": _("Reader held by the newsroom"),
}


class Finding(models.Model):
    """What a screening rule saw in a comment's text or name: rule, ground, where.

    `start` and `end` count characters in that revision's `field`; both empty where the finding has no place.
    """

    class Field(models.TextChoices):
        TEXT = "text", _("text")
        NAME = "name", _("name")
        FORM = "form", _("form")

    comment = models.ForeignKey("comments.Comment", models.PROTECT, related_name="findings")
    revision = models.PositiveIntegerField(default=1)
    rule = models.CharField(_("rule"), max_length=32)
    ground = models.CharField(_("possible ground"), max_length=16, choices=Ground.choices, blank=True)
    field = models.CharField(_("where"), max_length=4, choices=Field.choices, default=Field.TEXT)
    start = models.PositiveIntegerField(null=True, blank=True)
    end = models.PositiveIntegerField(null=True, blank=True)
    detail = models.CharField(_("what was seen"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        ordering = ["pk"]
        constraints = [
            models.CheckConstraint(
                name="finding_span_whole",
                condition=Q(start__isnull=True, end__isnull=True) | Q(start__lt=models.F("end")),
            )
        ]
        indexes = [
            models.Index(fields=["rule", "comment"], name="finding_rule"),
            # Chiefs are told of threats on every page of the desk.
            models.Index(fields=["-comment"], name="finding_threat", condition=Q(ground="THREAT")),
        ]

    @property
    def rule_label(self) -> str:
        return str(RULES.get(self.rule, self.rule))
