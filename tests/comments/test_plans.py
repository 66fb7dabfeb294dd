"""Each hot query meets its index, on both databases: a partial index and its query must say the same words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from comments import queues, thread_rows
from comments.models import Comment, Decision, Discussion, Finding, Report
from comments.models.comment import IN_THREAD
from comments.submission import discussion_of
from tests.conftest import NOON, make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def crowded(section, article) -> Discussion:
    """Enough rows that an index is worth its while, most of them not what is asked for."""
    other = discussion_of(make_article(section, slug="autre"))
    discussion = discussion_of(article)
    rows = [
        Comment(
            discussion=discussion if number % 2 else other,
            text="x",
            status=status,
            is_suspect=number % 7 == 0,
            submitted_at=NOON - timedelta(minutes=number),
            decided_at=NOON,
            fingerprint=f"{status}{number}",
        )
        for number in range(150)
        for status in ("PENDING", "FLAGGED", "APPROVED", "REJECTED")
    ]
    Comment.objects.bulk_create(rows)
    top = Comment.objects.filter(discussion=discussion, status="APPROVED").earliest("pk")
    answers = [
        Comment(
            discussion=discussion,
            parent=top,
            root=top,
            depth=1,
            text="y",
            status="APPROVED" if number % 2 else "PENDING",
            submitted_at=NOON,
            fingerprint=f"answer{number}",
        )
        for number in range(200)
    ]
    Comment.objects.bulk_create(answers)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return discussion


def plan(rows) -> str:
    sql, params = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql, params)
        return "\n".join(str(row) for row in cursor.fetchall())


@pytest.mark.parametrize(
    ("code", "index"),
    [
        ("pending", "comment_pending"),
        ("suspects", "comment_suspects"),
        ("flagged", "comment_flagged"),
        ("rejected", "comment_rejected"),
        ("approved", "comment_approved"),
    ],
)
def test_a_queue_and_its_size_read_their_own_index(crowded, code, index):
    queue = queues.QUEUES[code]
    assert index in plan(queue.rows().order_by(*queue.order)[:21])
    assert "comment_" in plan(queue.rows().order_by().values("pk")[: queues.SIZE_CAP + 1])


@pytest.mark.parametrize(("sort", "index"), [("newest", "comment_thread"), ("answers", "comment_thread_answered")])
def test_a_page_of_branches_reads_the_index_of_its_order(crowded, sort, index):
    first = plan(thread_rows.branches(crowded, sort, None)[:51])
    assert index in first
    assert "comment_branch" in first
    moment = NOON - timedelta(minutes=10)
    start = [0, moment, 5] if sort == "answers" else [moment, 5]
    assert index in plan(thread_rows.branches(crowded, sort, start)[:51])


def test_the_rest_of_a_branch_reads_the_index_of_branches(crowded):
    answer = Comment.objects.visible().filter(depth=1).first()
    top = answer.root_id
    assert "comment_branch" in plan(thread_rows.answers().filter(root=top)[:51])


def test_a_partial_index_is_conditioned_as_its_query_is(crowded):
    indexes = {index.name: index for index in Comment._meta.indexes}
    assert indexes["comment_thread"].condition == IN_THREAD


def test_open_reports_are_found_by_their_own_index(crowded):
    Report.objects.bulk_create(
        Report(comment=comment, reason="SPAM", reporter=str(number), revision=1, text="x", filed_at=NOON)
        for number, comment in enumerate(Comment.objects.visible()[:50])
    )
    assert "report_open" in plan(Report.objects.open().order_by("-is_urgent", "filed_at")[:20])


def test_the_decisions_and_findings_of_a_comment_are_looked_up(crowded):
    newest = plan(Decision.objects.filter(comment=1).order_by("-version")[:1])
    assert "one_decision_a_version" in newest or "sqlite_autoindex_comments_decision" in newest
    assert "SCAN" not in plan(Finding.objects.filter(comment=1)).upper().replace("INDEX SCAN", "")
