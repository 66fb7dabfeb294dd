"""Deciding by the forms of a card, and what is told where that cannot be."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from comments import claims
from comments.models import Decision
from tests.comments.desk.cast import act, card, soup, text_of
from tests.conftest import NOON
from tests.integrity import assert_whole


@pytest.fixture
def layout() -> str:
    return "LIST"


def test_a_moderator_approves_without_scripts_and_can_take_it_back(desk, pending):
    answer = act(desk, "decide", pending, action="APPROVE", idempotency_key="k")
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/?queue=pending")
    pending.refresh_from_db()
    assert pending.is_visible
    page = soup(desk.get(answer["Location"]))
    assert text_of(page.select_one("#said [role=status]")) == "Approved. 0 left in this queue."
    form = page.select_one("#said form")
    assert form["action"] == reverse("undo", args=[pending.public_id])
    sent = {field["name"]: field["value"] for field in form.select("input")}
    assert desk.post(form["action"], sent).status_code == 303
    pending.refresh_from_db()
    assert pending.is_pending
    assert_whole()


def test_with_scripts_only_the_card_comes_back(desk, pending):
    answer = act(desk, "decide", pending, htmx=True, action="APPROVE")
    assert answer.status_code == 200 and b"<html" not in answer.content
    assert "Approved" in text_of(card(answer, pending))
    assert "Approved. 0 left" in text_of(soup(answer).find(id="said"))
    assert soup(answer).find(id="rail")["hx-swap-oob"] == "true"


def test_a_moderator_rejects_on_a_ground_with_a_note(desk, pending, moderator):
    act(desk, "decide", pending, action="REJECT", ground="OFF_TOPIC", note="Parle du stade.")
    row = Decision.objects.get()
    assert (row.ground, row.note, row.moderator) == ("OFF_TOPIC", "Parle du stade.", moderator)
    shown = text_of(card(desk.get("/moderation/?queue=rejected"), pending))
    assert "Rejected by Mona" in shown and "Off topic" in shown and "Parle du stade." in shown


@pytest.mark.parametrize("htmx", [False, True])
def test_a_rejection_without_a_ground_keeps_the_note_that_was_typed(desk, pending, htmx):
    answer = act(desk, "decide", pending, htmx=htmx, action="REJECT", note="Déjà lu hier.")
    shown = card(answer, pending)
    assert answer.status_code == 422
    assert "Choose the ground" in text_of(shown.select_one("details[open] .invalid-feedback"))
    assert shown.select_one("details[open] textarea").text.strip() == "Déjà lu hier."
    pending.refresh_from_db()
    assert pending.is_pending and not Decision.objects.exists()


def test_a_second_look_without_a_note_is_asked_for_it(desk, pending):
    answer = act(desk, "decide", pending, action="FLAG", note="  ")
    assert answer.status_code == 422
    assert "Write what a colleague" in text_of(card(answer, pending).select_one(".act-flag[open] .invalid-feedback"))
    pending.refresh_from_db()
    assert pending.is_pending


def test_a_note_that_is_too_long_is_kept_and_said(desk, pending):
    answer = act(desk, "decide", pending, action="REJECT", ground="SPAM", note="n" * 2001)
    shown = card(answer, pending)
    assert answer.status_code == 422
    assert shown.select_one("details[open] textarea").text.strip() == "n" * 2001
    assert shown.select_one("input[value=SPAM]").has_attr("checked")


@pytest.mark.parametrize(
    "sent", [{"version": "x"}, {"version": 0}, {"action": "UNDO"}, {"action": ""}, {"idempotency_key": "k" * 65}]
)
def test_a_form_that_the_desk_did_not_write_is_refused(desk, pending, sent):
    assert act(desk, "decide", pending, **({"action": "APPROVE"} | sent)).status_code == 400
    pending.refresh_from_db()
    assert pending.is_pending


@pytest.mark.parametrize("name", ["decide", "undo", "settle_reports", "claim"])
def test_a_comment_that_does_not_exist_cannot_be_decided(desk, name, db):
    for unknown in (1, 2**53, 2**70):
        assert desk.post(f"/moderation/comments/{unknown}/x/".replace("x", "decide"), {}).status_code == 404
        assert desk.post(reverse(name, args=[unknown]), {"version": 1, "action": "APPROVE"}).status_code == 404
    assert desk.get("/moderation/?comment=1").status_code == 404
    assert desk.get("/moderation/?comment=x").status_code == 404


@pytest.mark.parametrize("htmx", [False, True])
def test_who_comes_second_is_told_who_decided_what_and_nothing_changes(desk, colleague, pending, take, htmx):
    take(pending, "REJECT", by=colleague, ground="HATE", note="Vise un groupe.")
    with time_machine.travel(NOON + timedelta(seconds=12), tick=False):
        answer = act(desk, "decide", pending, htmx=htmx, action="APPROVE", version=1)
    shown = text_of(card(answer, pending))
    assert answer.status_code == 409
    for told in (
        "rejected by Karim 12 seconds ago",
        "Hate",
        "Vise un groupe.",
        "What you asked",
        "Approve",
        "version 1",
    ):
        assert told in shown
    pending.refresh_from_db()
    assert pending.is_rejected and Decision.objects.count() == 1


@pytest.mark.parametrize("htmx", [False, True])
def test_a_comment_that_a_colleague_reads_says_who_and_until_when(desk, colleague, pending, htmx):
    claims.take(pending, by=colleague, at=NOON - timedelta(minutes=4))
    shown = card(desk.get("/moderation/?queue=pending"), pending)
    assert "Karim is reading this comment, 6 more minutes" in text_of(shown) and not shown.select(".act")
    answer = act(desk, "decide", pending, htmx=htmx, action="APPROVE")
    assert answer.status_code == 423
    assert "Karim is reading this comment, 6 more minutes." in text_of(card(answer, pending))
    pending.refresh_from_db()
    assert pending.is_pending


def test_a_chief_decides_on_what_a_moderator_has_reserved(sit, chief, moderator, pending):
    claims.take(pending, by=moderator, at=NOON)
    assert act(sit(chief), "decide", pending, action="APPROVE").status_code == 303


@pytest.mark.parametrize("htmx", [False, True])
def test_who_asked_for_a_second_look_only_may_take_that_back(desk, pending, take, moderator, htmx):
    take(pending, "FLAG", note="Vérifier la date.")
    shown = card(desk.get("/moderation/?queue=flagged"), pending)
    assert [form["class"] for form in shown.select(".act")] == [["act", "act-undo"]]
    assert "a colleague gives it" in text_of(shown)
    answer = act(desk, "decide", pending, htmx=htmx, action="APPROVE")
    assert answer.status_code == 403 and "somebody else gives it" in text_of(card(answer, pending))
    assert answer.get("HX-Reswap", "") == ("outerHTML" if htmx else "")
    pending.refresh_from_db()
    assert pending.is_flagged
    assert act(desk, "undo", pending).status_code == 303
    pending.refresh_from_db()
    assert pending.is_pending


def test_a_colleague_gives_the_second_look_and_reads_why_it_was_asked(sit, colleague, pending, take):
    take(pending, "FLAG", note="Vérifier la date.")
    browser = sit(colleague)
    assert "Vérifier la date." in text_of(card(browser.get("/moderation/?queue=flagged"), pending))
    assert act(browser, "decide", pending, action="APPROVE", queue="flagged").status_code == 303
    pending.refresh_from_db()
    assert pending.is_visible


def test_a_step_that_does_not_exist_is_a_conflict(desk, pending, take):
    take(pending, "REJECT")
    assert act(desk, "decide", pending, action="FLAG", note="revoir").status_code == 409
    pending.refresh_from_db()
    assert pending.is_rejected


def test_a_retry_with_the_same_key_gets_its_first_answer(desk, pending):
    for _try in range(2):
        answer = act(desk, "decide", pending, action="APPROVE", idempotency_key="once")
        assert answer.status_code == 303
    assert Decision.objects.count() == 1


def test_a_key_serves_one_decision_only(desk, pending, write):
    act(desk, "decide", pending, action="APPROVE", idempotency_key="once")
    other = write("Un autre avis.")
    assert act(desk, "decide", other, action="APPROVE", idempotency_key="once").status_code == 409
    other.refresh_from_db()
    assert other.is_pending


def test_each_form_has_a_key_of_its_own(desk, pending, write):
    write("Un autre avis.")
    keys = [field["value"] for field in soup(desk.get("/moderation/?queue=pending")).select("[name=idempotency_key]")]
    assert len(keys) == len(set(keys)) >= 8 and all(16 <= len(key) <= 64 for key in keys)
