from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.decision import Ground


class WordList(models.Model):
    """Words and patterns that screening looks for, under one ground."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    ground = models.CharField(_("possible ground"), max_length=16, choices=Ground.choices, default=Ground.ABUSE)
    words = models.TextField(
        _("words"),
        blank=True,
        help_text=_("One word or expression a line. Found as whole words, whatever the accents, case and disguises."),
    )
    patterns = models.TextField(
        _("patterns"), blank=True, help_text=_("One RE2 expression a line, tried on the text as written.")
    )
    is_active = models.BooleanField(_("in force"), default=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("word list")
        verbose_name_plural = _("word lists")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name
