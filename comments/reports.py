"""Readers' complaints: file one, resolve those of a comment."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comments.decisions import NotAStep, Outcome, Refused, Stale, decide, decide_each
from comments.limits import keyed_hash, refuse_if_over, spend
from comments.models import Action, Comment, Decision, Reason, Report, Trace
from comments.models.report import URGENT
from comments.plain_text import clean_email, clean_text
from newsroom.address import network_of
from newsroom.models import User


class NotVisible(Exception):
    """Only a visible comment can be reported; a hidden one answers like one that does not exist."""


class NothingReported(Stale):
    """The comment has no open report (any more): a colleague settled them meanwhile."""


def file_report(
    comment: Comment, *, reason: str, detail: str, email: str, address: str, port: int | None, at: datetime
) -> Report:
    """File a complaint. The same reporter's second one about the same comment gives the first back.

    Raises NotVisible, limits.TooMany.
    """
    email = clean_email(email)
    reporter = keyed_hash("reporter", email or f"{network_of(address)} {at.astimezone(UTC):%Y-%m-%d}")
    limit = settings.COMMENTS["LIMIT_REPORT_PER_ADDRESS"]
    if first := Report.objects.filter(comment=comment, reporter=reporter).first():
        return first
    refuse_if_over("report", network_of(address), limit=limit, at=at)
    try:
        with transaction.atomic():
            spend("report", network_of(address), limit=limit, at=at)
            # Locked: a rejection under way settles this report, or this report finds nothing to complain about.
            visible = Comment.objects.visible().select_for_update().filter(pk=comment.pk).first()
            if visible is None:
                raise NotVisible
            report = Report.objects.create(
                comment=visible,
                reason=Reason(reason),
                is_urgent=reason in URGENT,
                detail=clean_text(detail),
                email=email,
                reporter=reporter,
                revision=visible.revision,
                text=visible.text,
                filed_at=at,
            )
            Trace.objects.create(report=report, address=address, port=port, at=at)
            return report
    except IntegrityError:
        return Report.objects.get(comment=comment, reporter=reporter)


def resolve(
    comment: Comment,
    *,
    action: Action | str,
    version: int,
    by: User,
    at: datetime,
    ground: str = "",
    note: str = "",
    key: str | None = None,
) -> Decision:
    """Settle all open reports of a comment: APPROVE keeps it and dismisses them, REJECT upholds them.

    Raises NothingReported and whatever `decide` raises.
    """
    retried = key and Decision.objects.filter(moderator=by, idempotency_key=key).exists()
    if not retried and not comment.reports.open().exists():
        raise NothingReported(Comment.objects.get(pk=comment.pk))
    _refuse_other_acts(action)
    if not retried and action == Action.APPROVE and not Comment.objects.visible().filter(pk=comment.pk).exists():
        raise _hidden()
    return decide(comment, action=action, version=version, by=by, at=at, ground=ground, note=note, key=key)


def resolve_each(
    read: Iterable[tuple[Comment, int]],
    *,
    action: Action | str,
    by: User,
    at: datetime,
    ground: str = "",
    note: str = "",
) -> list[Outcome]:
    """The same for several, each on the version that was read; those that cannot be settled say why."""
    _refuse_other_acts(action)

    def unfit(comments: list[Comment]) -> dict[int, Exception]:
        reported = set(Report.objects.open().filter(comment__in=comments).values_list("comment", flat=True))
        hidden = [comment for comment in comments if action == Action.APPROVE and not comment.is_visible]
        settled = [comment for comment in comments if comment.pk not in reported]
        return {comment.pk: _hidden() for comment in hidden} | {
            comment.pk: NothingReported(comment) for comment in settled
        }

    return decide_each(read, action=action, by=by, at=at, ground=ground, note=note, unfit=unfit)


def _refuse_other_acts(action: Action | str) -> None:
    if action not in (Action.APPROVE, Action.REJECT):
        raise Refused(_("A report is settled by keeping the comment or by rejecting it."))


def _hidden() -> NotAStep:
    """Keeping keeps a comment visible; it never publishes one."""
    return NotAStep(_("This comment is no longer visible: decide on it from its own queue."))
