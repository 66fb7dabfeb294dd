"""Suspects ticked in the list and decided together."""

from __future__ import annotations

import pytest
from django.test import Client

from comments import claims
from comments.models import Comment, Decision, Status
from tests.comments.desk.cast import report, soup, text_of
from tests.conftest import NOON
from tests.integrity import assert_whole


@pytest.fixture
def layout() -> str:
    return "LIST"


@pytest.fixture
def suspects(write) -> list[Comment]:
    comments = [write(f"Offre {n} http://exemple.example", name=f"promo {n}") for n in range(3)]
    Comment.objects.update(is_suspect=True)
    return comments


def tick(desk: Client, comments: list[Comment], **sent: object):
    ticked = [f"{comment.public_id}.{comment.version}" for comment in comments]
    return desk.post("/moderation/bulk/", {"queue": "suspects", "comment": ticked} | sent)


def test_the_ticked_suspects_are_rejected_on_one_ground_each_with_its_row(desk, suspects):
    page = soup(desk.get("/moderation/?queue=suspects"))
    boxes = page.select(".tick input[form=bulk]")
    assert {box["value"] for box in boxes} == {f"{comment.public_id}.1" for comment in suspects}
    answer = tick(desk, suspects[:2], action="REJECT", ground="SPAM")
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/?queue=suspects")
    assert [row.ground for row in Decision.objects.all()] == ["SPAM", "SPAM"]
    statuses = Comment.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [Status.REJECTED, Status.REJECTED, Status.PENDING]
    assert "2 comments rejected." in text_of(soup(desk.get(answer["Location"])).find(id="said"))
    assert_whole()


def test_what_changed_meanwhile_is_left_out_by_name_and_reason(desk, suspects, take, colleague):
    take(suspects[0], "APPROVE", by=colleague)
    claims.take(suspects[1], by=colleague, at=NOON)
    suspects[0].version = 1  # what the moderator had read
    answer = tick(desk, suspects, action="REJECT", ground="SPAM")
    page = soup(answer)
    assert answer.status_code == 200 and "2 comments were left out." in text_of(page)
    assert "1 comment rejected." in text_of(page.find(id="said"))
    told = text_of(page.select_one(".left-out"))
    assert "promo 0" in told and "approved by Karim" in told
    assert "promo 1" in told and "Karim is reading this comment." in told and "promo 2" not in told
    statuses = Comment.objects.order_by("pk").values_list("status", flat=True)
    assert list(statuses) == [Status.APPROVED, Status.PENDING, Status.REJECTED]


def test_the_ticked_suspects_can_be_approved_together(desk, suspects):
    assert tick(desk, suspects, action="APPROVE").status_code == 303
    assert Comment.objects.visible().count() == 3
    assert_whole()


def test_a_bulk_without_a_ground_keeps_the_ticks_and_the_note(desk, suspects):
    answer = tick(desk, suspects[:2], action="REJECT", note="Même lien.")
    page = soup(answer)
    assert answer.status_code == 422
    assert len(page.select(".tick input[checked]")) == 2
    assert page.select_one("#bulk textarea").text.strip() == "Même lien."
    assert page.select_one("#bulk details[open] .invalid-feedback")
    assert not Decision.objects.exists()


def test_a_bulk_of_nothing_says_so(desk, suspects):
    answer = tick(desk, [], action="APPROVE")
    assert answer.status_code == 422 and "Tick at least one comment." in text_of(soup(answer).find(id="bulk"))


@pytest.mark.parametrize("sent", [{"action": "UNDO"}, {"comment": ["1"]}, {"comment": ["a.b"]}, {"comment": ["1.2.3"]}])
def test_a_bulk_that_the_desk_did_not_write_is_refused(desk, suspects, sent):
    form = {"action": "APPROVE", "comment": [f"{suspects[0].public_id}.1"]} | sent
    assert desk.post("/moderation/bulk/", form).status_code == 400
    assert not Decision.objects.exists()


def test_what_waits_can_be_ticked_and_nothing_else(desk, suspects, pending, approved):
    report(approved)
    for queue, boxes in {"suspects": 3, "pending": 1, "reported": 0, "approved": 0}.items():
        page = soup(desk.get(f"/moderation/?queue={queue}"))
        assert (len(page.select(".tick")), len(page.select("#bulk"))) == (boxes, bool(boxes)), queue
