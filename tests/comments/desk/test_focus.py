"""One comment at a time: what the page brings, what its forms and its script are told."""

from __future__ import annotations

from datetime import timedelta

import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments import claims
from comments.models import Claim, Decision, Skip
from tests.comments.desk.cast import SCRIPT, ids, shown, soup, text_of
from tests.conftest import NOON
from tests.integrity import assert_whole


def test_the_desk_opens_one_by_one_with_the_next_five_behind(desk, eight):
    page = desk.get("/moderation/")
    assert shown(page) == ids(eight[:6])
    assert [one.has_attr("hidden") for one in soup(page).select(".one")] == [False] + [True] * 5
    assert not Claim.objects.exists(), "looking writes nothing"


def test_four_acts_stand_at_the_same_place_and_show_their_keys(desk, pending, approved):
    for query in ("?queue=pending", "?queue=approved"):
        row = soup(desk.get(f"/moderation/{query}")).select_one(".one .act-row")
        acts = [text_of(one) for one in row.select(".act > button, .act > summary")]
        assert [one.split()[0] for one in acts] == ["Approve", "Reject", "Second", "Skip"]
        assert [one.split()[-1] for one in acts] == ["A", "R", "F", "S"]
    refused = soup(desk.get("/moderation/?queue=approved")).select_one(".act-approve button")
    assert refused.has_attr("disabled"), "what is visible and not reported cannot be approved again"


def test_what_a_colleague_holds_and_what_was_skipped_is_not_met(desk, moderator, colleague, eight):
    claims.take(eight[0], by=colleague, at=NOON)
    claims.skip(eight[1], by=moderator, at=NOON)
    assert shown(desk.get("/moderation/?queue=pending")) == ids(eight[2:])
    with time_machine.travel(NOON + timedelta(minutes=61), tick=False):
        assert shown(desk.get("/moderation/?queue=pending")) == ids(eight[:6])


def test_filters_narrow_what_comes_next_and_stay_in_every_form(desk, eight):
    page = desk.get("/moderation/?queue=pending&q=num%C3%A9ro+7")
    assert shown(page) == ids(eight[7:])
    assert {field["value"] for field in soup(page).select(".one [name=filters]")} == {"q=num%C3%A9ro+7"}
    form = {"version": 1, "action": "APPROVE", "queue": "pending", "filters": "q=num%C3%A9ro+7"}
    answer = desk.post(reverse("decide", args=[eight[7].public_id]), form)
    assert answer["Location"] == "/moderation/?queue=pending&q=num%C3%A9ro+7"


def test_an_empty_queue_says_so(desk, db):
    page = soup(desk.get("/moderation/?queue=flagged"))
    assert not page.select(".one") and "Nothing is waiting." in text_of(page.select_one("[data-nothing]"))


def test_one_by_one_asks_as_much_of_the_database_for_six_comments_as_for_two(desk, publish, write):
    def one_more(n: int) -> None:
        write(f"Avis {n}", parent=publish(f"Parent {n}", email=f"p{n}@example.org"), email=f"r{n}@example.org")

    def queries(address: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(address).status_code == 200
        return len(asked)

    for n in range(2):
        one_more(n)
    addresses = ("/moderation/?queue=pending", "/moderation/ahead?queue=pending")
    few = [queries(address) for address in addresses]
    for n in range(2, 9):
        one_more(n)
    assert [queries(address) for address in addresses] == few
    assert few[1] <= 12


def test_further_ones_come_without_those_that_the_page_has_met(desk, eight):
    met = "&".join(f"seen={one}" for one in ids(eight[:6]))
    assert shown(desk.get(f"/moderation/ahead?queue=pending&{met}")) == ids(eight[6:])
    assert desk.get("/moderation/ahead?queue=pending&seen=x").status_code == 400
    assert not Claim.objects.exists()


# ── By forms alone ───────────────────────────────────────────────────────


def test_without_scripts_each_act_leads_to_the_next_comment(desk, eight):
    for action, more in (("APPROVE", {}), ("REJECT", {"ground": "SPAM"}), ("FLAG", {"note": "voir"})):
        page = desk.get("/moderation/?queue=pending")
        one = soup(page).select_one(".one:not([hidden])")
        form = next(f for f in one.select("form[data-act]") if f["data-act"] == action.lower())
        sent = {field["name"]: field.get("value", "") for field in form.select("input[type=hidden]")}
        assert desk.post(form["action"], sent | {"action": action} | more).status_code == 303
    assert list(Decision.objects.order_by("pk").values_list("action", flat=True)) == ["APPROVE", "REJECT", "FLAG"]
    assert shown(desk.get("/moderation/?queue=pending"))[0] == eight[3].public_id
    assert_whole()


def test_a_skipped_comment_is_hidden_for_an_hour_and_from_nobody_else(desk, sit, colleague, moderator, eight):
    claims.take(eight[0], by=moderator, at=NOON)
    answer = desk.post(reverse("skip", args=[eight[0].public_id]), {"queue": "pending"})
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/?queue=pending")
    page = desk.get(answer["Location"])
    assert "comes back in an hour" in text_of(soup(page).select_one("#said")) and shown(page)[0] == eight[1].public_id
    assert shown(sit(colleague).get("/moderation/?queue=pending"))[0] == eight[0].public_id
    assert Skip.objects.count() == 1 and not Claim.objects.exists() and not Decision.objects.exists()


# ── By script ────────────────────────────────────────────────────────────


def test_a_script_that_has_gone_on_is_told_in_a_word(desk, pending):
    form = {"version": 1, "action": "APPROVE", "queue": "pending", "layout": "focus", "idempotency_key": "k"}
    for _retry in range(2):
        answer = desk.post(reverse("decide", args=[pending.public_id]), form, **SCRIPT)
        assert answer.json() == {"said": "Approved. 0 left in this queue.", "version": 2}
    assert Decision.objects.count() == 1
    skipped = desk.post(reverse("skip", args=[pending.public_id]), {"queue": "pending"}, **SCRIPT)
    assert skipped.json()["said"].startswith("Skipped")


def test_a_refusal_comes_back_as_the_comment_with_its_reason(desk, colleague, pending, take):
    take(pending, "REJECT", by=colleague, ground="HATE")
    form = {"version": 1, "action": "APPROVE", "queue": "pending", "layout": "focus"}
    answer = desk.post(reverse("decide", args=[pending.public_id]), form, **SCRIPT)
    one = soup(answer).select_one(".one[data-answered]")
    assert answer.status_code == 409 and answer["HX-Reswap"] == "outerHTML"
    assert "rejected by Karim" in text_of(one) and one["id"] == f"card-{pending.public_id}"


def test_a_comment_held_by_a_colleague_comes_back_as_held(desk, colleague, pending):
    claims.take(pending, by=colleague, at=NOON)
    form = {"version": 1, "action": "APPROVE", "queue": "pending", "layout": "focus"}
    answer = desk.post(reverse("decide", args=[pending.public_id]), form, **SCRIPT)
    assert answer.status_code == 423 and "Karim" in text_of(soup(answer).select_one(".one[data-answered]"))


def test_an_ended_session_is_told_by_a_header_and_decides_nothing(client, pending):
    form = {"version": 1, "action": "APPROVE", "queue": "pending", "layout": "focus"}
    answer = client.post(reverse("decide", args=[pending.public_id]), form, **SCRIPT)
    assert answer["HX-Redirect"].startswith("/accounts/login/")
    assert not Decision.objects.exists()
