"""Who enters the desk, and how."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from comments.models import Claim, Decision
from tests.comments.desk.cast import act


@pytest.mark.django_db
def test_who_is_signed_out_is_asked_to_sign_in_and_comes_back(client):
    response = client.get("/moderation/?queue=pending")
    assert response.status_code == 302
    assert response["Location"] == "/accounts/login/?next=/moderation/%3Fqueue%3Dpending"


@pytest.mark.parametrize("role", ["stranger", "editor"])
def test_who_may_not_decide_is_refused_the_desk_and_each_act(request, signed_in, role, pending):
    browser = signed_in(request.getfixturevalue(role))
    assert browser.get("/moderation/").status_code == 403
    for name in ("decide", "undo", "settle_reports", "claim"):
        assert act(browser, name, pending, action="APPROVE").status_code == 403
    assert browser.post("/moderation/bulk/", {"action": "APPROVE"}).status_code == 403
    pending.refresh_from_db()
    assert pending.is_pending and not Decision.objects.exists() and not Claim.objects.exists()


def test_an_act_of_somebody_whose_session_ended_leads_to_the_sign_in_page(client, pending):
    assert act(client, "decide", pending, action="APPROVE")["Location"].startswith("/accounts/login/")
    answer = act(client, "decide", pending, htmx=True, action="APPROVE")
    assert answer["HX-Redirect"] == "/accounts/login/?next=/moderation/%3Fqueue%3Dpending"
    pending.refresh_from_db()
    assert pending.is_pending


def test_an_act_without_its_token_is_refused(moderator, pending):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(moderator)
    assert act(browser, "decide", pending, action="APPROVE").status_code == 403
    pending.refresh_from_db()
    assert pending.is_pending


def test_an_act_is_posted_never_followed_as_a_link(desk, pending):
    for name in ("decide", "undo", "settle_reports", "claim"):
        assert desk.get(reverse(name, args=[pending.public_id])).status_code == 405
    assert desk.get("/moderation/bulk/").status_code == 405


def test_the_desk_is_kept_by_no_cache(desk, pending):
    assert "no-store" in desk.get("/moderation/")["Cache-Control"]
