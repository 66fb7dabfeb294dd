"""Answers that are rejected along with the comment they hang below."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comments.models import Comment, Decision
from tests.comments.desk.cast import SCRIPT, soup
from tests.integrity import assert_whole


@pytest.fixture
def branch(publish, write) -> list[Comment]:
    """A visible comment, its visible answer, an answer to that which waits, and one of another branch."""
    top = publish("Tous des vendus.", name="Gildas")
    answer = publish("Bien dit.", parent=top, name="Odile")
    below = write("Et comment.", parent=answer, name="Yannick")
    elsewhere = publish("Autre chose.", parent=publish("Un autre fil."), name="Lise")
    return [top, answer, below, elsewhere]


def test_rejecting_a_comment_offers_its_answers_each_decided_by_its_own_row(desk, branch):
    top, answer, below, _elsewhere = branch
    page = soup(desk.get(f"/moderation/?comment={top.public_id}"))
    offered = [box["value"] for box in page.select("[name=answers]")]
    assert offered == [f"{answer.public_id}.{answer.version}", f"{below.public_id}.{below.version}"]
    form = {"version": top.version, "action": "REJECT", "ground": "ABUSE", "queue": "approved", "answers": offered}
    done = desk.post(reverse("decide", args=[top.public_id]), form, **SCRIPT)
    assert "2 answers rejected too." in done.json()["said"]
    rows = Decision.objects.filter(action="REJECT").order_by("comment").values_list("comment", "ground")
    assert list(rows) == [(one.pk, "ABUSE") for one in (top, answer, below)]
    assert_whole()


def test_answers_that_changed_meanwhile_or_hang_elsewhere_stay_as_they_are(desk, branch, colleague, take):
    top, answer, below, elsewhere = branch
    read = [f"{one.public_id}.{one.version}" for one in (answer, below, elsewhere)]
    take(below, "APPROVE", by=colleague)
    form = {"version": top.version, "action": "REJECT", "ground": "ABUSE", "queue": "approved", "answers": read}
    done = desk.post(reverse("decide", args=[top.public_id]), form, **SCRIPT).json()
    assert "1 answer rejected too. 1 answer had changed" in done["said"]
    for one in (below, elsewhere):
        one.refresh_from_db()
        assert one.is_visible
    assert_whole()


def test_a_refused_rejection_takes_no_answer_along(desk, branch):
    top, answer = branch[:2]
    form = {"version": 1, "action": "REJECT", "ground": "ABUSE", "answers": f"{answer.public_id}.{answer.version}"}
    assert desk.post(reverse("decide", args=[top.public_id]), form).status_code == 409
    answer.refresh_from_db()
    assert answer.is_visible


def test_taking_a_rejection_back_says_that_its_answers_stay_rejected(desk, branch):
    top, answer = branch[:2]
    form = {"version": top.version, "action": "REJECT", "ground": "ABUSE"}
    desk.post(reverse("decide", args=[top.public_id]), form | {"answers": f"{answer.public_id}.{answer.version}"})
    undone = desk.post(reverse("undo", args=[top.public_id]), {"version": top.version + 1}, **SCRIPT)
    assert "Its answers stay rejected" in undone.json()["said"]
    answer.refresh_from_db()
    assert answer.is_rejected
    desk.post(reverse("undo", args=[answer.public_id]), {"version": answer.version})
    top.refresh_from_db()
    desk.post(reverse("decide", args=[top.public_id]), form | {"version": top.version})
    alone = desk.post(reverse("undo", args=[top.public_id]), {"version": top.version + 1}, **SCRIPT)
    assert "Its answers" not in alone.json()["said"]
