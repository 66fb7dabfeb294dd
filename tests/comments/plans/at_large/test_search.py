"""A search reads the index of words, or the comments from the newest on: never all of them."""

from __future__ import annotations

import pytest
from django.db import connection

from comments import search
from comments.keyset import beyond
from tests.comments.plans.explaining import Plan, plan_of

pytestmark = pytest.mark.django_db

COMMENTS = "comments_comment"
ORDER = ("-submitted_at", "-pk")
KEY = {"key", "comments_comment_pkey"}


def _page(crowd, asked: str, *, is_further: bool) -> Plan:
    rows = search.matching(asked).order_by(*ORDER).only("submitted_at")
    if is_further:
        middle = crowd.one("APPROVED", depth=0)
        rows = rows.filter(beyond(ORDER, [middle.submitted_at, middle.pk]))
    return plan_of(rows[:21])


@pytest.mark.parametrize("is_further", [False, True])
@pytest.mark.parametrize(
    ("asked", "index"),
    [
        ("status:rejected", "comment_rejected_written"),
        ("status:approved", "comment_approved_written"),
        ("before:2030-01-01", "comment_submitted"),
        ("-absent", "comment_submitted"),
    ],
)
def test_the_newest_that_a_search_finds_are_read_in_the_order_of_an_index(crowd, asked, index, is_further):
    plan = _page(crowd, asked, is_further=is_further)
    assert plan.of(COMMENTS) == {index}, plan
    assert plan.sorts == [], plan
    if is_further:
        assert all(read.is_sought for read in plan.reads if read.table == COMMENTS), plan


@pytest.mark.parametrize("is_further", [False, True])
@pytest.mark.parametrize("asked", ["mot7 ", "rare77"])
def test_words_are_looked_up_in_the_index_of_words_and_the_found_by_their_keys(crowd, asked, is_further):
    """The keys that are found are looked up: no table is joined to them."""
    plan = _page(crowd, asked, is_further=is_further)
    words = "words" if connection.vendor == "sqlite" else "comments_search_words"
    assert plan.of("comments_search") == {words}, plan
    assert plan.of(COMMENTS) <= KEY, plan
    assert all(read.is_sought for read in plan.reads), plan
