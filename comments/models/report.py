from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from comments.models.constraints import length_between
from comments.models.reader import EMAIL_MAX

DETAIL_MAX = 1000


class Reason(models.TextChoices):
    ABUSE = "ABUSE", _("Abuse or harassment")
    HATE = "HATE", _("Hate or discrimination")
    THREAT = "THREAT", _("Threat")
    PRIVACY = "PRIVACY", _("Private life")
    OFF_TOPIC = "OFF_TOPIC", _("Off topic")
    SPAM = "SPAM", _("Advertising or spam")
    ILLEGAL = "ILLEGAL", _("Illegal content")
    OTHER = "OTHER", _("Another reason")


# First at the desk: somebody may come to harm, or the law sets a clock.
URGENT = (Reason.THREAT, Reason.PRIVACY, Reason.ILLEGAL, Reason.HATE)


class ReportState(models.TextChoices):
    OPEN = "OPEN", _("Open")
    UPHELD = "UPHELD", _("Upheld")
    DISMISSED = "DISMISSED", _("Dismissed")
    MOOT = "MOOT", _("Moot")


class ReportQuerySet(models.QuerySet["Report"]):
    def open(self) -> Self:
        return self.filter(state=ReportState.OPEN)


class Report(models.Model):
    """A reader's complaint about a visible comment, with the text as it was then. One per comment and reporter.

    `reporter` is a keyed hash: of the e-mail where one was given, else of the address and the day.
    """

    comment = models.ForeignKey("comments.Comment", models.PROTECT, related_name="reports", verbose_name=_("comment"))
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    is_urgent = models.BooleanField(_("urgent"), default=False)
    detail = models.TextField(_("detail"), blank=True)
    email = models.CharField(_("reporter's e-mail"), max_length=EMAIL_MAX, blank=True)
    reporter = models.CharField(max_length=64, editable=False)
    revision = models.PositiveIntegerField(_("revision"))
    text = models.TextField(_("text when reported"))
    filed_at = models.DateTimeField(_("filed"))
    state = models.CharField(_("state"), max_length=10, choices=ReportState.choices, default=ReportState.OPEN)
    settled_by = models.ForeignKey(
        "comments.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settled_reports",
        verbose_name=_("settled by"),
    )

    objects = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        ordering = ["-filed_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["comment", "reporter"], name="one_report_a_reporter"),
            models.CheckConstraint(name="report_state_known", condition=Q(state__in=ReportState.values)),
            models.CheckConstraint(name="report_reason_known", condition=Q(reason__in=Reason.values)),
            models.CheckConstraint(
                name="an_open_report_is_not_settled",
                condition=Q(state="OPEN", settled_by__isnull=True) | (~Q(state="OPEN") & Q(settled_by__isnull=False)),
            ),
            length_between("detail", 0, DETAIL_MAX, name="report_detail_length"),
            length_between("email", 0, EMAIL_MAX, name="report_email_length"),
        ]
        indexes = [
            models.Index(fields=["-is_urgent", "filed_at", "comment"], name="report_open", condition=Q(state="OPEN")),
            models.Index(fields=["filed_at"], name="report_filed"),
            # How often a reporter's past reports were upheld: the weight of an open one (comments/queues.py).
            models.Index(fields=["reporter", "state"], name="report_reporter"),
        ]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.comment_id}"

    @property
    def is_open(self) -> bool:
        return self.state == ReportState.OPEN
