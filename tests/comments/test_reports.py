"""Readers report what slipped through; the newsroom settles it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from comments import queues
from comments.decisions import NotAStep, Stale, undo
from comments.limits import TooMany
from comments.models import Comment, Report, ReportState, Trace
from comments.reports import NothingReported, NotVisible, file_report, resolve
from tests.integrity import assert_whole

TOLD = {"reason": "ABUSE", "detail": "On n’insulte pas les agents.", "email": "temoin@example.org"}


@pytest.fixture
def report(approved, at):
    def filed(comment: Comment | None = None, **how) -> Report:
        told = {"reason": "ABUSE", "detail": "", "email": "", "address": "192.0.2.1", "port": None, "at": at} | how
        return file_report(comment or approved, **told)

    return filed


class TestFiling:
    def test_a_report_keeps_the_text_as_it_was(self, approved, report, take):
        row = report()
        take(approved, "EDIT", by="author", text="Un texte adouci.")
        row.refresh_from_db()
        assert (row.text, row.revision) == ("Merci pour la carte.", 1)
        assert Trace.objects.get(report=row).address == "192.0.2.1"

    def test_the_comment_stays_visible(self, approved, report):
        report()
        approved.refresh_from_db()
        assert approved.is_visible
        assert approved.version == 2

    @pytest.mark.parametrize(
        ("again", "rows"),
        [
            ({}, 1),
            ({"reason": "SPAM"}, 1),
            ({"address": "192.0.2.2"}, 2),
            ({"email": "a@example.org"}, 2),
        ],
    )
    def test_one_reporter_reports_a_comment_once(self, report, again, rows):
        report()
        report(**again)
        assert Report.objects.count() == rows

    def test_the_same_address_is_another_reporter_the_next_day_but_the_same_email_is_not(self, report, at):
        report()
        report(at=at + timedelta(days=1))
        report(email="a@example.org")
        report(email="A@example.org ", address="192.0.2.9", at=at + timedelta(days=1))
        assert Report.objects.count() == 3

    @pytest.mark.parametrize("action", ["REJECT", "FLAG", None])
    def test_a_hidden_comment_cannot_be_reported(self, write, take, report, action):
        comment = write()
        if action:
            take(comment, action)
        with pytest.raises(NotVisible):
            report(comment)
        assert not Report.objects.exists()

    def test_an_address_reports_so_often_and_no_more(self, publish, report, settings):
        settings.COMMENTS = settings.COMMENTS | {"LIMIT_REPORT_PER_ADDRESS": (2, 3600)}
        for number in range(2):
            report(publish(f"texte {number}"))
        with pytest.raises(TooMany):
            report(publish("encore"))
        assert Report.objects.count() == 2

    def test_the_reporter_is_kept_as_a_keyed_hash(self, report):
        row = report(email="temoin@example.org")
        assert len(row.reporter) == 64
        assert "temoin" not in row.reporter


class TestResolving:
    def test_keeping_dismisses_and_undoing_reopens(self, approved, report, moderator, at):
        report()
        resolve(approved, action="APPROVE", version=2, by=moderator, at=at)
        assert Report.objects.get().state == ReportState.DISMISSED
        undo(approved, version=3, by=moderator, at=at)
        assert Report.objects.get().is_open
        assert_whole()

    def test_rejecting_upholds_all_of_them(self, approved, report, moderator, at):
        report()
        report(email="b@example.org")
        resolve(approved, action="REJECT", ground="ABUSE", version=2, by=moderator, at=at)
        assert set(Report.objects.values_list("state", flat=True)) == {"UPHELD"}

    def test_what_a_colleague_has_settled_is_told(self, approved, report, moderator, colleague, at):
        report()
        resolve(approved, action="APPROVE", version=2, by=colleague, at=at)
        with pytest.raises(NothingReported) as told:
            resolve(approved, action="APPROVE", version=2, by=moderator, at=at)
        assert isinstance(told.value, Stale)
        assert told.value.decision.moderator == colleague

    def test_a_retry_gets_its_first_answer(self, approved, report, moderator, at):
        report()
        first = resolve(approved, action="APPROVE", version=2, by=moderator, at=at, key="k")
        assert resolve(approved, action="APPROVE", version=2, by=moderator, at=at, key="k") == first

    def test_a_comment_that_nobody_reported_has_nothing_to_settle(self, approved, moderator, at):
        with pytest.raises(NothingReported):
            resolve(approved, action="REJECT", ground="SPAM", version=2, by=moderator, at=at)

    @pytest.mark.parametrize("hidden", ["PENDING", "REJECTED", "FLAGGED"])
    def test_keeping_never_publishes_what_is_hidden(self, write, report, take, moderator, at, hidden):
        comment = write()
        if hidden == "REJECTED":
            take(comment, "REJECT")
        take(comment, "APPROVE")
        report(comment)
        if hidden == "FLAGGED":
            take(comment, "FLAG")
        else:
            undo(comment, version=comment.version, by=moderator, at=at)
        comment.refresh_from_db()
        with pytest.raises((NotAStep, NothingReported)):
            resolve(comment, action="APPROVE", version=comment.version, by=moderator, at=at)
        comment.refresh_from_db()
        assert comment.status == hidden


class TestTheForm:
    def test_a_reader_reports_and_is_thanked(self, reader, approved):
        url = reverse("report", args=[approved.public_id])
        assert reader.get(url).status_code == 200
        answer = reader.post(url, TOLD)
        assert answer.status_code == 200
        assert "Merci" in answer.content.decode()
        row = Report.objects.get()
        assert (row.reason, row.detail, row.email, row.is_open) == (*TOLD.values(), True)

    @pytest.mark.parametrize(
        "mistake", [{"reason": ""}, {"reason": "NONE"}, {"email": "temoin@"}, {"detail": "x" * 1001}]
    )
    def test_a_mistake_answers_422_and_keeps_the_rest(self, reader, approved, mistake):
        answer = reader.post(reverse("report", args=[approved.public_id]), TOLD | mistake)
        assert answer.status_code == 422
        if "detail" not in mistake:
            assert TOLD["detail"] in answer.content.decode()
        assert not Report.objects.exists()

    def test_a_foreign_page_cannot_report(self, reader, approved):
        answer = reader.post(
            reverse("report", args=[approved.public_id]), TOLD, headers={"Sec-Fetch-Site": "cross-site"}
        )
        assert answer.status_code == 403
        assert not Report.objects.exists()

    def test_too_many_answer_429_and_keep_what_was_written(self, reader, publish, settings):
        settings.COMMENTS = settings.COMMENTS | {"LIMIT_REPORT_PER_ADDRESS": (1, 3600)}
        for comment, status in ((publish("un"), 200), (publish("deux"), 429)):
            answer = reader.post(reverse("report", args=[comment.public_id]), TOLD)
            assert answer.status_code == status
        assert TOLD["detail"] in answer.content.decode()
        assert int(answer["Retry-After"]) > 0


class TestTheQueue:
    def test_urgent_reasons_come_first_then_the_oldest(self, publish, report, at):
        for number, reason in enumerate(["SPAM", "OTHER", "THREAT", "ABUSE"]):
            report(publish(reason), reason=reason, at=at + timedelta(minutes=number))
        assert [comment.text for comment in queues.page("reported").comments] == ["THREAT", "SPAM", "OTHER", "ABUSE"]

    def test_a_comment_with_two_reports_is_there_once_and_leaves_when_settled(self, approved, report, take):
        report()
        report(email="b@example.org", reason="HATE")
        assert (queues.size("reported"), queues.most_urgent()) == (1, "reported")
        take(approved, "REJECT")
        assert queues.size("reported") == 0
