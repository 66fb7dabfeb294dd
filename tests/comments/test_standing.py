"""A measure on a reader: who may take which, what it costs, when it is over."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from comments import queues
from comments.models import Comment, Finding, LimitCount, Reader, Standing, Trace
from comments.models.finding import RULES
from comments.standing import Unfit, history, in_force, lift, may_set, set_standing, strictest
from comments.submission import Muted, Post, submit

DAY = timedelta(days=1)


@pytest.fixture
def odile(db, at) -> Reader:
    """A reader who has written before."""
    return Reader.objects.create(email="odile@example.org", first_seen_at=at - 30 * DAY)


def post(text: str = "Et les riverains, personne ne leur a rien demandé.", email: str = "Odile@example.org") -> Post:
    return Post(author_name="Odile", email=email, text=text)


def test_a_muted_reader_is_told_until_when_and_nothing_is_written(article, odile, moderator, at):
    set_standing(odile, kind="MUTE", days=7, reason="insultes répétées", by=moderator, at=at)
    with pytest.raises(Muted) as refusal:
        submit(article, post=post(), at=at + DAY)
    assert refusal.value.until == at + 7 * DAY
    assert "27" in str(refusal.value) and "2026" in str(refusal.value)
    assert "insultes" not in str(refusal.value)
    assert not Comment.objects.exists() and not Trace.objects.exists() and not LimitCount.objects.exists()


def test_a_reader_muted_for_good_is_told_so(article, odile, chief, at):
    set_standing(odile, kind="MUTE", reason="menaces", by=chief, at=at)
    with pytest.raises(Muted) as refusal:
        submit(article, post=post(), at=at + 4000 * DAY)
    assert refusal.value.until is None


def test_a_mute_runs_out_by_itself(article, odile, moderator, at):
    set_standing(odile, kind="MUTE", days=1, reason="x", by=moderator, at=at)
    assert submit(article, post=post(), at=at + DAY).is_pending


def test_what_was_taken_in_before_the_mute_is_answered_again_and_not_doubled(article, odile, moderator, at):
    first = submit(article, post=post(), at=at)
    set_standing(odile, kind="MUTE", days=1, reason="x", by=moderator, at=at)
    assert submit(article, post=post(), at=at) == first


def test_another_reader_is_not_touched(article, odile, moderator, at):
    set_standing(odile, kind="MUTE", days=1, reason="x", by=moderator, at=at)
    comment = submit(article, post=post(email="paul@example.org"), at=at)
    assert comment.is_pending and not comment.is_suspect


def test_a_held_reader_waits_among_the_suspects_under_a_named_finding(article, odile, moderator, at):
    set_standing(odile, kind="HOLD", days=7, reason="x", by=moderator, at=at)
    comment = submit(article, post=post(), at=at)
    assert [row.pk for row in queues.page("suspects").comments] == [comment.pk]
    assert comment.is_pending
    finding = Finding.objects.get(comment=comment, rule="held_reader")
    assert finding.rule_label == str(RULES["held_reader"]) != "held_reader"


def test_a_watched_reader_writes_like_everybody(article, odile, moderator, at):
    set_standing(odile, kind="WATCH", reason="à suivre", by=moderator, at=at)
    comment = submit(article, post=post(), at=at)
    assert not comment.is_suspect and not comment.findings.exists()


@pytest.mark.parametrize("kind", ["HOLD", "MUTE"])
def test_seven_days_are_a_moderators_and_longer_is_a_chiefs(odile, moderator, chief, at, kind):
    assert set_standing(odile, kind=kind, days=7, reason="x", by=moderator, at=at).until == at + 7 * DAY
    for until in (at + 7 * DAY + timedelta(seconds=1), None):
        with pytest.raises(PermissionDenied):
            set_standing(odile, kind=kind, until=until, reason="x", by=moderator, at=at)
        assert may_set(kind, until=until, by=chief, at=at)
    assert set_standing(odile, kind=kind, days=30, reason="x", by=chief, at=at).until == at + 30 * DAY
    assert set_standing(odile, kind=kind, reason="x", by=chief, at=at).is_for_good


def test_who_does_not_moderate_takes_no_measure_and_lifts_none(odile, moderator, editor, stranger, at):
    measure = set_standing(odile, kind="WATCH", reason="x", by=moderator, at=at)
    for somebody in (editor, stranger):
        with pytest.raises(PermissionDenied):
            set_standing(odile, kind="WATCH", reason="x", by=somebody, at=at)
        with pytest.raises(PermissionDenied):
            lift(measure, by=somebody, reason="x", at=at)
    assert Standing.objects.count() == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"reason": "  "}, "reason"),
        ({"reason": "x" * 301}, "reason"),
        ({"kind": "LIFT"}, "kind"),
        ({"days": 0}, "until"),
    ],
)
def test_a_measure_without_reason_kind_or_future_is_refused(odile, chief, at, wrong, field):
    with pytest.raises(Unfit) as refusal:
        set_standing(odile, **{"kind": "MUTE", "days": 1, "reason": "x", "by": chief, "at": at} | wrong)
    assert refusal.value.field == field and str(refusal.value)
    assert not Standing.objects.exists()


def test_lifting_is_a_row_and_the_reader_may_write_again(article, odile, moderator, at):
    measure = set_standing(odile, kind="MUTE", days=7, reason="x", by=moderator, at=at)
    lifted = lift(measure, by=moderator, reason="excuses présentées", at=at + DAY)
    assert in_force(odile, at=at + DAY) == []
    assert submit(article, post=post(), at=at + DAY).is_pending
    assert history(odile) == [lifted, measure]


def test_a_moderator_lifts_own_measures_and_a_chief_anybodys(odile, moderator, colleague, chief, at):
    measure = set_standing(odile, kind="HOLD", days=7, reason="x", by=moderator, at=at)
    with pytest.raises(PermissionDenied):
        lift(measure, by=colleague, reason="x", at=at)
    assert in_force(odile, at=at) == [measure]
    lift(measure, by=chief, reason="x", at=at)
    assert in_force(odile, at=at) == []


def test_what_is_over_cannot_be_lifted(odile, chief, at):
    measure = set_standing(odile, kind="MUTE", days=1, reason="x", by=chief, at=at)
    with pytest.raises(Unfit):
        lift(measure, by=chief, reason="x", at=at + DAY)
    lifting = lift(measure, by=chief, reason="x", at=at)
    for over in (measure, lifting):
        with pytest.raises(Unfit):
            lift(over, by=chief, reason="x", at=at)
    assert Standing.objects.count() == 2


def test_of_two_mutes_the_longer_one_counts(article, odile, chief, at):
    set_standing(odile, kind="MUTE", days=30, reason="x", by=chief, at=at)
    set_standing(odile, kind="MUTE", days=1, reason="x", by=chief, at=at)
    assert strictest(in_force(odile, at=at), "MUTE").until == at + 30 * DAY
    endless = set_standing(odile, kind="MUTE", reason="x", by=chief, at=at)
    assert strictest(in_force(odile, at=at), "MUTE") == endless
    assert strictest(in_force(odile, at=at), "HOLD") is None


def test_an_unknown_reader_has_no_standing(db, at):
    assert in_force(None, at=at) == []


def test_the_history_costs_one_query(odile, chief, at):
    for number in range(5):
        lift(set_standing(odile, kind="MUTE", days=1, reason=str(number), by=chief, at=at), by=chief, reason="x", at=at)
    with CaptureQueriesContext(connection) as queries:
        for row in history(odile):
            assert row.set_by.shown_name and (row.lifts or row.lifted_by)
    assert len(queries) == 1


def test_the_database_refuses_a_measure_without_a_reason_or_a_lift_of_nothing(odile, chief, at):
    for wrong in ({"kind": "MUTE", "reason": ""}, {"kind": "LIFT", "reason": "x"}, {"kind": "BAN", "reason": "x"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Standing.objects.create(reader=odile, set_by=chief, set_at=at, **wrong)
