from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Mode(models.TextChoices):
    PRE = "PRE", _("All wait for validation")


class Discussion(models.Model):
    """The comment space of one article. Made on first write; a missing row reads as PRE, open, 0.

    `visible_count` and `version` move only in `comments.decisions`, and only when the public thread changes.
    `version` is part of the thread's ETag.
    """

    article = models.OneToOneField(
        "newsroom.Article", models.PROTECT, related_name="discussion", verbose_name=_("article")
    )
    mode = models.CharField(_("mode"), max_length=8, choices=Mode.choices, default=Mode.PRE)
    closed_at = models.DateTimeField(_("closed since"), null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("closed by")
    )
    closed_reason = models.CharField(_("reason for closing"), max_length=300, blank=True)
    instructions = models.TextField(
        _("moderation instructions"),
        blank=True,
        max_length=2000,
        help_text=_("Shown on the desk beside each comment of this article."),
    )
    visible_count = models.PositiveIntegerField(_("visible comments"), default=0, editable=False)
    version = models.PositiveBigIntegerField(_("version"), default=0, editable=False)

    class Meta:
        verbose_name = _("discussion")
        verbose_name_plural = _("discussions")
        permissions = [
            ("view_every_state", "Can see threads in every state"),
            ("open_or_close_discussion", "Can open and close discussions"),
            ("write_instructions", "Can write moderation instructions"),
        ]

    def __str__(self) -> str:
        return str(self.article)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None
