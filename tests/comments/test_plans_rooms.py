"""The hot queries of the desk's back rooms meet their indexes, on both databases."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from comments import queues, search
from comments.filters import Filters, with_weight
from comments.models import Comment, Decision, Finding, Imprint, Report, Standing
from comments.submission import discussion_of
from tests.comments.test_plans import crowded, plan  # noqa: F401 (a fixture)
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("code", ["pending", "suspects"])
@pytest.mark.parametrize("order", ["", "oldest", "newest"])
def test_what_comes_next_is_read_in_the_order_of_its_index(crowded, moderator, code, order):  # noqa: F811
    rows = queues.rows_of(code, filters=Filters(order=order), for_moderator=moderator, at=NOON)
    read = plan(rows[:6])
    assert f"comment_{code}" in read
    # Sorting would read the whole queue for its first six.
    assert "TEMP B-TREE" not in read and "Sort" not in read


def analyze_and_seek() -> None:
    """As a large table is read: by an index, whatever so small a one would cost to read whole."""
    analyze()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            cursor.execute("SET LOCAL enable_bitmapscan = off")


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
    analyze_and_seek()


def test_the_decided_are_not_read_to_reach_what_waits(mostly_decided, moderator):
    """By the index over all comments PostgreSQL once passed 800,000 decided ones for each look at the queue."""
    rows = queues.rows_of("pending", for_moderator=moderator, at=NOON)
    assert "comment_pending" in plan(rows[:6]) and "comment_pending" in plan(queues.to_count("pending")[:1001])


@pytest.fixture
def mostly_waiting(article) -> None:
    """As after a night: nearly all wait, and the oldest are being decided."""
    discussion = discussion_of(article)
    moments = (NOON + timedelta(minutes=number) for number in range(5000))
    many = (Comment(discussion=discussion, text="x", submitted_at=at, fingerprint=f"{at}") for at in moments)
    Comment.objects.bulk_create(many)
    analyze_and_seek()


@pytest.mark.skipif(connection.vendor != "postgresql", reason="of SQLite the tests below tell, where most are decided")
def test_what_waits_is_read_by_its_own_index_even_where_nearly_all_wait(mostly_waiting, moderator):
    """PostgreSQL took the smaller index over all comments, and passed each one decided since it last looked."""
    rows = queues.rows_of("pending", for_moderator=moderator, at=NOON)
    left = queues.to_count("pending", for_moderator=moderator, at=NOON)
    assert "comment_pending" in plan(rows[:6]) and "comment_pending" in plan(left.values("pk")[:1001])


@pytest.mark.parametrize("code", ["pending", "suspects", "flagged", "rejected", "approved"])
def test_a_size_is_counted_in_an_index(mostly_decided, code):
    read = plan(queues.to_count(code).values("pk")[:1001])
    assert "INDEX comment_" in read or "using comment_" in read


@pytest.mark.parametrize("asked", ["status:rejected", "status:approved", "before:2030-01-01", "-absent"])
def test_the_newest_that_a_search_finds_are_read_in_the_order_of_an_index(mostly_decided, asked):
    read = plan(search.matching(asked).order_by("-submitted_at", "-pk").only("submitted_at")[:21])
    assert "_written" in read or "comment_submitted" in read
    assert "TEMP B-TREE" not in read and "Sort" not in read


def test_ten_thousand_found_keys_are_looked_up_and_not_joined(mostly_decided):
    read = plan(search.matching("absent ").order_by("-submitted_at", "-pk").only("submitted_at")[:21])
    assert "INTEGER PRIMARY KEY" in read or "comments_comment_pkey" in read


@pytest.mark.parametrize("filters", [{"section": "ville"}, {"article": "autre"}, {"waiting": 5}])
def test_a_filter_leaves_the_queue_to_its_index(crowded, moderator, filters):  # noqa: F811
    read = plan(queues.rows_of("pending", filters=Filters(**filters), for_moderator=moderator, at=NOON)[:21])
    assert "comment_pending" in read or "comment_discussion" in read


def test_the_past_of_a_reporter_is_looked_up(crowded):  # noqa: F811
    visible = Comment.objects.visible()[:100]
    Report.objects.bulk_create(
        Report(comment=comment, reason="SPAM", reporter=str(number), revision=1, text="x", filed_at=NOON)
        for number, comment in enumerate(visible)
    )
    analyze()
    assert "report_reporter" in plan(Report.objects.filter(reporter="7", state__in=("UPHELD", "DISMISSED")))
    if connection.vendor == "sqlite":
        assert "report_reporter" in plan(with_weight(Comment.objects.filter(pk=1)))


def test_threats_are_found_by_their_own_index(crowded):  # noqa: F811
    pending = Comment.objects.awaiting_validation()[:100]
    Finding.objects.bulk_create(
        Finding(comment=comment, rule="banned_words", ground="ABUSE" if number else "THREAT")
        for comment in pending
        for number in range(30)
    )
    analyze()
    assert "finding_threat" in plan(Finding.objects.filter(ground="THREAT").order_by().values("comment"))


def test_the_decisions_of_a_bulk_and_the_measures_on_a_reader_are_looked_up(crowded):  # noqa: F811
    assert "decision_bulk" in plan(Decision.objects.filter(bulk="6f1d4b0e-0000-4000-8000-000000000000"))
    assert "standing_reader" in plan(Standing.objects.filter(reader=1))


def test_each_band_of_an_imprint_is_read_from_its_index_newest_first(crowded):  # noqa: F811
    rows = (
        Imprint(comment=comment, band_0=number % 50, band_1=number, band_2=number, band_3=number)
        for number, comment in enumerate(Comment.objects.all()[:200])
    )
    Imprint.objects.bulk_create(rows)
    analyze()
    for band in ("band_0", "band_1", "band_2", "band_3"):
        read = plan(Imprint.objects.filter(**{band: 7}).order_by("-comment").values_list("comment")[:200])
        assert f"imprint_{band}" in read and "TEMP B-TREE" not in read


def test_words_are_looked_up_in_the_index_of_words(crowded):  # noqa: F811
    search.forget_all()
    search.index_each(Comment.objects.all())
    analyze()
    read = plan(search.matching("absent ").order_by("-pk")[:21])
    if connection.vendor == "sqlite":
        assert "comments_search VIRTUAL TABLE INDEX" in read and "LIST SUBQUERY" in read
    else:
        assert "comments_search_words" in read or "comments_search_pkey" in read


def analyze() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
