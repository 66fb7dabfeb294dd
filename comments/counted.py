"""How many there are, counted so far and no further: beyond SIZE_CAP a person reads "1,000+", and it costs the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, NamedTuple

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, Value

from comments.models import Comment, Discussion, Status
from newsroom import prepared
from newsroom.composed import KEY, Composed, Question

SIZE_CAP = 1000
# The order of tabs and counts.
STATUSES = (Status.APPROVED, Status.PENDING, Status.FLAGGED, Status.REJECTED, Status.WITHDRAWN)
# What is visible has a counter.
_COUNTED = STATUSES[1:]


class Counted(NamedTuple):
    """How many; `is_more`: and more."""

    number: int
    is_more: bool = False

    @classmethod
    def up_to_cap(cls, size: int) -> Counted:
        """Of a size as `sizes_of` tells it."""
        return cls(min(size, SIZE_CAP), size > SIZE_CAP)


NOTHING = Counted(0)


def sizes_of(questions: Iterable[QuerySet[Comment] | Question]) -> list[int]:
    """How many rows each question has, up to SIZE_CAP + 1. One statement: a page of the desk asks a dozen."""
    questions = list(questions)
    if not questions:
        return []
    asked = [one if isinstance(one, tuple) else _question(one) for one in questions]
    counts = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS counted)" for sql, _ in asked)  # noqa: S608
    composed = all(isinstance(one, tuple) for one in questions)
    with prepared.cursor() if composed else connection.cursor() as cursor:
        cursor.execute(f"SELECT {counts}", [value for _, given in asked for value in given])
        return list(cursor.fetchone())


def _question(rows: QuerySet[Comment]) -> Question:
    try:
        return up_to_cap(rows).query.sql_with_params()
    except EmptyResultSet:
        return "SELECT 1 WHERE FALSE", ()


def up_to_cap(rows: QuerySet[Comment]) -> QuerySet[Any, Any]:
    """As many rows as are counted. None of their columns is asked for: an index alone can answer."""
    return rows.annotate(one=Value(1)).values("one")[: SIZE_CAP + 1]


def in_states(discussions: Sequence[Discussion]) -> dict[int, dict[str, Counted]]:
    """How many comments of each status each discussion has, by its key. One query at most."""
    told = {one.pk: {Status.APPROVED.value: Counted(one.visible_count)} for one in discussions}
    asked = [(key, status) for key in told for status in _COUNTED]
    sizes = sizes_of(_of_status(status.value, connection.vendor, SIZE_CAP).question([key]) for key, status in asked)
    for (key, status), size in zip(asked, sizes, strict=True):
        told[key][status.value] = Counted.up_to_cap(size)
    return told


@cache
def _of_status(status: str, _vendor: str, _cap: int) -> Composed:
    return Composed(up_to_cap(Comment.objects.filter(discussion=KEY, status=status).order_by()), [KEY])


def total(counts: Iterable[Counted]) -> Counted:
    several = list(counts)
    return Counted(sum(one.number for one in several), any(one.is_more for one in several))
