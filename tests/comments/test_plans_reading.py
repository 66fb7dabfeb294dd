"""Reading a thread costs the same at a million comments: each query of it seeks in an index, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from comments import thread_rows, threads
from comments.keyset import beyond
from comments.models import Comment, Discussion
from comments.rows import as_one, keys_among
from comments.submission import discussion_of
from tests.comments.test_plans import plan
from tests.conftest import NOON, make_article

pytestmark = pytest.mark.django_db


@pytest.fixture
def spoken(section, article) -> Discussion:
    """Many tops, each answered: as a table looks after ANALYZE, when each root has a few answers."""
    other = discussion_of(make_article(section, slug="autre"))
    discussion = discussion_of(article)
    tops = Comment.objects.bulk_create(
        _said(discussion if number % 2 else other, number, visible_answers=2) for number in range(300)
    )
    Comment.objects.bulk_create(
        _said(top.discussion, f"{top.pk} {number}", parent=top, root=top, depth=1)
        for top in tops
        for number in range(2)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")
    return discussion


def _said(discussion: Discussion, number: object, **place: object) -> Comment:
    return Comment(
        discussion=discussion,
        text="x",
        status="APPROVED",
        submitted_at=NOON - timedelta(minutes=len(str(number))),
        decided_at=NOON,
        fingerprint=f"said {number}",
        **place,
    )


@pytest.mark.parametrize(
    ("sort", "index"),
    [("newest", "comment_thread"), ("oldest", "comment_thread"), ("answers", "comment_thread_answered")],
)
def test_a_page_of_a_thread_is_sought_not_sorted(spoken, sort, index):
    for start in (None, [2, NOON, 5] if sort == "answers" else [NOON, 5]):
        read = plan(thread_rows.branches(spoken, sort, start)[:51])
        assert index in read
        assert "comment_root" not in read
        assert "TEMP B-TREE" not in read and "Sort Key: comments_comment" not in read


def test_the_further_answers_of_a_branch_are_sought(spoken):
    answer = Comment.objects.visible().filter(depth=1).first()
    later = beyond(thread_rows.IN_A_BRANCH, thread_rows.place_in_branch(answer))
    read = plan(thread_rows.answers().filter(later, root=answer.root_id)[:51])
    assert "comment_branch" in read


def test_answers_are_fetched_by_their_keys(spoken):
    read = plan(thread_rows.answers().filter(keys_among(Comment, "id", as_one(range(1, 151)))))
    assert "INTEGER PRIMARY KEY" in read or "comments_comment_pkey" in read


def test_the_newest_of_a_quiet_thread_are_sought_beside_a_loud_one(spoken, section):
    quiet = discussion_of(make_article(section, slug="calme"))
    Comment.objects.bulk_create(_said(quiet, f"calme {number}") for number in range(5))
    assert "comment_discussion" in plan(threads.newest(quiet)[:50])


def test_counts_of_articles_are_looked_up(spoken):
    Discussion.objects.bulk_create(
        Discussion(article=make_article(None, slug=f"article-{number}")) for number in range(150)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    read = plan(Discussion.objects.filter(keys_among(Discussion, "article_id", as_one([1, 2, 3]))))
    assert "comments_discussion_article_id" in read or "sqlite_autoindex_comments_discussion" in read
