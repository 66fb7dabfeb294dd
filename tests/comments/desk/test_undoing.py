"""Taking a decision back."""

from __future__ import annotations

import pytest

from tests.comments.desk.cast import act, card, text_of
from tests.integrity import assert_whole


@pytest.fixture
def layout() -> str:
    return "LIST"


def test_a_moderator_cannot_undo_a_colleagues_decision_but_a_chief_can(desk, sit, chief, colleague, pending, take):
    take(pending, "APPROVE", by=colleague)
    assert not card(desk.get("/moderation/?queue=approved"), pending).select(".act-undo")
    assert act(desk, "undo", pending).status_code == 403
    above = sit(chief)
    assert card(above.get("/moderation/?queue=approved"), pending).select(".act-undo")
    assert act(above, "undo", pending).status_code == 303
    pending.refresh_from_db()
    assert pending.is_pending
    assert_whole()


def test_an_undo_cannot_be_undone(desk, pending, take):
    take(pending, "APPROVE")
    act(desk, "undo", pending)
    pending.refresh_from_db()
    answer = act(desk, "undo", pending)
    assert answer.status_code == 409 and "took the last decision" in text_of(card(answer, pending))


def test_an_undo_of_an_older_version_is_a_conflict(desk, pending, take, colleague):
    take(pending, "APPROVE")
    take(pending, "REJECT", by=colleague)
    assert act(desk, "undo", pending, version=2).status_code == 409
    pending.refresh_from_db()
    assert pending.is_rejected


def test_an_undo_without_a_version_is_refused(desk, approved):
    assert act(desk, "undo", approved, version="").status_code == 400
