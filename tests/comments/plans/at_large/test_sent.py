"""What production sends is what is explained: prepared statements with places for their values, planned for any."""

from __future__ import annotations

import pytest
from django.db import connection

from comments import queues
from comments.arrivals import known_of
from comments.limits import allowance
from newsroom.pages.state import state_of
from tests.comments.plans.explaining import Read, explained, plans_of

pytestmark = pytest.mark.django_db

SLUG = {"sqlite_autoindex_newsroom_article_2", "newsroom_article_slug_key"}


def test_a_prepared_statement_is_explained_for_its_values_and_for_any(crowd):
    plans = plans_of(lambda: state_of("article"))
    assert [plan.how for plan in plans] == ([""] if connection.vendor == "sqlite" else ["custom", "generic"])


def test_a_kept_pages_state_is_one_row_by_its_slug(crowd):
    for plan in plans_of(lambda: state_of("article")):
        (index,) = plan.of("newsroom_article")
        assert index in SLUG or "slug" in index, plan
        sought = [read for read in plan.reads if read.table != "newsroom_section"]
        assert len(sought) == 2 and all(read.is_sought for read in sought), plan


def test_each_fact_of_a_post_is_looked_up_by_its_own_index(crowd):
    def ask() -> object:
        limits = [allowance("submit reader", "a", limit=(9, 60), at=crowd.at)]
        how = {"fingerprint": "f", "article": crowd.hot.pk, "email": "lecteur0@example.org", "at": crowd.at}
        return known_of(allowances=limits, **how)

    for plan in plans_of(ask):
        assert "comment_reader" in plan.of("comments_comment"), plan
        assert any("fingerprint" in index or "autoindex" in index for index in plan.of("comments_comment")), plan
        assert plan.of("comments_standing") == {"standing_reader"}, plan
        assert plan.of("comments_limitcount") <= {"limit_once", "sqlite_autoindex_comments_limitcount_1"}, plan
        assert all(read.is_sought for read in plan.reads), plan
        assert plan.sorts == [], plan


def test_a_table_that_is_read_whole_is_told(crowd):
    """The explaining itself: without it every test here would be green."""
    with explained() as plans, connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM comments_comment c1 WHERE c1.author_name = %s", ["x"])
        cursor.execute("SELECT T3.text FROM comments_comment T3 WHERE T3.text = %s", ["x"])
    for plan in plans:
        assert [(read.table, read.is_sought) for read in plan.reads] == [("comments_comment", False)], plan


def test_a_sort_is_told(crowd):
    plans = plans_of(lambda: list(queues.QUEUES["approved"].rows().order_by("text")[:3]))
    assert plans[0].sorts
    assert isinstance(plans[0].reads[0], Read)
