"""check_integrity finds each kind of fault: a check that cannot fail is a defect."""

from __future__ import annotations

import pytest
from django.core.management import CommandError, call_command

from comments.decisions import decide
from comments.integrity import faults, mend
from comments.models import Comment, Decision, Discussion, Recount, Report
from comments.reports import file_report


@pytest.fixture
def whole(publish, write, take, at):
    """A thread with a bit of everything, and nothing wrong."""
    top = publish("haut")
    answer = publish("réponse", parent=top)
    deep = publish("plus bas", parent=answer)
    take(write("refusé"), "REJECT")
    file_report(deep, reason="SPAM", detail="", email="", address="192.0.2.1", port=None, at=at)
    assert list(faults()) == []
    return top, answer, deep


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda: Discussion.objects.update(visible_count=9), "visible comments"),
        (lambda: Comment.objects.filter(depth=0, status="APPROVED").update(visible_answers=7), "visible answers"),
        (lambda: Comment.objects.filter(depth=2).update(version=9), "its decisions say otherwise"),
        (lambda: Comment.objects.filter(status="REJECTED").update(status="PENDING"), "its decisions say otherwise"),
        (lambda: Decision.objects.filter(action="REJECT").update(from_status="FLAGGED"), "does not follow"),
        (lambda: Comment.objects.filter(depth=2).update(depth=5), "does not hang"),
        (lambda: Report.objects.update(comment=Comment.objects.get(status="REJECTED")), "is settled"),
    ],
)
def test_each_fault_is_told(whole, spoil, told):
    spoil()
    assert any(told in fault for fault in faults())
    with pytest.raises(CommandError):
        call_command("check_integrity")


def test_a_whole_database_is_said_to_be_whole(whole, capsys):
    call_command("check_integrity")
    assert "whole" in capsys.readouterr().out


def test_repairing_sets_counters_right_and_says_what_they_were(whole, capsys):
    top, _answer, _deep = whole
    Discussion.objects.update(visible_count=9)
    Comment.objects.filter(pk=top.pk).update(visible_answers=7)
    version, decisions = Discussion.objects.get().version, list(Decision.objects.values())
    call_command("check_integrity", "--repair")
    discussion = Discussion.objects.get()
    top.refresh_from_db()
    assert (discussion.visible_count, top.visible_answers) == (3, 2)
    told = {(row.comment_id, row.said, row.found) for row in Recount.objects.all()}
    assert told == {(None, 9, 3), (top.pk, 7, 2)}
    assert discussion.version > version, "the kept pages renew"
    assert list(Decision.objects.values()) == decisions
    assert "9 → 3" in capsys.readouterr().out


def test_repairing_what_is_whole_changes_nothing(whole):
    before = list(Discussion.objects.values()), list(Comment.objects.values())
    call_command("check_integrity", "--repair")
    assert (list(Discussion.objects.values()), list(Comment.objects.values())) == before
    assert not Recount.objects.exists()


def test_repairing_leaves_statuses_and_decisions_to_people(whole):
    Comment.objects.filter(status="REJECTED").update(status="PENDING")
    before = list(Comment.objects.values()), list(Decision.objects.values())
    with pytest.raises(CommandError, match="1 faults"):
        call_command("check_integrity", "--repair")
    assert (list(Comment.objects.values()), list(Decision.objects.values())) == before


@pytest.mark.race
@pytest.mark.xdist_group("races")
def test_repairing_while_moderators_decide_counts_each_decision_once(in_parallel, publish, write, moderator, at):
    top = publish("haut")
    answers = [write(f"Réponse {number}", parent=top) for number in range(6)]
    for _round in range(4):
        Discussion.objects.update(visible_count=50)
        Comment.objects.filter(pk=top.pk).update(visible_answers=50)
        pair = [answers.pop()] if answers else []
        results = in_parallel(
            [lambda one=one: decide(one, action="APPROVE", version=1, by=moderator, at=at) for one in pair]
            + [lambda: list(mend(at=at))] * 2
        )
        assert [result for result in results if isinstance(result, Exception)] == []
        assert list(faults()) == []
