from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.constraints import length_between

EMAIL_MAX = 254


class Reader(models.Model):
    """A normalised e-mail, unverified: it may cost (history, mute), never earn, before it is confirmed."""

    email = models.CharField(_("e-mail"), max_length=EMAIL_MAX, unique=True)
    first_seen_at = models.DateTimeField(_("first seen"))

    class Meta:
        verbose_name = _("reader")
        verbose_name_plural = _("readers")
        constraints = [length_between("email", 3, EMAIL_MAX, name="reader_email_length")]

    def __str__(self) -> str:
        return self.email
