"""Reading a thread costs the same at a million comments: each query of it seeks in an index, and sorts no table."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comments import thread_rows, threads
from comments.models import Comment, Discussion
from comments.models.comment import IN_THREAD
from comments.submission import discussion_of
from tests.comments.plans.explaining import as_a_large_table, plan_of, plans_of
from tests.conftest import NOON, make_article

pytestmark = pytest.mark.django_db

COMMENTS = "comments_comment"
KEY = {"key", "comments_comment_pkey"}
SORTS = [("newest", "comment_thread"), ("oldest", "comment_thread"), ("answers", "comment_thread_answered")]


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
    as_a_large_table(in_order=True)
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


@pytest.mark.parametrize("place", ["spoken", "crowded"])
@pytest.mark.parametrize(("sort", "index"), SORTS)
def test_a_page_of_a_thread_is_sought_not_sorted(request, place, sort, index):
    discussion = request.getfixturevalue(place)
    begin = thread_rows.position(Comment.objects.of(discussion).standing_in_the_thread()[5], sort)
    for start in (None, begin):
        for plan in plans_of(lambda at=start: thread_rows.tops(discussion, sort, at, inclusive=False, how_many=51)):
            assert plan.of(COMMENTS) == {index, "comment_branch"}, plan
            assert all(read.is_sought for read in plan.reads), plan
            assert plan.sorts == [], plan


def test_the_further_answers_of_a_branch_are_sought_in_their_order(spoken):
    answer = Comment.objects.visible().filter(depth=1).first()
    for plan in plans_of(lambda: thread_rows.answers_after(answer, how_many=51)):
        assert plan.of(COMMENTS) == {"comment_branch", *(KEY & plan.indexes)}, plan
        assert all(read.is_sought for read in plan.reads), plan
        assert plan.sorts == [], plan


def test_answers_are_fetched_by_their_keys(spoken):
    keys = list(Comment.objects.visible().filter(depth=1).values_list("pk", flat=True)[:5])
    for plan in plans_of(lambda: thread_rows.answers_by_key(keys)):
        assert plan.of(COMMENTS) <= KEY, plan
        assert all(read.is_sought for read in plan.reads), plan


def test_the_answers_around_one_are_sought_beside_those_shown_anyway(spoken):
    """By OR of several lists of keys PostgreSQL read all answers of the site."""
    answer = Comment.objects.visible().filter(depth=1).first()
    shown = list(Comment.objects.visible().filter(depth=1).values_list("pk", flat=True)[:9])
    (plan,) = plans_of(lambda: thread_rows.answers_around(answer, shown, before=50, after=4))
    assert plan.of(COMMENTS) == {"comment_branch", *(KEY & plan.indexes)}, plan
    assert all(read.is_sought for read in plan.reads), plan


def test_the_newest_of_a_quiet_thread_are_sought_beside_a_loud_one(spoken, section):
    quiet = discussion_of(make_article(section, slug="calme"))
    Comment.objects.bulk_create(_said(quiet, f"calme {number}") for number in range(5))
    assert plan_of(threads.newest(quiet)[:50]).of(COMMENTS) == {"comment_discussion"}


def test_the_newest_of_a_thread_that_was_loud_years_ago_are_sought(section, article):
    """PostgreSQL expected them soon among the newest of all, and read everything that was written since."""
    loud, others = discussion_of(article), discussion_of(make_article(section, slug="depuis"))
    years_ago = NOON - timedelta(days=1000)
    Comment.objects.bulk_create(
        Comment(
            discussion=discussion,
            text="x",
            status="APPROVED",
            submitted_at=begun + timedelta(minutes=number),
            decided_at=NOON,
            fingerprint=f"{discussion.pk} {number}",
        )
        for discussion, begun in ((loud, years_ago), (others, NOON))
        for number in range(1500)
    )
    as_a_large_table()
    plan = plan_of(threads.newest(loud)[:50])
    assert plan.of(COMMENTS) == {"comment_discussion"}, plan
    assert [one.pk for one in threads.newest(loud)[:50]] == [
        one.pk for one in Comment.objects.visible().of(loud).order_by("-submitted_at", "-pk")[:50]
    ]


def test_counts_of_articles_are_looked_up(spoken):
    articles = [make_article(None, slug=f"article-{number}") for number in range(150)]
    Discussion.objects.bulk_create(Discussion(article=article) for article in articles)
    as_a_large_table()
    for plan in plans_of(lambda: threads.visible_counts(articles[:3])):
        assert all(read.is_sought for read in plan.reads), plan
        assert not plan.of("comments_discussion") & {"key", "comments_discussion_pkey"}, plan


def test_a_partial_index_is_conditioned_as_its_query_is():
    indexes = {index.name: index for index in Comment._meta.indexes}
    assert indexes["comment_thread"].condition == IN_THREAD
