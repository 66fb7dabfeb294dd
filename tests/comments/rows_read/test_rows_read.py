"""The work of each hot list at a size and at twenty times it: what a list shows costs, not what lies around it."""

from __future__ import annotations

from collections.abc import Iterable

import pytest
from django.db import connection, transaction

from comments import counted, words_held
from comments.models import Comment
from tests.comments.rows_read.counting import Act, work_of
from tests.comments.rows_read.lists import DESK, READERS
from tests.comments.rows_read.newsroom import Newsroom

# Measured once: by one process.
pytestmark = [pytest.mark.django_db, pytest.mark.xdist_group("rows_read")]
FEW, MANY = 300, 6_000
READERS_RATIO, DESK_RATIO = 1.3, 1.5
# Caps that sizes and searches are bounded by, lowered so that the smaller newsroom reaches them.
SIZE_CAP = MATCHES = 100
UNBOUNDED = "a list without an index"
BOTH = ("postgresql", "sqlite")
OPEN_REPORTS = "what is reported is put in order by its open reports: all of them are read"
# What is not flat, where, and why.
GROWING = {
    "a page of reported, all reports open": (BOTH, OPEN_REPORTS),
    "the next ones of reported, all reports open": (BOTH, OPEN_REPORTS),
    "the sizes of all queues, all reports open": (BOTH, "all open reports are read to count up to the cap"),
}
Work = dict[str, tuple[int, int]]


def _unbounded(_room: Newsroom) -> Act:
    return lambda: list(Comment.objects.order_by("text", "pk").only("pk")[:20])


LISTS = READERS | DESK | {UNBOUNDED: _unbounded}


@pytest.fixture(scope="module")
def work(django_db_setup, django_db_blocker) -> Work:
    """Of each list, in the smaller newsroom and in the larger one."""
    with django_db_blocker.unblock(), pytest.MonkeyPatch.context() as patch:
        patch.setattr(counted, "SIZE_CAP", SIZE_CAP)
        patch.setattr(words_held, "MATCHES", MATCHES)
        with transaction.atomic():
            room = Newsroom()
            few, many = _worked(room, FEW), _worked(room, MANY)
            transaction.set_rollback(True)
        # What it has learned of the tables leaves with it.
        connection.close()
    return {name: (few[name], many[name]) for name in LISTS}


def _worked(room: Newsroom, size: int) -> dict[str, int]:
    room.grow(size)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # By its indexes, as a table of millions: so small a one is read whole.
            for habit in ("enable_seqscan", "enable_bitmapscan", "jit"):
                cursor.execute(f"SET LOCAL {habit} = off")
    return {name: work_of(lambda: prepare(room)) for name, prepare in LISTS.items()}


def each(names: Iterable[str]) -> list[object]:
    """The lists by name; one that is known to grow must, or its mark is out of date."""
    marked = {name: why for name, (where, why) in GROWING.items() if connection.vendor in where}
    marks = {name: [pytest.mark.xfail(strict=True, reason=why)] for name, why in marked.items()}
    return [pytest.param(name, marks=marks.get(name, [])) for name in names]


def growth(work: Work, name: str) -> float:
    few, many = work[name]
    return many / few


@pytest.mark.parametrize("name", each(READERS))
def test_what_readers_read_takes_the_same_work_at_twenty_times_the_size(work, name):
    assert growth(work, name) <= READERS_RATIO, work[name]


@pytest.mark.parametrize("name", each(DESK))
def test_what_the_desk_asks_takes_the_same_work_at_twenty_times_the_size(work, name):
    assert growth(work, name) <= DESK_RATIO, work[name]


def test_a_list_without_an_index_is_seen_to_grow(work):
    """Else nothing above would fail."""
    assert growth(work, UNBOUNDED) > 10, work[UNBOUNDED]
