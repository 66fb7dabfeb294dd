"""The hot queries of the desk's back rooms meet their indexes, on both databases."""

from __future__ import annotations

import pytest

from comments.filters import with_weight
from comments.models import Comment, Decision, Finding, Imprint, Report, Standing
from tests.comments.plans.explaining import analyze, plan_of
from tests.conftest import NOON

pytestmark = pytest.mark.django_db

ONE_DECISION = {"one_decision_a_version", "sqlite_autoindex_comments_decision_2"}


def _report(comments) -> None:
    Report.objects.bulk_create(
        Report(comment=comment, reason="SPAM", reporter=str(number), revision=1, text="x", filed_at=NOON)
        for number, comment in enumerate(comments)
    )
    analyze()


def test_open_reports_are_found_in_the_order_of_their_own_index(crowded):
    _report(Comment.objects.visible()[:50])
    plan = plan_of(Report.objects.open().order_by("-is_urgent", "filed_at")[:20])
    assert plan.indexes == {"report_open"}
    assert plan.sorts == []


def test_the_decisions_and_findings_of_a_comment_are_looked_up(crowded):
    comments = Comment.objects.visible()[:300]
    Decision.objects.bulk_create(
        Decision(
            comment=comment,
            version=2,
            action="APPROVE",
            from_status="PENDING",
            to_status="APPROVED",
            revision=1,
            policy="import",
            at=NOON,
        )
        for comment in comments
    )
    Finding.objects.bulk_create(Finding(comment=comment, rule="links") for comment in comments)
    analyze()
    newest = plan_of(Decision.objects.filter(comment=1).order_by("-version")[:1])
    assert newest.indexes <= ONE_DECISION, newest
    assert newest.sorts == []
    found = plan_of(Finding.objects.filter(comment=1).order_by())
    assert all("comment_id" in index for index in found.indexes), found
    assert all(read.is_sought for read in found.reads), found


def test_the_past_of_a_reporter_is_looked_up(crowded):
    _report(Comment.objects.visible()[:100])
    weighed = plan_of(with_weight(Comment.objects.filter(pk=1)))
    assert "report_reporter" in weighed.of("comments_report"), weighed
    assert all(read.is_sought for read in weighed.reads), weighed


def test_threats_are_found_by_their_own_index(crowded):
    pending = Comment.objects.awaiting_validation()[:100]
    Finding.objects.bulk_create(
        Finding(comment=comment, rule="banned_words", ground="ABUSE" if number else "THREAT")
        for comment in pending
        for number in range(30)
    )
    analyze()
    assert plan_of(Finding.objects.filter(ground="THREAT").order_by().values("comment")).indexes == {"finding_threat"}


def test_the_decisions_of_a_bulk_and_the_measures_on_a_reader_are_looked_up(crowded):
    bulk = plan_of(Decision.objects.filter(bulk="6f1d4b0e-0000-4000-8000-000000000000").order_by("comment"))
    assert bulk.indexes == {"decision_bulk"}
    assert bulk.sorts == []
    assert plan_of(Standing.objects.filter(reader=1).order_by("-set_at")[:9]).indexes == {"standing_reader"}


@pytest.mark.parametrize("band", ["band_0", "band_1", "band_2", "band_3"])
def test_each_band_of_an_imprint_is_read_from_its_index_newest_first(crowded, band):
    rows = (
        Imprint(comment=comment, band_0=number % 50, band_1=number, band_2=number, band_3=number)
        for number, comment in enumerate(Comment.objects.all()[:200])
    )
    Imprint.objects.bulk_create(rows)
    analyze()
    plan = plan_of(Imprint.objects.filter(**{band: 7}).order_by("-comment").values_list("comment")[:200])
    assert plan.indexes == {f"imprint_{band}"}
    assert plan.sorts == []


def test_an_index_that_another_name_begins_with_is_not_taken_for_it(crowded):
    """The tests ask for whole names: comment_approved_written is not comment_approved."""
    written = plan_of(Comment.objects.visible().order_by("-submitted_at", "-pk").values("pk")[:5])
    assert written.of("comments_comment") == {"comment_approved_written"}
