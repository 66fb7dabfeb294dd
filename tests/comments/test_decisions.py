"""decide() and undo(): the steps of product.md, one by one."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied

from comments import claims, decisions
from comments.decisions import decide, undo
from comments.models import Action, Claim, Comment, Decision, Discussion, Report, ReportState, Revision, Status
from comments.reports import file_report
from tests.integrity import assert_whole

ALL = set(Status.values)
LEGAL = {
    ("PENDING", "APPROVE"): "APPROVED",
    ("PENDING", "REJECT"): "REJECTED",
    ("PENDING", "FLAG"): "FLAGGED",
    ("FLAGGED", "APPROVE"): "APPROVED",
    ("FLAGGED", "REJECT"): "REJECTED",
    ("APPROVED", "REJECT"): "REJECTED",
    ("APPROVED", "FLAG"): "FLAGGED",
    ("REJECTED", "APPROVE"): "APPROVED",
}
PATHS = {
    "PENDING": [],
    "FLAGGED": ["FLAG"],
    "APPROVED": ["APPROVE"],
    "REJECTED": ["REJECT"],
    "WITHDRAWN": ["WITHDRAW"],
}


@pytest.fixture
def brought_to(write, take):
    def bring(status: str) -> Comment:
        comment = write()
        for action in PATHS[status]:
            take(comment, action, **({"by": "author"} if action == "WITHDRAW" else {}))
        return comment

    return bring


@pytest.mark.parametrize("action", ["APPROVE", "REJECT", "FLAG"])
@pytest.mark.parametrize("status", sorted(ALL))
def test_each_step_leads_where_the_table_says_or_nowhere(brought_to, colleague, take, status, action):
    comment = brought_to(status)
    before = Decision.objects.count()
    if (to_status := LEGAL.get((status, action))) is not None:
        decision = take(comment, action, by=colleague)
        assert (decision.from_status, decision.to_status, comment.status) == (status, to_status, to_status)
    else:
        with pytest.raises(decisions.NotAStep):
            take(comment, action, by=colleague)
        comment.refresh_from_db()
        assert comment.status == status
        assert Decision.objects.count() == before
    assert_whole()


@pytest.mark.parametrize("status", sorted(ALL - {"REJECTED", "WITHDRAWN"}))
def test_an_author_withdraws_all_but_a_rejected_comment(brought_to, take, status):
    comment = brought_to(status)
    take(comment, "WITHDRAW", by="author")
    assert comment.is_withdrawn
    assert_whole()


@pytest.mark.parametrize("status", ["REJECTED", "WITHDRAWN"])
def test_a_rejected_or_withdrawn_comment_cannot_be_withdrawn(brought_to, take, status):
    with pytest.raises(decisions.NotAStep):
        take(brought_to(status), "WITHDRAW", by="author")


def test_an_edit_keeps_the_old_text_as_a_revision_and_waits_again(approved, take):
    old = approved.text
    decision = take(approved, "EDIT", by="author", text="Un texte corrigé.")
    assert (approved.status, approved.text, approved.revision) == ("PENDING", "Un texte corrigé.", 2)
    assert decision.revision == 1
    assert Revision.objects.get(comment=approved, number=1).text == old
    assert_whole()


def test_a_rejection_needs_a_ground_and_a_flag_needs_a_note(pending, moderator, at):
    for action, field in (("REJECT", "ground"), ("FLAG", "note")):
        with pytest.raises(decisions.Incomplete) as refused:
            decide(pending, action=action, version=1, by=moderator, at=at, note="  ", ground="NOT_A_GROUND")
        assert refused.value.field == field
    assert Comment.objects.get().status == "PENDING"


def test_a_moderator_cannot_decide_on_a_version_that_was_since_decided(pending, moderator, chief, at):
    decide(pending, action="APPROVE", version=1, by=chief, at=at)
    with pytest.raises(decisions.Stale) as stale:
        decide(pending, action="REJECT", ground="SPAM", version=1, by=moderator, at=at)
    assert stale.value.decision is not None
    assert stale.value.decision.moderator == chief
    assert Comment.objects.get().status == "APPROVED"
    assert Decision.objects.count() == 1


def test_a_retry_with_the_same_key_gets_its_first_answer(pending, moderator, at):
    first = decide(pending, action="APPROVE", version=1, by=moderator, at=at, key="k1")
    again = decide(pending, action="APPROVE", version=1, by=moderator, at=at, key="k1")
    assert first == again
    assert Decision.objects.count() == 1


def test_a_key_serves_one_decision_of_one_person(write, moderator, colleague, at):
    one, other = write(), write("Une autre voix.")
    decide(one, action="APPROVE", version=1, by=moderator, at=at, key="k1")
    with pytest.raises(decisions.KeyReused):
        decide(other, action="APPROVE", version=1, by=moderator, at=at, key="k1")
    decide(other, action="APPROVE", version=1, by=colleague, at=at, key="k1")


def test_who_flagged_cannot_settle_the_flag_but_may_undo_it(pending, moderator, colleague, take, at):
    take(pending, "FLAG")
    with pytest.raises(decisions.NotYours):
        take(pending, "APPROVE")
    undo(pending, version=pending.version, by=moderator, at=at)
    pending.refresh_from_db()
    assert pending.is_pending
    take(pending, "FLAG")
    take(pending, "APPROVE", by=colleague)
    assert pending.is_visible


def test_a_chief_settles_an_own_flag(pending, chief, take):
    take(pending, "FLAG", by=chief)
    take(pending, "REJECT", by=chief)
    assert pending.is_rejected


@pytest.mark.parametrize("who", ["editor", "stranger"])
def test_who_is_no_moderator_decides_nothing(pending, who, request, at):
    with pytest.raises(PermissionDenied):
        decide(pending, action="APPROVE", version=1, by=request.getfixturevalue(who), at=at)
    assert not Decision.objects.exists()


def test_an_unknown_policy_decides_nothing(pending, at):
    with pytest.raises(PermissionDenied):
        decide(pending, action="APPROVE", version=1, by="somebody", at=at)


class TestUndo:
    def test_gives_back_the_status_before(self, pending, moderator, take, at):
        take(pending, "APPROVE")
        undo(pending, version=2, by=moderator, at=at)
        pending.refresh_from_db()
        assert (pending.status, pending.version) == ("PENDING", 3)
        assert_whole()

    def test_never_undoes_an_undo(self, pending, moderator, take, at):
        take(pending, "APPROVE")
        undo(pending, version=2, by=moderator, at=at)
        with pytest.raises(decisions.NothingToUndo):
            undo(pending, version=3, by=moderator, at=at)

    def test_refuses_where_something_newer_was_decided(self, pending, moderator, colleague, take, at):
        take(pending, "APPROVE")
        take(pending, "REJECT", by=colleague)
        with pytest.raises(decisions.Stale):
            undo(pending, version=2, by=moderator, at=at)

    def test_is_for_ones_own_decision_and_a_chief(self, pending, colleague, chief, take, at):
        take(pending, "APPROVE")
        with pytest.raises(decisions.NotYours):
            undo(pending, version=2, by=colleague, at=at)
        undo(pending, version=2, by=chief, at=at)
        assert Comment.objects.get().is_pending

    def test_reopens_the_reports_it_settled_and_no_other(self, approved, take, moderator, at):
        first = _report(approved, at, email="a@example.org")
        take(approved, "APPROVE")  # « maintenir »
        second = _report(approved, at, email="b@example.org")
        take(approved, "REJECT")
        undo(approved, version=approved.version, by=moderator, at=at)
        first.refresh_from_db()
        second.refresh_from_db()
        assert (first.state, second.state) == (ReportState.DISMISSED, ReportState.OPEN)
        assert_whole()

    def test_back_to_rejected_leaves_no_report_open(self, pending, take, moderator, at):
        take(pending, "REJECT")
        take(pending, "APPROVE")
        report = _report(pending, at)
        undo(pending, version=pending.version, by=moderator, at=at)
        report.refresh_from_db()
        assert (Comment.objects.get().status, report.state) == ("REJECTED", ReportState.UPHELD)
        assert_whole()

    def test_of_an_edit_is_not_possible(self, approved, take, chief, at):
        take(approved, "EDIT", by="author", text="Autre chose.")
        with pytest.raises(decisions.NothingToUndo):
            undo(approved, version=approved.version, by=chief, at=at)

    def test_retried_with_its_key_gets_its_first_answer(self, approved, moderator, at):
        first = undo(approved, version=2, by=moderator, at=at, key="u")
        assert undo(approved, version=2, by=moderator, at=at, key="u") == first


class TestReports:
    def test_a_rejection_upholds_them(self, approved, take, at):
        report = _report(approved, at)
        decision = take(approved, "REJECT")
        report.refresh_from_db()
        assert (report.state, report.settled_by) == (ReportState.UPHELD, decision)

    def test_keeping_dismisses_them_and_leaves_the_page_as_it_is(self, approved, take, at):
        report = _report(approved, at)
        version = Discussion.objects.get().version
        take(approved, "APPROVE")
        report.refresh_from_db()
        assert report.state == ReportState.DISMISSED
        assert Discussion.objects.get().version == version

    def test_keeping_what_nobody_reported_is_no_decision(self, approved, take):
        with pytest.raises(decisions.NotAStep):
            take(approved, "APPROVE")

    def test_a_flag_leaves_them_open(self, approved, take, at):
        report = _report(approved, at)
        take(approved, "FLAG")
        report.refresh_from_db()
        assert report.is_open

    def test_a_withdrawal_makes_them_moot(self, approved, take, at):
        report = _report(approved, at)
        take(approved, "WITHDRAW", by="author")
        report.refresh_from_db()
        assert report.state == ReportState.MOOT


class TestClaims:
    def test_anothers_claim_stops_a_decision_until_it_ends(self, pending, moderator, colleague, at):
        claims.take(pending, by=colleague, at=at)
        with pytest.raises(claims.ClaimedByAnother) as claimed:
            decide(pending, action="APPROVE", version=1, by=moderator, at=at)
        assert claimed.value.claim.holder == colleague
        decide(pending, action="APPROVE", version=1, by=moderator, at=at + timedelta(minutes=11))

    def test_a_chief_overrides_a_claim(self, pending, chief, colleague, at):
        claims.take(pending, by=colleague, at=at)
        decide(pending, action="APPROVE", version=1, by=chief, at=at)

    def test_a_decision_releases_ones_own_claim(self, pending, moderator, at):
        claims.take(pending, by=moderator, at=at)
        decide(pending, action="APPROVE", version=1, by=moderator, at=at)
        assert not Claim.objects.exists()

    def test_a_claim_is_taken_once_and_renewed_by_its_holder(self, pending, moderator, colleague, at):
        first = claims.take(pending, by=moderator, at=at)
        later = claims.take(pending, by=moderator, at=at + timedelta(minutes=5))
        assert later.until > first.until
        with pytest.raises(claims.ClaimedByAnother):
            claims.take(pending, by=colleague, at=at + timedelta(minutes=5))
        assert claims.take(pending, by=colleague, at=at + timedelta(minutes=16)).holder == colleague
        assert pending.version == Comment.objects.get().version


class TestCounters:
    def test_move_with_what_is_visible(self, article, publish, write, take):
        top = publish()
        answer = write("Dix minutes de plus.", parent=top)
        take(answer, "APPROVE")
        top.refresh_from_db()
        assert (Discussion.objects.get().visible_count, top.visible_answers) == (2, 1)
        take(top, "REJECT")
        assert (Discussion.objects.get().visible_count, top.visible_answers) == (1, 1)
        assert_whole()

    def test_a_decision_touches_that_comment_alone(self, write, take):
        top = write()
        answer = write("Une réponse.", parent=top)
        take(top, "APPROVE")
        answer.refresh_from_db()
        assert answer.is_pending

    def test_the_version_moves_only_when_the_public_thread_does(self, pending, colleague, take):
        take(pending, "FLAG")
        take(pending, "REJECT", by=colleague)
        assert Discussion.objects.get().version == 0
        take(pending, "APPROVE")
        assert Discussion.objects.get().version == 1


def test_decide_each_leaves_out_what_changed_and_says_why(write, moderator, colleague, take, at):
    fresh, stale, held = write("un"), write("deux"), write("trois")
    take(stale, "APPROVE", by=colleague)
    claims.take(held, by=colleague, at=at)
    read = [(fresh, 1), (stale, 1), (held, 1)]
    outcomes = decisions.decide_each(read, action=Action.REJECT, ground="SPAM", by=moderator, at=at)
    assert [type(outcome.refusal) for outcome in outcomes] == [type(None), decisions.Stale, claims.ClaimedByAnother]
    assert [comment.status for comment in Comment.objects.order_by("pk")] == ["REJECTED", "APPROVED", "PENDING"]


def _report(comment, at, *, email="temoin@example.org") -> Report:
    return file_report(comment, reason="ABUSE", detail="", email=email, address="192.0.2.1", port=None, at=at)
