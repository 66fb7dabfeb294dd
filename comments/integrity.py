"""What must be true of the whole database: counters equal a recount, chains of decisions replay, answers hang where
they can. Constraints see one row; this sees them all.

faults() tells and changes nothing. mend() sets counters right, and nothing else: what a status or a decision should be
is not arithmetic, and people have to look.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from itertools import chain
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from comments.models import Comment, Decision, Discussion, Recount, Report, Status
from newsroom.patience import unhurried


def faults() -> Iterator[str]:
    """A sentence for each thing that is not as promised. Reads by server-side cursor: memory stays flat. Many rows take
    long: ask within `unhurried`."""
    return chain(_counts(), _branch_counts(), _chains(), _places(), _reports())


def mend(*, at: datetime) -> Iterator[Recount]:
    """Each wrong counter is set to what a recount finds, with a row that says so; the kept pages renew.

    One short transaction a counter, readers and moderators go on: the row is locked, then counted again, so that a
    decision that is being taken is counted once, before or after.
    """
    for pk in _keys(_wrong_branches()):
        yield from _mend_branch(pk, at)
    for pk in _keys(_wrong_discussions()):
        yield from _mend_discussion(pk, at)


def _keys(rows: QuerySet[Any]) -> list[int]:
    with unhurried():
        return list(rows.values_list("pk", flat=True))


def renew_every_page(*, at: datetime) -> None:
    """After a restore a thread would pass through the same versions once more, with other comments in it: each goes on
    from the clock, in microseconds, which no version of before has reached. One that was empty then may have had some
    since."""
    with unhurried():
        Discussion.objects.update(version=int(at.timestamp() * 1_000_000))


@transaction.atomic
def _mend_branch(pk: int, at: datetime) -> list[Recount]:
    top = Comment.objects.select_for_update().get(pk=pk)
    found = Comment.objects.visible().filter(root=pk).count()
    if found == top.visible_answers:
        return []
    Comment.objects.filter(pk=pk).update(visible_answers=found)
    Discussion.objects.filter(pk=top.discussion_id).update(version=F("version") + 1)
    said = {"discussion_id": top.discussion_id, "comment": top, "said": top.visible_answers, "found": found}
    return [Recount.objects.create(**said, at=at)]


@transaction.atomic
def _mend_discussion(pk: int, at: datetime) -> list[Recount]:
    discussion = Discussion.objects.select_for_update().get(pk=pk)
    found = Comment.objects.visible().of(discussion).count()
    if found == discussion.visible_count:
        return []
    Discussion.objects.filter(pk=pk).update(visible_count=found, version=F("version") + 1)
    return [Recount.objects.create(discussion=discussion, said=discussion.visible_count, found=found, at=at)]


def _recount(rows: QuerySet[Comment], key: str) -> Coalesce:
    counted = rows.order_by().values(key).annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0)


def _wrong_discussions() -> QuerySet[Discussion]:
    visible = Comment.objects.visible().filter(discussion=OuterRef("pk"))
    return Discussion.objects.annotate(recount=_recount(visible, "discussion")).exclude(visible_count=F("recount"))


def _wrong_branches() -> QuerySet[Comment]:
    below = Comment.objects.visible().filter(root=OuterRef("pk"))
    return Comment.objects.branches().annotate(recount=_recount(below, "root")).exclude(visible_answers=F("recount"))


def _counts() -> Iterator[str]:
    for row in _wrong_discussions().iterator():
        yield f"discussion {row.pk}: counts {row.visible_count} visible comments, {row.recount} are"  # type: ignore[attr-defined]


def _branch_counts() -> Iterator[str]:
    for row in _wrong_branches().iterator():
        yield f"comment {row.pk}: counts {row.visible_answers} visible answers, {row.recount} are"  # type: ignore[attr-defined]


def _chains() -> Iterator[str]:
    """Each decision starts where the one before ended; the last ends where the comment stands."""
    before: Decision | None = None
    for decision in Decision.objects.order_by("comment", "version").iterator():
        follows = before is not None and before.comment_id == decision.comment_id
        expected = (before.to_status, before.version) if before and follows else (Status.PENDING.value, 1)
        if (decision.from_status, decision.version - 1) != expected:
            yield f"comment {decision.comment_id}: decision {decision.pk} does not follow from the one before"
        before = decision
    newest = Decision.objects.filter(comment=OuterRef("pk")).order_by("-version")
    rows = Comment.objects.annotate(
        told=Coalesce(Subquery(newest.values("to_status")[:1]), Value(Status.PENDING.value)),
        told_version=Coalesce(Subquery(newest.values("version")[:1]), 1),
    ).exclude(status=F("told"), version=F("told_version"))
    for row in rows.iterator():
        yield f"comment {row.pk}: is {row.status} at version {row.version}, its decisions say otherwise"


def _places() -> Iterator[str]:
    """What one row cannot say: an answer hangs in its parent's discussion, branch and depth."""
    answers = Comment.objects.filter(parent__isnull=False)
    wrong = (
        ~Q(discussion=F("parent__discussion"))
        | ~Q(depth=F("parent__depth") + 1)
        | ~Q(root=Coalesce(F("parent__root"), F("parent")))
    )
    for pk in answers.filter(wrong).values_list("pk", flat=True).iterator():
        yield f"comment {pk}: does not hang where its parent does"


def _reports() -> Iterator[str]:
    hidden = Comment.objects.filter(pk=OuterRef("comment"), status__in=[Status.REJECTED, Status.WITHDRAWN])
    for pk in Report.objects.open().filter(Exists(hidden)).values_list("pk", flat=True).iterator():
        yield f"report {pk}: is open on a comment that is settled"
