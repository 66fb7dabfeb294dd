"""Several comments in one act: each its own row, those that changed left out, the whole taken back."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import bulks, claims
from comments.bulks import TooManyAtOnce, answers_to_reject, decide_bulk, decisions_of, undo_bulk
from comments.claims import ClaimedByAnother
from comments.decisions import Incomplete, NotAStep, NotYours, Stale
from comments.models import Bulk, Comment, Decision, Report
from comments.reports import file_report
from tests.integrity import assert_whole

MINUTE = timedelta(minutes=1)


@pytest.fixture
def five(write):
    return [write(f"Texte {number}") for number in range(5)]


def as_read(comments) -> list[tuple[Comment, int]]:
    return [(comment, comment.version) for comment in comments]


def statuses(comments) -> list[str]:
    return [Comment.objects.get(pk=comment.pk).status for comment in comments]


def test_each_comment_of_a_bulk_has_its_own_row_that_names_the_bulk(five, moderator, at):
    bulk, outcomes = decide_bulk(as_read(five), action="REJECT", ground="SPAM", by=moderator, at=at)
    assert [outcome.decision.bulk for outcome in outcomes] == [bulk] * 5
    assert set(Decision.objects.values_list("comment", "ground", "bulk")) == {
        (comment.pk, "SPAM", bulk.pk) for comment in five
    }
    assert statuses(five) == ["REJECTED"] * 5
    assert (bulk.made_by, bulk.made_at, bulk.undone_at) == (moderator, at, None)
    assert_whole()


def test_those_that_changed_or_are_read_by_a_colleague_are_left_out_and_named(five, take, moderator, colleague, at):
    read = as_read(five)
    take(five[1], "APPROVE", by=colleague)
    claims.take(five[3], by=colleague, at=at)
    _bulk, outcomes = decide_bulk(read, action="REJECT", ground="SPAM", by=moderator, at=at)
    assert [type(outcome.refusal) for outcome in outcomes] == [
        type(None),
        Stale,
        type(None),
        ClaimedByAnother,
        type(None),
    ]
    assert statuses(five) == ["REJECTED", "APPROVED", "REJECTED", "PENDING", "REJECTED"]
    assert_whole()


def test_a_form_sent_twice_is_one_bulk_and_tells_the_same(five, moderator, at):
    once, read = uuid4(), as_read(five)
    first = decide_bulk(read, action="APPROVE", by=moderator, at=at, bulk_id=once)
    again = decide_bulk(read, action="APPROVE", by=moderator, at=at + MINUTE, bulk_id=once)
    assert [outcome.decision for outcome in again[1]] == [outcome.decision for outcome in first[1]]
    assert Bulk.objects.count() == 1 and Decision.objects.count() == 5
    assert_whole()


def test_nobody_writes_into_a_colleagues_bulk(five, moderator, colleague, at):
    bulk, _outcomes = decide_bulk(as_read(five[:1]), action="APPROVE", by=moderator, at=at)
    with pytest.raises(PermissionDenied):
        decide_bulk(as_read(five[1:]), action="APPROVE", by=colleague, at=at, bulk_id=bulk.pk)
    assert statuses(five[1:]) == ["PENDING"] * 4


def test_a_bulk_that_is_incomplete_too_large_or_not_ones_right_writes_nothing(five, moderator, editor, at, monkeypatch):
    attempts = [
        (Incomplete, {"action": "REJECT", "by": moderator}),
        (Incomplete, {"action": "FLAG", "by": moderator, "note": " "}),
        (NotAStep, {"action": "WITHDRAW", "by": moderator}),
        (PermissionDenied, {"action": "APPROVE", "by": editor}),
    ]
    for refusal, ask in attempts:
        with pytest.raises(refusal):
            decide_bulk(as_read(five), at=at, **ask)
    monkeypatch.setattr(bulks, "MOST", 4)
    with pytest.raises(TooManyAtOnce):
        decide_bulk(as_read(five), action="APPROVE", by=moderator, at=at)
    assert not Bulk.objects.exists() and not Decision.objects.exists()


def test_one_undo_takes_the_whole_back(five, publish, moderator, at):
    shown = publish("Visible.")
    shown_before = file_report(shown, reason="SPAM", detail="", email="", address="192.0.2.1", port=None, at=at)
    bulk, _outcomes = decide_bulk(as_read([*five, shown]), action="REJECT", ground="SPAM", by=moderator, at=at)
    outcomes = undo_bulk(bulk, by=moderator, at=at + MINUTE)
    assert all(outcome.decision.action == "UNDO" for outcome in outcomes)
    assert statuses([*five, shown]) == ["PENDING"] * 5 + ["APPROVED"]
    assert Report.objects.get(pk=shown_before.pk).is_open
    assert bulk.undone_at == at + MINUTE
    assert_whole()


def test_what_was_decided_since_stays_and_is_named(five, take, moderator, chief, at):
    bulk, _outcomes = decide_bulk(as_read(five), action="REJECT", ground="SPAM", by=moderator, at=at)
    take(five[2], "APPROVE", by=chief)
    outcomes = undo_bulk(bulk, by=moderator, at=at)
    assert [type(outcome.refusal) for outcome in outcomes] == [type(None)] * 2 + [Stale] + [type(None)] * 2
    assert statuses(five) == ["PENDING", "PENDING", "APPROVED", "PENDING", "PENDING"]
    assert [type(outcome.refusal) for outcome in undo_bulk(bulk, by=moderator, at=at)] == [Stale]
    assert_whole()


def test_a_colleagues_bulk_is_undone_by_a_chief_alone(five, moderator, colleague, chief, at):
    bulk, _outcomes = decide_bulk(as_read(five), action="APPROVE", by=moderator, at=at)
    with pytest.raises(NotYours):
        undo_bulk(bulk, by=colleague, at=at)
    assert statuses(five) == ["APPROVED"] * 5
    assert all(outcome.decision for outcome in undo_bulk(bulk, by=chief, at=at))


class TestAnswers:
    def test_every_answer_below_that_is_not_yet_rejected_is_offered(self, publish, write, take):
        top = publish("Haut")
        one, other = publish("1", parent=top), write("2", parent=top)
        deep = publish("1.1", parent=one)
        take(one, "REJECT")
        deeper = write("1.1.1", parent=deep)
        publish("Ailleurs")
        assert answers_to_reject(top) == [other, deep, deeper]
        assert answers_to_reject(one) == [deep, deeper]
        assert answers_to_reject(deeper) == []

    def test_rejecting_them_gives_each_its_own_decision(self, publish, moderator, at):
        top = publish("Haut")
        answers = [publish(f"Réponse {number}", parent=top) for number in range(3)]
        read = as_read([top, *answers_to_reject(top)])
        decide_bulk(read, action="REJECT", ground="ABUSE", by=moderator, at=at)
        assert statuses([top, *answers]) == ["REJECTED"] * 4
        assert_whole()

    def test_a_long_branch_costs_two_queries(self, publish):
        top = publish("Haut")
        last = top
        for number in range(6):
            last = publish(str(number), parent=last)
        with CaptureQueriesContext(connection) as queries:
            assert len(answers_to_reject(top)) == 6
        assert len(queries) == 2


def test_my_decisions_of_the_day_are_mine_and_todays(five, take, moderator, colleague, at):
    take(five[0], "APPROVE", by=colleague)
    decide_bulk(as_read(five[1:3]), action="APPROVE", by=moderator, at=at - timedelta(days=1))
    bulk, _outcomes = decide_bulk(as_read(five[3:]), action="APPROVE", by=moderator, at=at)
    undo_bulk(bulk, by=moderator, at=at + MINUTE)
    with CaptureQueriesContext(connection) as queries:
        rows = [
            (row.action, row.comment.discussion.article.headline, row.bulk_id, getattr(row, "undone_by", None) is None)
            for row in decisions_of(moderator, since=at)
        ]
    assert [row[0] for row in rows] == ["UNDO", "UNDO", "APPROVE", "APPROVE"]
    assert [row[3] for row in rows] == [True, True, False, False]
    assert len(queries) == 1


@pytest.mark.race
@pytest.mark.xdist_group("races")
def test_two_bulks_over_the_same_comments_decide_each_once(in_parallel, five, moderator, colleague, at):
    read = as_read(five)
    results = in_parallel(
        [
            partial(decide_bulk, read, action="APPROVE", by=moderator, at=at),
            partial(decide_bulk, read[::-1], action="REJECT", ground="SPAM", by=colleague, at=at),
        ]
    )
    decided = [outcome for _bulk, outcomes in results for outcome in outcomes if outcome.decision]  # type: ignore[attr-defined]
    assert len(decided) == 5 == Decision.objects.count()
    assert_whole()
