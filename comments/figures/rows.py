"""Which rows a figure counts. Every definition stands here once; docs/reference/figures.md says them in words."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, QuerySet

from comments.figures.period import Period
from comments.models import Action, Comment, Decision, Report, Status
from newsroom.models import Section

# What people decide. An undo takes one of these back: it is counted beside them, not among them.
JUDGEMENTS = (Action.APPROVE, Action.REJECT, Action.FLAG)


def received(period: Period, *, section: Section | None) -> QuerySet[Comment]:
    """Comments written in the period, but those taken over as already published elsewhere: they never waited here."""
    imported = Decision.objects.filter(comment=OuterRef("pk"), policy="import")
    rows = Comment.objects.filter(submitted_at__gte=period.start, submitted_at__lt=period.end)
    rows = rows.filter(~Exists(imported)).order_by()
    return rows.filter(discussion__article__section=section) if section else rows


def judgements(period: Period, *, section: Section | None) -> QuerySet[Decision]:
    """Decisions taken by people in the period: approvals, rejections, second looks; later undone or not."""
    rows = Decision.objects.filter(
        moderator__isnull=False, action__in=JUDGEMENTS, at__gte=period.start, at__lt=period.end
    ).order_by()
    return rows.filter(comment__discussion__article__section=section) if section else rows


def first_judgements(period: Period, *, section: Section | None) -> QuerySet[Decision]:
    """Of these, the first that people took on a comment that waited: one a comment, the end of its wait."""
    earlier = Decision.objects.filter(
        comment=OuterRef("comment"), version__lt=OuterRef("version"), moderator__isnull=False
    )
    return judgements(period, section=section).filter(~Exists(earlier), from_status=Status.PENDING)


def filed(period: Period, *, section: Section | None) -> QuerySet[Report]:
    """Reports that readers sent in the period."""
    rows = Report.objects.filter(filed_at__gte=period.start, filed_at__lt=period.end).order_by()
    return rows.filter(comment__discussion__article__section=section) if section else rows


def settled(period: Period, *, section: Section | None) -> QuerySet[Report]:
    """Reports that people settled in the period, and that nobody has reopened since."""
    rows = Report.objects.filter(
        settled_by__moderator__isnull=False, settled_by__at__gte=period.start, settled_by__at__lt=period.end
    ).order_by()
    return rows.filter(comment__discussion__article__section=section) if section else rows
