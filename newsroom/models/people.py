"""The members of the newsroom."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A member of the newsroom. Readers have no account."""

    language = models.CharField(
        _("language of staff pages"),
        max_length=8,
        blank=True,
        choices=[("fr", "Français"), ("en", "English")],
        help_text=_("Empty: the site's language."),
    )

    class Meta(AbstractUser.Meta):
        verbose_name = _("member of the newsroom")  # type: ignore[assignment]
        verbose_name_plural = _("members of the newsroom")  # type: ignore[assignment]

    @property
    def shown_name(self) -> str:
        """The name colleagues read beside a decision."""
        return self.get_full_name() or self.username
