from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, models
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext_lazy as _


class DeskSettings(models.Model):
    """How one moderator likes the desk. A missing row reads as the defaults."""

    class Layout(models.TextChoices):
        FOCUS = "FOCUS", _("One by one")
        LIST = "LIST", _("List")

    class Keymap(models.TextChoices):
        NEWSROOM = "NEWSROOM", _("Newsroom")
        WORDPRESS = "WORDPRESS", "WordPress"
        CORAL = "CORAL", "Coral"

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.PROTECT, related_name="desk_settings")
    layout = models.CharField(_("layout"), max_length=8, choices=Layout.choices, default=Layout.FOCUS)
    keymap = models.CharField(_("keys"), max_length=12, choices=Keymap.choices, default=Keymap.NEWSROOM)
    # WCAG 2.1.4: single-letter keys can be turned off.
    single_keys = models.BooleanField(_("single-letter keys"), default=True)
    mask_strong_words = models.BooleanField(_("mask strong words until asked for"), default=False)

    class Meta:
        verbose_name = _("desk settings")
        verbose_name_plural = _("desk settings")
        constraints = [
            models.CheckConstraint(name="desk_layout_known", condition=models.Q(layout__in=["FOCUS", "LIST"])),
            models.CheckConstraint(
                name="desk_keymap_known", condition=models.Q(keymap__in=["NEWSROOM", "WORDPRESS", "CORAL"])
            ),
        ]


def told_with_a_person() -> Subquery:
    """The row as JSON, or nothing, of whoever signs in (`newsroom.backends.register`)."""
    row = JSONObject(**{name: name for name in _columns()})
    return Subquery(DeskSettings.objects.filter(user=OuterRef("pk")).values(row=row))


def settings_told(row: dict[str, Any] | None) -> DeskSettings | None:
    """The row that was told."""
    return DeskSettings.from_db(DEFAULT_DB_ALIAS, _columns(), [row[name] for name in _columns()]) if row else None


def _columns() -> list[str]:
    return [field.attname for field in DeskSettings._meta.concrete_fields]
