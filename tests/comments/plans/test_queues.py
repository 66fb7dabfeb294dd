"""A queue is read in the order of its own index, and no further than is asked: its page, its size, what comes next."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from comments import counted, queues
from comments.filters import Filters
from comments.models import Comment
from comments.submission import discussion_of
from tests.comments.plans.explaining import Plan, as_a_large_table, plan_of, plans_of
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

COMMENTS = "comments_comment"
OF_ONE_INDEX = ["pending", "suspects", "flagged", "rejected", "approved"]


def assert_in_order(plan: Plan, index: str) -> None:
    """Sorting would read the whole queue for its first."""
    assert plan.of(COMMENTS) == {index}, plan
    assert plan.sorts == [], plan


@pytest.mark.parametrize("code", ["pending", "suspects", "flagged", "rejected"])
def test_a_page_of_a_queue_and_the_next_are_read_in_the_order_of_its_index(crowded, code):
    first = plans_of(lambda: queues.page(code))[0]
    assert_in_order(first, f"comment_{code}")
    cursor = queues.page(code).next_cursor
    later = plans_of(lambda: queues.page(code, after=cursor))[0]
    assert_in_order(later, f"comment_{code}")
    assert all(read.is_sought for read in later.reads), later


@pytest.mark.parametrize("code", OF_ONE_INDEX)
def test_a_size_is_counted_in_the_queues_own_index(crowded, monkeypatch, code):
    monkeypatch.setattr(counted, "SIZE_CAP", 20)
    for plan in plans_of(lambda: queues.size(code)):
        assert_in_order(plan, f"comment_{code}")


@pytest.mark.parametrize("code", ["pending", "suspects", "flagged"])
def test_what_comes_next_is_leased_in_the_order_of_its_index(crowded, moderator, code):
    asked = plans_of(lambda: queues.next_for(moderator, code, at=NOON))
    first = next(plan for plan in asked if plan.of(COMMENTS))
    assert_in_order(first, f"comment_{code}")
    assert ("SKIP LOCKED" in first.sql) == (connection.vendor == "postgresql")


@pytest.mark.parametrize("code", ["pending", "suspects"])
@pytest.mark.parametrize("order", ["", "oldest", "newest"])
def test_what_is_left_to_a_moderator_is_read_in_any_order_of_its_index(crowded, moderator, code, order):
    rows = queues.rows_of(code, filters=Filters(order=order), for_moderator=moderator, at=NOON)
    assert_in_order(plan_of(rows[:6]), f"comment_{code}")


@pytest.fixture
def mostly_decided(article) -> None:
    """As a newsroom is: what waits came last, after ten times as many that were decided."""
    discussion = discussion_of(article)
    many = (
        Comment(
            discussion=discussion,
            text="x",
            status="APPROVED" if number < 5000 else "PENDING",
            submitted_at=NOON + timedelta(minutes=number),
            decided_at=NOON if number < 5000 else None,
            fingerprint=f"{number}",
        )
        for number in range(5500)
    )
    Comment.objects.bulk_create(many)
    as_a_large_table(in_order=True)


def test_the_decided_are_not_read_to_reach_what_waits(mostly_decided, moderator):
    """By the index over all comments PostgreSQL once passed 800,000 decided ones for each look at the queue."""
    rows = queues.rows_of("pending", for_moderator=moderator, at=NOON)
    assert_in_order(plan_of(rows[:6]), "comment_pending")
    assert_in_order(plan_of(queues.to_count("pending").values("pk")[:101]), "comment_pending")


@pytest.fixture
def mostly_waiting(article) -> None:
    """As after a night: nearly all wait, and the oldest are being decided."""
    discussion = discussion_of(article)
    moments = (NOON + timedelta(minutes=number) for number in range(5000))
    many = (Comment(discussion=discussion, text="x", submitted_at=at, fingerprint=f"{at}") for at in moments)
    Comment.objects.bulk_create(many)
    as_a_large_table(in_order=True)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of SQLite the tests above tell, where most are decided")
def test_what_waits_is_read_by_its_own_index_even_where_nearly_all_wait(mostly_waiting, moderator):
    """PostgreSQL took the smaller index over all comments, and passed each one decided since it last looked."""
    rows = queues.rows_of("pending", for_moderator=moderator, at=NOON)
    assert_in_order(plan_of(rows[:6]), "comment_pending")
    left = queues.to_count("pending", for_moderator=moderator, at=NOON)
    assert_in_order(plan_of(left.values("pk")[:1001]), "comment_pending")


@pytest.mark.parametrize("filters", [{"section": "ville"}, {"article": "autre"}, {"waiting": 5}])
def test_a_filter_leaves_the_queue_to_its_index(crowded, moderator, filters):
    plan = plan_of(queues.rows_of("pending", filters=Filters(**filters), for_moderator=moderator, at=NOON)[:21])
    assert plan.of(COMMENTS) <= {"comment_pending", "comment_discussion"}, plan
