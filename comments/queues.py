"""What awaits whom, in which order. A queue is a question asked of the tables, never a table of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache

from django.db import connection, transaction
from django.db.models import Case, Max, Min, OuterRef, QuerySet, Subquery, Value, When
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

from comments import claims, counted
from comments.around import in_context
from comments.filters import Filters, apply, with_weight
from comments.keyset import beyond, cursor_of, read_cursor
from comments.models import Action, Comment, Decision, Report, Status
from newsroom import roles
from newsroom.composed import KEY, MOMENT, Composed, Question
from newsroom.models import User

PAGE = 20
# How often next_for chooses again where somebody was faster.
LOOKS = 3
ALL = Filters()


@dataclass(frozen=True, slots=True)
class Queue:
    """`order` names the columns of its keyset; a leading minus reads it backwards."""

    code: str
    label: str | Promise
    icon: str
    rows: Callable[[], QuerySet[Comment]]
    order: tuple[str, ...]
    has_reports: bool = False


@dataclass(frozen=True, slots=True)
class QueuePage:
    comments: list[Comment]
    next_cursor: str


def _reported() -> QuerySet[Comment]:
    """Visible comments with open reports. A flagged one waits in the queue of second looks, with its reports."""
    open_reports = (
        Report.objects.open()
        .filter(comment=OuterRef("pk"))
        .order_by()
        .values("comment")
        .annotate(
            urgent=Max(Case(When(is_urgent=True, then=Value(1)), default=Value(0))),
            since=Min("filed_at"),
        )
    )
    return (
        Comment.objects.visible()
        .filter(pk__in=Report.objects.open().values("comment"))
        .annotate(urgent=Subquery(open_reports.values("urgent")), reported_since=Subquery(open_reports.values("since")))
    )


def _awaiting(*, suspect: bool) -> QuerySet[Comment]:
    return Comment.objects.awaiting_validation().filter(is_suspect=suspect)


QUEUES: dict[str, Queue] = {
    queue.code: queue
    for queue in (
        Queue(
            "reported",
            pgettext_lazy("several comments", "Reported"),
            "alert",
            _reported,
            ("-urgent", "reported_since", "pk"),
            has_reports=True,
        ),
        Queue(
            "pending",
            pgettext_lazy("several comments", "Pending"),
            "clock",
            lambda: _awaiting(suspect=False),
            ("submitted_at", "pk"),
        ),
        Queue(
            "suspects",
            pgettext_lazy("several comments", "Suspects"),
            "warn",
            lambda: _awaiting(suspect=True),
            ("submitted_at", "pk"),
        ),
        Queue(
            "flagged",
            pgettext_lazy("several comments", "Second look"),
            "flag",
            lambda: Comment.objects.filter(status=Status.FLAGGED),
            ("decided_at", "pk"),
            has_reports=True,
        ),
        Queue(
            "rejected",
            pgettext_lazy("several comments", "Rejected"),
            "cross",
            lambda: Comment.objects.filter(status=Status.REJECTED),
            ("-decided_at", "-pk"),
        ),
        Queue(
            "approved",
            pgettext_lazy("several comments", "Approved"),
            "check",
            Comment.objects.visible,
            ("-decided_at", "-pk"),
        ),
    )
}


def most_urgent() -> str:
    """The queue the desk opens on: reported, then pending, then what else awaits a decision; else pending."""
    for code in ("reported", "pending", "suspects", "flagged"):
        if QUEUES[code].rows().exists():
            return code
    return "pending"


def size(code: str, *, filters: Filters = ALL, for_moderator: User | None = None, at: datetime | None = None) -> int:
    """How many wait, counted up to SIZE_CAP + 1: beyond it a moderator reads "1,000+"."""
    return counted.sizes_of([question(code, filters=filters, for_moderator=for_moderator, at=at)])[0]


def sizes() -> dict[str, int]:
    """Of every queue, in one statement."""
    return dict(zip(QUEUES, counted.sizes_of(map(question, QUEUES)), strict=True))


def to_count(
    code: str, *, filters: Filters = ALL, for_moderator: User | None = None, at: datetime | None = None
) -> QuerySet[Comment]:
    """The rows of a queue as `sizes_of` counts them: in the order of its index, else SQLite may read the table.

    With filters there may be a better index than the queue's; and what is reported has no index of its own order.
    """
    rows = rows_of(code, filters=filters, for_moderator=for_moderator, at=at)
    return rows if filters.is_empty and code != "reported" else rows.order_by()


def question(
    code: str, *, filters: Filters = ALL, for_moderator: User | None = None, at: datetime | None = None
) -> QuerySet[Comment] | Question:
    """`to_count` as a part of `sizes_of`. Without filters it is composed once: that takes longer than its answer."""
    if not filters.is_empty or (for_moderator and code == "flagged"):
        return to_count(code, filters=filters, for_moderator=for_moderator, at=at)
    composed = _composed(code, connection.vendor, counted.SIZE_CAP, is_left=for_moderator is not None)
    return composed.question([for_moderator.pk, at or timezone.now()] if for_moderator else [])


@cache
def _composed(code: str, _vendor: str, _cap: int, *, is_left: bool) -> Composed:
    """The rows to count: all, or those that are left to a moderator at a moment."""
    rows = to_count(code, for_moderator=User(pk=KEY) if is_left else None, at=MOMENT)
    return Composed(counted.up_to_cap(rows), [KEY, MOMENT] if is_left else [])


def oldest_waiting_since() -> datetime | None:
    """Since when the comment that has waited longest for a first look waits. Two index look-ups."""
    firsts = (_awaiting(suspect=suspect).order_by("submitted_at", "pk") for suspect in (False, True))
    return min(filter(None, (rows.values_list("submitted_at", flat=True).first() for rows in firsts)), default=None)


def first_of(
    code: str,
    *,
    for_moderator: User,
    at: datetime,
    filters: Filters = ALL,
    size: int = PAGE,
    beside: Iterable[int] = (),
) -> list[Comment]:
    """The first of a queue that are left to a moderator, with what a card shows; none of `beside` (public numbers)."""
    rows = rows_of(code, filters=filters, for_moderator=for_moderator, at=at)
    if met := list(beside):
        rows = rows.exclude(public_id__in=met)
    return _in_context(code, list(rows.only("pk")[:size]), _order(QUEUES[code], filters))


def page(
    code: str,
    *,
    after: str = "",
    size: int = PAGE,
    filters: Filters = ALL,
    for_moderator: User | None = None,
    at: datetime | None = None,
) -> QueuePage:
    """One page of a queue, with all that a card shows, in a fixed number of queries. `after` is a cursor.

    `for_moderator`: what a colleague holds and what this person has skipped is left out. `at` is now.
    """
    order = _order(QUEUES[code], filters)
    rows = rows_of(code, filters=filters, for_moderator=for_moderator, at=at)
    if (last := read_cursor(after, order)) is not None:
        rows = rows.filter(beyond(order, last))
    found = list(rows[: size + 1])
    more = len(found) > size
    return QueuePage(_in_context(code, found[:size], order), cursor_of(found[size - 1], order) if more else "")


def rows_of(
    code: str, *, filters: Filters = ALL, for_moderator: User | None = None, at: datetime | None = None
) -> QuerySet[Comment]:
    """A queue's comments that pass the filters, in their order; only those left to a moderator where one is named."""
    queue, at = QUEUES[code], at or timezone.now()
    order = _order(queue, filters)
    rows = apply(_weighed(queue, order), filters, at=at).order_by(*_whole(order))
    if filters.waiting and queue.order[0] == "submitted_at":
        # The same again in the words of the queue's index, which ends there.
        rows = rows.filter(submitted_at__lte=at - timedelta(minutes=filters.waiting))
    if for_moderator is None:
        return rows
    left = claims.left_to(rows, for_moderator, at=at)
    return _without_own_flags(left, for_moderator) if code == "flagged" else left


def _without_own_flags(rows: QuerySet[Comment], moderator: User) -> QuerySet[Comment]:
    """A second look is given by somebody else than who asked for it, or by a chief."""
    if moderator.has_perm(roles.OVERRIDE):
        return rows
    flags = Decision.objects.filter(comment=OuterRef("pk"), action=Action.FLAG).order_by("-version")
    return rows.alias(flagged_by=Subquery(flags.values("moderator")[:1])).exclude(flagged_by=moderator.pk)


def _weighed(queue: Queue, order: tuple[str, ...]) -> QuerySet[Comment]:
    return with_weight(queue.rows()) if "-report_weight" in order else queue.rows()


def _in_context(code: str, chosen: list[Comment], order: tuple[str, ...]) -> list[Comment]:
    """The chosen ones again, with what a card shows, as long as they stand in the queue.

    In two steps: joined to what stands around comments, SQLite would start from the articles and sort the queue.
    """
    rows = _unordered(code, is_weighed="-report_weight" in order)
    found = in_context(rows, [comment.pk for comment in chosen])
    return [found[comment.pk] for comment in chosen if comment.pk in found]


@cache
def _unordered(code: str, *, is_weighed: bool) -> Callable[[], QuerySet[Comment]]:
    rows = QUEUES[code].rows
    return (lambda: with_weight(rows())) if is_weighed else rows


def next_for(
    moderator: User, code: str, *, at: datetime, filters: Filters = ALL, size: int = 1 + claims.AHEAD
) -> list[Comment]:
    """The next comments of a queue, leased to this moderator: the first as in focus, the others for a short while.

    Asking again gives the same ones. No comment goes to two people, however many ask at once: the lease is one
    statement that compares and sets, and what a colleague is just being given is passed over, not waited for.
    """
    with transaction.atomic():
        mine = _lease_next(code, moderator, at, filters, size)
    return _in_context(code, mine, _order(QUEUES[code], filters))


def _lease_next(code: str, moderator: User, at: datetime, filters: Filters, size: int) -> list[Comment]:
    """In the queue's order. Looks again where a colleague's lease appeared between choosing and leasing."""
    mine: list[Comment] = []
    for _look in range(LOOKS):
        rows = rows_of(code, filters=filters, for_moderator=moderator, at=at)
        # Only the keys: a lock on what stands beside a comment would make others wait.
        locked = rows.select_for_update(skip_locked=True, of=("self",), no_key=True)
        chosen = list(locked.only("pk")[:size])
        keys = [comment.pk for comment in chosen]
        leased = claims.lease(keys[1:], by=moderator, until=at + claims.AHEAD_LASTS, at=at)
        leased |= claims.lease(keys[:1], by=moderator, until=at + claims.CLAIM_LASTS, at=at)
        mine = [comment for comment in chosen if comment.pk in leased]
        if len(mine) == len(chosen):
            break
    return mine


def _order(queue: Queue, filters: Filters) -> tuple[str, ...]:
    """The filters' order where this queue has it: by its own clock, so that its index is met, or by its reports."""
    if filters.order == "reported" and queue.has_reports:
        return ("-report_weight", "pk")
    if filters.order in ("oldest", "newest"):
        clock = next(name.lstrip("-") for name in queue.order if name.endswith(("_at", "_since")))
        return (clock, "pk") if filters.order == "oldest" else (f"-{clock}", "-pk")
    return queue.order


def _whole(order: tuple[str, ...]) -> tuple[str, ...]:
    """The order with the last column of the queues' own indexes, which no other index has.

    It orders nothing, as keys are unique. Without it PostgreSQL takes the index of all comments by moment, where most
    wait, and reads what was decided before it comes to what waits.
    """
    if order[0].lstrip("-") != "submitted_at":
        return order
    return (*order, "-discussion_id" if order[0].startswith("-") else "discussion_id")
