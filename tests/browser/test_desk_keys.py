"""The desk as two people work it: by keys alone, on one queue, with a connection that goes and comes back."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from playwright.sync_api import Page, expect

from comments import claims
from comments.models import Claim, Comment, Decision, DeskSettings, Skip, Status
from tests.browser.patience import eventually
from tests.integrity import assert_whole

# A letter does nothing in the first 250 ms of a comment.
SETTLED = 300
IN_FOCUS = ".one:not([hidden])"


def sit(page: Page, query: str = "?queue=pending") -> Page:
    page.goto(f"/moderation/{query}")
    page.wait_for_timeout(SETTLED)
    return page


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
    page.wait_for_timeout(SETTLED)


def at_once(page: Page, *keys: str, repeat: bool = False) -> None:
    """Keys between which no time passes, however busy the machine is."""
    page.evaluate(
        "([keys, repeat]) => keys.forEach(key => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {key, repeat, bubbles: true, cancelable: true})))",
        [list(keys), repeat],
    )


def reads(page: Page) -> str:
    """The comment in focus; empty where none is left."""
    one = page.locator(IN_FOCUS)
    return (one.get_attribute("data-one") or "") if one.count() else ""


def unsent(page: Page) -> int:
    return page.evaluate(
        "Object.keys(localStorage).filter(k => k.startsWith('desk-outbox-'))"
        ".reduce((n, k) => n + JSON.parse(localStorage[k]).length, 0)"
    )


def wait_until_sent(page: Page) -> None:
    eventually(page, lambda: not unsent(page))


@pytest.fixture
def lost(watch):
    """The browser itself notes on its console that it is offline: that was asked for."""
    yield
    asked_for = re.compile(r"ERR_INTERNET_DISCONNECTED")
    watch.amiss[:] = [line for line in watch.amiss if not asked_for.search(line)]


def test_sixty_comments_by_keys_alone_with_a_colleague_and_a_lost_connection(
    open_browser, lost, write, moderator, colleague
):
    for number in range(60):
        write(f"Avis numéro {number}.", email=f"r{number}@example.org")
    mona, karim = sit(open_browser(by=moderator)), sit(open_browser(by=colleague))
    ways = [("a",), ("r", "3"), ("a",), ("r", "ArrowRight", "ArrowRight", "Enter"), ("f",), ("a", "u")]
    both_read: list[tuple[str, str]] = []
    for turn in range(60):
        if turn == 8:
            mona.context.set_offline(True)
        if turn == 12:
            expect(mona.locator("[data-outbox]")).to_be_visible()
            assert unsent(mona) >= 3
            mona.context.set_offline(False)
            wait_until_sent(mona)
        both_read.append((reads(mona), reads(karim)))
        if reads(mona):
            way = ways[turn % len(ways)]
            if way == ("a", "u"):
                press(mona, "a")
                press(mona, "u")
            else:
                press(mona, *way)
                if way == ("f",):
                    mona.keyboard.type("Vérifier la date.")
                    press(mona, "Enter")
        if reads(karim):
            press(karim, *ways[turn % 4])
        if not reads(mona) and not reads(karim):
            break
    wait_until_sent(mona)
    wait_until_sent(karim)
    assert all(hers != his for hers, his in both_read if hers)
    assert not Comment.objects.filter(status=Status.PENDING).exists(), "none is lost"
    stands = Decision.objects.exclude(action="UNDO").filter(undone_by__isnull=True)
    assert stands.count() == 60 == stands.values("comment").distinct().count(), "none is decided twice"
    assert Decision.objects.filter(action="UNDO").exists() and stands.filter(action="FLAG").exists()
    assert {row.moderator for row in stands} == {moderator, colleague}
    assert_whole()


def test_a_refusal_comes_back_as_the_next_one_with_its_reason(open_browser, write, moderator, colleague, take):
    first, second = write("Premier."), write("Deuxième.", email="b@example.org")
    mona = sit(open_browser(by=moderator))
    Claim.objects.all().delete()
    take(first, "REJECT", by=colleague, ground="HATE")
    press(mona, "a")
    expect(mona.locator("#said [role=status]")).to_contain_text("Karim")
    assert reads(mona) == str(second.public_id), "what is being read does not move"
    press(mona, "j")
    assert reads(mona) == str(first.public_id)
    expect(mona.locator(f"{IN_FOCUS} [role=alert]")).to_contain_text("Karim")
    press(mona, "a")
    assert Decision.objects.count() == 1


def test_an_ended_session_keeps_decisions_and_sends_them_after_signing_in(open_browser, write, moderator):
    comments = [write(f"Avis {n}.", email=f"r{n}@example.org") for n in range(3)]
    moderator.set_password("demo-demo")
    moderator.save()
    mona = sit(open_browser(by=moderator))
    Session.objects.all().delete()
    press(mona, "a")
    press(mona, "a")
    expect(mona.locator("[data-outbox-sign-in]")).to_be_visible()
    assert unsent(mona) == 2 and not Decision.objects.exists()
    mona.click("[data-outbox-sign-in]")
    mona.fill("[name=login]", moderator.username)
    mona.fill("[name=password]", "demo-demo")
    mona.click("form [type=submit]")
    mona.wait_for_url("**/moderation/**")
    wait_until_sent(mona)
    assert Decision.objects.count() == 2
    assert reads(mona) == str(comments[2].public_id)
    assert_whole()


def test_leaving_with_unsent_decisions_warns(open_browser, lost, watch, write, moderator):
    for number in range(2):
        write(f"Avis {number}.", email=f"r{number}@example.org")
    mona = sit(open_browser(by=moderator))
    mona.context.set_offline(True)
    press(mona, "a")
    warned = []
    mona.on("dialog", lambda dialog: warned.append(dialog.type))
    mona.evaluate("setTimeout(() => location.assign('/moderation/keys/'), 0)")
    eventually(mona, lambda: warned)
    assert warned == ["beforeunload"]
    watch.amiss[:] = [line for line in watch.amiss if not line.startswith("dialog")]
    mona.context.set_offline(False)
    wait_until_sent(mona)


def test_held_keys_keys_in_a_field_and_keys_too_soon_decide_nothing(open_browser, write, moderator):
    for number in range(3):
        write(f"Avis {number}.", email=f"r{number}@example.org")
    mona = sit(open_browser(by=moderator))
    at_once(mona, "a", "a", repeat=True)
    at_once(mona, "j", "a")
    mona.wait_for_timeout(SETTLED)
    press(mona, "f")
    mona.keyboard.type("aaa sss")
    press(mona, "Escape")
    wait_until_sent(mona)
    assert Decision.objects.count() == 0 and not Skip.objects.exists()
    at_once(mona, "a", "a", "a")
    wait_until_sent(mona)
    assert Decision.objects.count() == 1, "the second and third came before the next comment had settled"


def test_keys_that_are_turned_off_do_nothing_and_are_not_shown(open_browser, write, moderator):
    write("Avis.")
    DeskSettings.objects.create(user=moderator, single_keys=False)
    mona = sit(open_browser(by=moderator))
    assert mona.locator(f"{IN_FOCUS} kbd").count() == 0
    press(mona, "a")
    press(mona, "s")
    assert not Decision.objects.exists() and not Skip.objects.exists()


def test_g_shows_that_it_waits_and_leads_to_a_queue(open_browser, write, moderator, approved):
    write("Avis.")
    mona = sit(open_browser(by=moderator))
    press(mona, "g")
    expect(mona.locator("[data-go-waits]")).to_be_visible()
    press(mona, "Escape")
    expect(mona.locator("[data-go-waits]")).to_be_hidden()
    press(mona, "g", "a")
    mona.wait_for_url("**queue=approved**")
    sit(mona)
    press(mona, "?")
    expect(mona.locator("#keys")).to_be_visible()
    press(mona, "a")
    press(mona, "Escape")
    expect(mona.locator("#keys")).to_be_hidden()
    press(mona, "v")
    expect(mona.locator("li.entry")).to_have_count(1)
    assert DeskSettings.objects.get().layout == "LIST"
    assert not Decision.objects.exclude(comment=approved).exists()


def test_focus_follows_the_comment_and_what_was_done_is_said(open_browser, write, moderator):
    for number in range(3):
        write(f"Avis {number}.", name=f"Voix {number}", email=f"r{number}@example.org")
    mona = sit(open_browser(by=moderator))
    press(mona, "a")
    assert mona.evaluate("document.activeElement.matches('.one:not([hidden]) h2')")
    expect(mona.locator("#said [role=status]")).to_contain_text("2")
    expect(mona.locator("#left .num")).to_have_text("2")
    press(mona, "s")
    press(mona, "k")
    press(mona, "r", "Escape")
    assert mona.evaluate("document.activeElement.matches('.one:not([hidden]) h2')")
    wait_until_sent(mona)
    assert Skip.objects.count() == 1


def test_what_is_shown_is_reserved_and_given_back_on_leaving(open_browser, write, moderator):
    for number in range(3):
        write(f"Avis {number}.", email=f"r{number}@example.org")
    mona = sit(open_browser(by=moderator))
    assert Claim.objects.filter(holder=moderator).count() == 3
    assert (
        max(claim.until for claim in Claim.objects.all()) - min(c.until for c in Claim.objects.all())
        > (claims.CLAIM_LASTS - claims.AHEAD_LASTS) / 2
    )
    mona.goto("/moderation/keys/")
    eventually(mona, lambda: not Claim.objects.exists())


def test_one_key_decides_the_same_texts_alike_and_one_opens_the_note(open_browser, write, moderator, take):
    same = "Demandez les comptes rendus du conseil municipal, tout y est écrit."
    decided, waits = write(same), write(same, email="b@example.org")
    take(decided, "REJECT", ground="SPAM")
    mona = sit(open_browser(by=moderator), "?queue=rejected")
    press(mona, "n")
    assert mona.evaluate("document.activeElement.matches('[data-note] textarea')")
    press(mona, "Escape")
    with mona.expect_navigation():
        mona.keyboard.press("=")
    waits.refresh_from_db()
    assert waits.is_rejected
    # What was decided together is taken back together, by the same key as ever.
    sit(mona)
    with mona.expect_navigation():
        mona.keyboard.press("u")
    waits.refresh_from_db()
    assert waits.is_pending
    assert_whole()


def test_taking_back_what_was_sent_says_that_its_answers_stay_rejected(open_browser, publish, moderator):
    moderator.language = "en"
    moderator.save()
    top = publish("Tous des vendus.")
    publish("Bien dit.", parent=top, email="b@example.org")
    mona = sit(open_browser(by=moderator), "?queue=approved&q=vendus")
    press(mona, "r")
    mona.locator(f"{IN_FOCUS} .grounds-answers summary").click()
    for box in mona.locator(f"{IN_FOCUS} [name=answers]").all():
        box.check()
    mona.locator(f"{IN_FOCUS} [name=ground][value=ABUSE]").focus()
    press(mona, "1")
    wait_until_sent(mona)
    assert Comment.objects.filter(status=Status.REJECTED).count() == 2
    mona.wait_for_timeout(SETTLED)
    press(mona, "u")
    expect(mona.locator("#said [role=status]")).to_contain_text("Its answers stay rejected")
    assert reads(mona) == str(top.public_id)
    wait_until_sent(mona)
    assert Comment.objects.filter(status=Status.REJECTED).count() == 1
    assert_whole()


def test_the_list_tells_what_was_refused_of_the_unsent(open_browser, lost, write, moderator, colleague, take):
    first = write("Premier.")
    write("Deuxième.", email="b@example.org")
    mona = sit(open_browser(by=moderator))
    mona.context.set_offline(True)
    press(mona, "a")
    kept = mona.evaluate("Object.entries(localStorage)")
    mona.evaluate("localStorage.clear()")
    mona.context.set_offline(False)
    Claim.objects.all().delete()
    take(first, "REJECT", by=colleague, ground="HATE")
    mona.goto("/moderation/?queue=pending&layout=list")
    mona.evaluate("kept => kept.forEach(([name, value]) => localStorage.setItem(name, value))", kept)
    mona.evaluate("dispatchEvent(new Event('online'))")
    expect(mona.locator("[data-refusals]")).to_contain_text("Karim")
    assert str(first.public_id) in mona.locator("[data-refusals] a").get_attribute("href")
    assert unsent(mona) == 0
