"""Several comments decided in one act, and taken back in one. Each keeps its own decision row.

The whole is one transaction: it lasts a fraction of a second, and the counters of the discussions are locked at its end
(comments.decisions).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comments.decisions import NotAStep, NotYours, Outcome, Refused, decide_each, refuse_incomplete, undo_each
from comments.models import Action, Bulk, Comment, Decision, Status
from newsroom import roles
from newsroom.models import User

MOST = 1000
# Of these statuses, an answer can be rejected.
_NOT_YET_REJECTED = (Status.PENDING, Status.FLAGGED, Status.APPROVED)


class TooManyAtOnce(Refused):
    """More comments than one act may decide."""


def decide_bulk(
    read: Sequence[tuple[Comment, int]],
    *,
    action: Action | str,
    by: User,
    at: datetime,
    ground: str = "",
    note: str = "",
    bulk_id: UUID | None = None,
) -> tuple[Bulk, list[Outcome]]:
    """Decide on up to 1,000 comments, each on the version that was read; what changed meanwhile is left out, with why.

    `bulk_id` comes from the page that asked: the same one again decides nothing twice and tells what was decided.
    Raises TooManyAtOnce, Incomplete, NotAStep, PermissionDenied before anything is written.
    """
    if not by.has_perm(roles.DECIDE):
        raise PermissionDenied
    if action not in (Action.APPROVE, Action.REJECT, Action.FLAG):
        raise NotAStep(_("This is not a decision."))
    if len(read) > MOST:
        raise TooManyAtOnce(_("At most %(most)s comments are decided at once.") % {"most": MOST})
    refuse_incomplete(Action(action), ground=ground, note=note.strip())
    with transaction.atomic():
        bulk, is_new = Bulk.objects.get_or_create(pk=bulk_id or uuid4(), defaults={"made_by": by, "made_at": at})
        if bulk.made_by_id != by.pk:
            raise PermissionDenied
        done = [] if is_new else _already(bulk)
        decided = {outcome.comment.pk for outcome in done}
        left = sorted((pair for pair in read if pair[0].pk not in decided), key=lambda pair: pair[0].pk)
        return bulk, done + decide_each(left, action=action, by=by, at=at, ground=ground, note=note, bulk=bulk)


def undo_bulk(bulk: Bulk, *, by: User, at: datetime) -> list[Outcome]:
    """Take the whole back, one's own or anybody's for a chief: each comment to the status it had before.

    Those decided again since, or read by a colleague, are left out, with why; asked again, it tries those again.
    """
    if bulk.made_by_id != by.pk and not by.has_perm(roles.OVERRIDE):
        raise NotYours(_("Only who decided, or a chief, can undo this decision."))
    rows = bulk.decisions.filter(undone_by__isnull=True).order_by("comment")
    with transaction.atomic():
        outcomes = undo_each(rows.values_list("comment", "version"), by=by, at=at)
        if any(outcome.decision for outcome in outcomes):
            Bulk.objects.filter(pk=bulk.pk, undone_at__isnull=True).update(undone_at=at)
            bulk.refresh_from_db()
    return outcomes


def answers_to_reject(comment: Comment) -> list[Comment]:
    """All answers below a comment, however deep, that are not rejected or withdrawn yet; in the order of their keys.

    Two queries, however many. A rejected answer may have others below it: those count.
    """
    branch = comment.root_id or comment.pk
    parents = Comment.objects.filter(root=branch).order_by("pk").values_list("pk", "parent_id")
    below = {comment.pk}
    # An answer has a higher key than what it answers, so one pass in the order of keys meets every parent first.
    for pk, parent in parents:
        if parent in below:
            below.add(pk)
    rows = Comment.objects.filter(root=branch, status__in=_NOT_YET_REJECTED).order_by("pk")
    return [answer for answer in rows if answer.pk in below and answer.pk != comment.pk]


def decisions_of(user: User, *, since: datetime) -> QuerySet[Decision]:
    """What one person has decided since a moment, the newest first, with its comment and what has undone it."""
    rows = Decision.objects.filter(moderator=user, at__gte=since)
    return rows.select_related("comment__discussion__article", "bulk", "undone_by__moderator")


def _already(bulk: Bulk) -> list[Outcome]:
    rows: Iterable[Decision] = bulk.decisions.select_related("comment", "moderator").order_by("comment")
    return [Outcome(decision.comment, decision=decision) for decision in rows]
