"""What the page of one comment at a time reserves, and gives back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from comments import claims
from comments.models import Claim, Skip
from tests.comments.desk.cast import ids
from tests.conftest import NOON


def test_what_is_shown_is_reserved_for_ten_minutes_and_what_comes_next_for_two(desk, moderator, eight):
    answer = desk.post("/moderation/claims/", {"focus": eight[0].public_id, "ahead": ids(eight[1:4])})
    assert answer.json()["taken"] == [] and answer.json()["until"].startswith("Yours until")
    until = dict(Claim.objects.values_list("comment", "until"))
    assert until[eight[0].pk] == NOON + timedelta(minutes=10)
    assert {until[one.pk] for one in eight[1:4]} == {NOON + timedelta(minutes=2)}
    desk.post("/moderation/claims/", {"release": ids(eight[:4])})
    assert not Claim.objects.exists()


def test_what_a_colleague_holds_is_told_and_stays_theirs(desk, colleague, eight):
    claims.take(eight[0], by=colleague, at=NOON)
    claims.take(eight[2], by=colleague, at=NOON)
    sent = {"focus": eight[0].public_id, "ahead": ids(eight[1:3]), "release": ids(eight[:1])}
    answer = desk.post("/moderation/claims/", sent).json()
    assert answer["taken"] == ids([eight[0], eight[2]]) and "Karim" in answer["told"]
    assert set(Claim.objects.filter(holder=colleague).values_list("comment", flat=True)) == {eight[0].pk, eight[2].pk}


@pytest.mark.parametrize("role", ["stranger", "editor"])
def test_who_may_not_decide_reserves_and_skips_nothing(request, signed_in, role, pending):
    browser = signed_in(request.getfixturevalue(role))
    assert browser.post("/moderation/claims/", {"focus": pending.public_id}).status_code == 403
    assert browser.post(reverse("skip", args=[pending.public_id])).status_code == 403
    for path in ("ahead", "live", "settings/", "keys/"):
        assert browser.get(f"/moderation/{path}").status_code == 403
    assert not Claim.objects.exists() and not Skip.objects.exists()
