"""What a thread is read from: rows of what its page shows, and no more, by queries that are composed once.

A page reads a hundred comments and shows of each a name, a text and a time. To make models of them took a quarter of
its time. Readers meet `Comment.objects.visible()` alone, and of what is gone its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from comments.keyset import beyond
from comments.models import Comment, Discussion, Status
from comments.models.comment import CommentQuerySet, name_as_shown
from comments.rows import as_one, keys_among
from newsroom.composed import KEY, MOMENT, WORD, Composed

ANSWERS_SHOWN = 3
# Of branches, as columns; "newest" and "answers" the other way round.
ORDERS = {
    "newest": ["-submitted_at", "-public_id"],
    "oldest": ["submitted_at", "public_id"],
    "answers": ["-visible_answers", "-submitted_at", "-public_id"],
}
IN_A_BRANCH = ["key", "submitted_at", "depth", "public_id"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Top(NamedTuple):
    """The beginning of a branch, with the keys of its first answers. One that is gone is told by `is_visible` alone."""

    pk: int
    public_id: int
    author_name: str
    text: str
    submitted_at: datetime
    status: str
    visible_answers: int
    answer_0: int | None
    answer_1: int | None
    answer_2: int | None

    @property
    def shown_name(self) -> str:
        return name_as_shown(self.author_name)

    @property
    def is_visible(self) -> bool:
        return self.status == Status.APPROVED


class Below(NamedTuple):
    """A visible answer, with what its place must know of the comments above it."""

    pk: int
    public_id: int
    author_name: str
    text: str
    submitted_at: datetime
    root_id: int
    limb_id: int | None
    parent_id: int
    depth: int
    limb_status: str | None
    parent_status: str
    parent_name: str

    @property
    def shown_name(self) -> str:
        return name_as_shown(self.author_name)


# A place in an order of branches, in values that are public anyway: answers, microseconds, public number.
Position = tuple[int, ...]


def visible_here(discussion: Discussion, public_id: int | None) -> Comment | None:
    """The visible comment of this thread that has this number, with the top of its branch."""
    if public_id is None:
        return None
    here = Comment.objects.visible().filter(discussion=discussion, public_id=public_id)
    return here.select_related("root").first()


def position(top: Comment | Top, sort: str) -> Position:
    place = ((top.submitted_at - _EPOCH) // timedelta(microseconds=1), top.public_id)
    return (top.visible_answers, *place) if sort == "answers" else place


def tops(discussion: Discussion, sort: str, start: Position | None, *, inclusive: bool, how_many: int) -> list[Top]:
    """Branches in an order, those after a position, or the first. One query."""
    begin = [] if start is None else [*start[:-2], _EPOCH + timedelta(microseconds=start[-2]), start[-1]]
    asked = _composed_tops(sort, how_many, begins=start is None, inclusive=inclusive)
    return [Top._make(row) for row in asked.rows([discussion.pk, *begin])]


@lru_cache
def _composed_tops(sort: str, how_many: int, *, begins: bool, inclusive: bool) -> Composed:
    begin = None if begins else [MOMENT if "_at" in name else KEY - n for n, name in enumerate(ORDERS[sort], start=1)]
    rows = branches(Discussion(pk=KEY), sort, begin, inclusive=inclusive)[:how_many]
    return Composed(rows.values_list(*Top._fields), [KEY, *(begin or [])])


def branches(
    discussion: Discussion, sort: str, start: Sequence[object] | None, *, inclusive: bool = False
) -> CommentQuerySet:
    """Branches as their readers meet them, each with the keys of its first answers."""
    rows = Comment.objects.of(discussion).standing_in_the_thread().order_by(*ORDERS[sort])
    if start is not None:
        rows = rows.filter(beyond(ORDERS[sort], start, inclusive=inclusive))
    first = Comment.objects.visible().filter(root=OuterRef("pk")).in_branch_order().values_list("pk", flat=True)
    return rows.annotate(**{f"answer_{n}": Subquery(first[n : n + 1]) for n in range(ANSWERS_SHOWN)})


def answers() -> CommentQuerySet:
    """Visible answers in branch order."""
    return (
        Comment.objects.visible()
        .filter(root__isnull=False)
        .annotate(
            key=Coalesce("limb_id", "id"),
            limb_status=F("limb__status"),
            parent_status=F("parent__status"),
            parent_name=F("parent__author_name"),
        )
        .in_branch_order()
    )


def place_in_branch(answer: Comment | Below) -> list[object]:
    return [answer.limb_id or answer.pk, answer.submitted_at, answer.depth, answer.public_id]


def answers_by_key(keys: Iterable[int]) -> list[Below]:
    """One query."""
    return [Below._make(row) for row in _composed_by_key().rows([as_one(keys)])]


@lru_cache
def _composed_by_key() -> Composed:
    return Composed(answers().filter(keys_among(Comment, "id", WORD)).values_list(*Below._fields), [WORD])


def answers_after(answer: Comment | Below, *, how_many: int) -> list[Below]:
    """Of the same branch, after this one. One query."""
    return [Below._make(row) for row in _composed_after(how_many).rows([answer.root_id, *place_in_branch(answer)])]


@lru_cache
def _composed_after(how_many: int) -> Composed:
    place = [KEY - 1, MOMENT, KEY - 2, KEY - 3]
    rows = answers().filter(beyond(IN_A_BRANCH, place), root=KEY)[:how_many]
    return Composed(rows.values_list(*Below._fields), [KEY, *place])


def answers_around(wanted: Comment, keys: Iterable[int], *, before: int, after: int) -> list[Below]:
    """Those with these keys, the last of the branch up to the wanted one, and the first after it. One query."""
    near = (_near(wanted, before, backwards=True), _near(wanted, after, backwards=False))
    # One list of keys: of several by OR, PostgreSQL would ask each answer there is whether it is on any of them.
    first, *others = (Comment.objects.visible().filter(pk__in=some).values("pk") for some in (list(keys), *near))
    found = answers().filter(pk__in=first.union(*others, all=True))
    return [Below._make(row) for row in found.values_list(*Below._fields)]


def _near(wanted: Comment, how_many: int, *, backwards: bool) -> QuerySet[Any, Any]:
    order = [f"-{name}" for name in IN_A_BRANCH] if backwards else IN_A_BRANCH
    rows = Comment.objects.visible().filter(root=wanted.root_id).annotate(key=Coalesce("limb_id", "id"))
    near = rows.filter(beyond(order, place_in_branch(wanted), inclusive=backwards)).order_by(*order)
    return near.values("pk")[:how_many]
