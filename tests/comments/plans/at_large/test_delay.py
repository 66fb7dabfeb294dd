"""The honest delay reads no more under an article of a thousand comments than under one of a few hundred."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from django.db import connection

from comments.figures import delay, publication_delay
from comments.models import Comment, Discussion
from tests.comments.plans.at_large.crowd import Crowd
from tests.comments.plans.explaining import as_a_large_table, plans_of

pytestmark = pytest.mark.django_db


def _work(call: Callable[[], object]) -> int:
    """Rows that PostgreSQL's plan passes on, whatever part of it; steps that SQLite takes."""
    return _steps(call) if connection.vendor == "sqlite" else _rows(call)


def _steps(call: Callable[[], object]) -> int:
    steps = [0]

    def step() -> None:
        steps[0] += 1

    connection.connection.set_progress_handler(step, 10)
    try:
        call()
    finally:
        connection.connection.set_progress_handler(None, 0)
    return steps[0] * 10


def _rows(call: Callable[[], object]) -> int:
    rows = 0

    def measured(execute, sql, params, many, context):
        nonlocal rows
        with connection.connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", params)
            told = cursor.fetchone()[0]
        rows += _passed((json.loads(told) if isinstance(told, str) else told)[0]["Plan"])
        return execute(sql, params, many, context)

    with connection.execute_wrapper(measured):
        call()
    return rows


def _passed(node: dict) -> int:
    own = (node["Actual Rows"] + node.get("Rows Removed by Filter", 0)) * node["Actual Loops"]
    return own + sum(_passed(below) for below in node.get("Plans", []))


def test_it_is_asked_of_the_comments_written_last(crowd: Crowd, monkeypatch):
    monkeypatch.setattr(delay, "LOOKED_AT", 20)
    quiet = Discussion.objects.get(article__slug="article-3")
    (plan,) = plans_of(lambda: publication_delay(quiet))
    assert "comment_discussion" in plan.of("comments_comment"), plan
    assert plan.of("comments_decision") <= {"one_decision_a_version", "sqlite_autoindex_comments_decision_2"}, plan
    assert all(read.is_sought for read in plan.reads), plan


def test_it_reads_no_more_of_five_times_as_many_comments(crowd: Crowd, monkeypatch):
    monkeypatch.setattr(delay, "LOOKED_AT", 20)
    few = Discussion.objects.get(article__slug="article-3")
    keys = Comment.objects.exclude(discussion=crowd.discussion).filter(status="APPROVED").order_by("pk")
    Comment.objects.filter(pk__in=list(keys.values_list("pk", flat=True)[:40])).update(discussion=few)
    as_a_large_table()
    least = _work(lambda: publication_delay(few))
    Comment.objects.filter(pk__in=list(keys.values_list("pk", flat=True)[40:200])).update(discussion=few)
    as_a_large_table()
    assert _work(lambda: publication_delay(few)) <= 1.5 * least
    monkeypatch.setattr(delay, "LOOKED_AT", 10_000)
    assert _work(lambda: publication_delay(few)) > 2 * least


def test_the_newest_approvals_count_where_more_are_visible_than_are_looked_at(crowd: Crowd, monkeypatch):
    """The same sentence, as long as what was approved last was written among the last."""
    whole = publication_delay(crowd.discussion)
    monkeypatch.setattr(delay, "LOOKED_AT", 120)
    assert whole and publication_delay(crowd.discussion) == whole
