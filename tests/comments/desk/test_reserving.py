"""A card is reserved by hand, and given back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comments import claims
from comments.models import Claim
from tests.comments.desk.cast import act, card, text_of
from tests.conftest import NOON


@pytest.fixture
def layout() -> str:
    return "LIST"


@pytest.mark.parametrize("htmx", [False, True])
def test_a_moderator_reserves_a_comment_and_gives_it_back(desk, pending, moderator, htmx):
    answer = act(desk, "claim", pending, htmx=htmx)
    assert answer.status_code == (200 if htmx else 303)
    claim = Claim.objects.get()
    assert (claim.holder, claim.until) == (moderator, NOON + timedelta(minutes=10))
    shown = card(desk.get("/moderation/?queue=pending"), pending)
    assert "Yours until" in text_of(shown) and shown.select(".act-approve")
    act(desk, "claim", pending, htmx=htmx, release="1")
    assert not Claim.objects.exists()


def test_what_a_colleague_has_reserved_cannot_be_reserved(desk, colleague, pending):
    claims.take(pending, by=colleague, at=NOON)
    assert act(desk, "claim", pending).status_code == 423
    act(desk, "claim", pending, release="1")
    assert Claim.objects.get().holder == colleague
