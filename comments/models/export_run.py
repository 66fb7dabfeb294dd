from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class ExportRun(models.Model):
    """A file of everything, asked for by a person and made in the background: who, when, what became of it.

    The file lies in EXPORTS_ROOT under `name` until it is `gone_at`; the row stays.
    """

    class Format(models.TextChoices):
        ARCHIVE = "archive", _("Archive (everything; comes back in)")
        CSV = "csv", _("Spreadsheet (comments)")
        WXR = "wxr", _("WordPress (articles and comments)")

    class State(models.TextChoices):
        WAITING = "WAITING", _("Waiting")
        RUNNING = "RUNNING", _("Being written")
        READY = "READY", _("Ready")
        FAILED = "FAILED", _("Failed")

    format = models.CharField(_("format"), max_length=8, choices=Format.choices, default=Format.ARCHIVE)
    with_emails = models.BooleanField(
        _("with readers’ e-mails"), default=False, help_text=_("And the measures and notes on readers.")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked for by")
    )
    asked_at = models.DateTimeField(_("asked for"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    name = models.CharField(max_length=100, blank=True)
    size = models.PositiveBigIntegerField(_("size"), null=True, blank=True)
    failure = models.TextField(_("why it failed"), blank=True)
    gone_at = models.DateTimeField(_("file deleted"), null=True, blank=True)

    class Meta:
        verbose_name = _("export")
        verbose_name_plural = _("exports")
        ordering = ["-asked_at", "-pk"]

    def __str__(self) -> str:
        return self.name or str(self.get_format_display())

    @property
    def is_there(self) -> bool:
        return self.state == self.State.READY and self.gone_at is None
