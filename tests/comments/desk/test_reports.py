"""Reports settled from the desk."""

from __future__ import annotations

import pytest
from django.urls import reverse

from tests.comments.desk.cast import act, card, report, soup, text_of
from tests.integrity import assert_whole


@pytest.fixture
def layout() -> str:
    return "LIST"


def test_keeping_a_reported_comment_dismisses_its_reports(desk, approved):
    filed = report(approved)
    shown = card(desk.get("/moderation/?queue=reported"), approved)
    form = shown.select_one("form.act-approve")
    assert form["action"] == reverse("settle_reports", args=[approved.public_id])
    answer = act(desk, "settle_reports", approved, action="APPROVE", queue="reported")
    assert answer.status_code == 303
    filed.refresh_from_db()
    approved.refresh_from_db()
    assert filed.state == "DISMISSED" and approved.is_visible
    assert "Kept: its reports are dismissed." in text_of(soup(desk.get(answer["Location"])).find(id="said"))
    assert_whole()


def test_upholding_a_report_rejects_the_comment_on_a_ground(desk, approved):
    filed = report(approved)
    assert act(desk, "settle_reports", approved, action="REJECT").status_code == 422
    assert act(desk, "settle_reports", approved, action="REJECT", ground="ABUSE").status_code == 303
    filed.refresh_from_db()
    approved.refresh_from_db()
    assert filed.state == "UPHELD" and approved.is_rejected
    assert_whole()


def test_reports_that_a_colleague_has_settled_are_a_conflict(desk, approved, take, colleague):
    report(approved)
    take(approved, "APPROVE", by=colleague)
    answer = act(desk, "settle_reports", approved, action="REJECT", ground="ABUSE", version=2)
    assert answer.status_code == 409 and "Karim" in text_of(card(answer, approved))
    approved.refresh_from_db()
    assert approved.is_visible


def test_a_report_is_not_settled_by_asking_for_a_second_look(desk, approved):
    filed = report(approved)
    assert act(desk, "settle_reports", approved, action="FLAG", note="voir").status_code == 409
    filed.refresh_from_db()
    assert filed.is_open
