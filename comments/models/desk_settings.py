from __future__ import annotations

from django.conf import settings
from django.db import models
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
