"""The desk's pages beside its queues: axe finds nothing, nothing scrolls sideways, and they work without scripts."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from comments import notes, saved_views, standing
from comments.bulks import decide_bulk
from comments.filters import Filters
from comments.models import Comment, DeskSettings, Finding

SAME = "Demandez les comptes rendus du conseil municipal, tout y est écrit."
axe = Axe()


@pytest.fixture
def world(write, take, chief, article) -> dict[str, str]:
    """One of each thing these pages show; gives the addresses."""
    now = timezone.now()
    comment, again = write(SAME), write(SAME, email="autre@example.org")
    take(write("Refusé déjà."), "REJECT", by=chief)
    Finding.objects.create(comment=comment, rule="banned_words", ground="THREAT", start=0, end=8, detail="Demandez")
    DeskSettings.objects.create(user=chief, mask_strong_words=True)
    standing.set_standing(comment.reader, kind="MUTE", days=7, reason="Insulte.", by=chief, at=now)
    for where in ({}, {"article": article}, {"reader": comment.reader}):
        notes.pin("À relire ce soir.", by=chief, at=now, **where)
    saved_views.save_view("À tous", code="pending", filters=Filters(waiting=60), by=chief, at=now, is_shared=True)
    act, _outcomes = decide_bulk([(again, 1)], action="APPROVE", by=chief, at=now)
    return {
        "focus": "/moderation/?queue=pending&layout=focus&rule=banned_words",
        "list": "/moderation/?queue=pending&layout=list&rule=banned_words",
        "reader": reverse("reader", args=[comment.reader_id]),
        "notes": reverse("notes"),
        "search": f"{reverse('search')}?q=comptes",
        "nothing found": f"{reverse('search')}?q=absent",
        "mine": reverse("mine"),
        "all that match": f"{reverse('bulk_all')}?queue=pending",
        "done": reverse("bulk_done", args=[act.pk]),
    }


@pytest.mark.parametrize(("width", "dark"), [(1440, False), (1440, True), (390, False), (390, True)])
def test_axe_finds_nothing_on_the_pages_beside_the_queues(open_browser, chief, world, width, dark):
    page = open_browser(by=chief, width=width, dark=dark)
    for name, address in world.items():
        assert page.goto(address).status == 200, name
        for summary in page.locator("main details, .context details").all():
            summary.evaluate("one => one.open = true")
        found = axe.run(page).response["violations"]
        assert [(fault["id"], [node["target"] for node in fault["nodes"]]) for fault in found] == [], name


def test_nothing_scrolls_sideways_on_the_smallest_phone(open_browser, chief, world):
    page = open_browser(by=chief, width=320)
    for name, address in world.items():
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0, name


def test_all_that_match_are_rejected_and_taken_back_without_scripts(open_browser, moderator, write):
    texts = [write(f"Publicité numéro {number}.") for number in range(3)]
    page = open_browser(by=moderator, scripts=False)
    page.goto("/moderation/?queue=pending&q=publicité")
    page.locator(".active-filters a[href*='bulk/all']").click()
    page.locator("summary.button-reject").click()
    page.locator(".ground-SPAM").click()
    page.locator("button.button-reject-full").click()
    expect(page.locator("form[action$='/undo/']")).to_be_visible()
    assert set(Comment.objects.values_list("status", flat=True)) == {"REJECTED"}
    page.locator("form[action$='/undo/'] button").click()
    expect(page.locator("form[action$='/undo/']")).to_have_count(0)
    assert set(Comment.objects.values_list("status", flat=True)) == {"PENDING"} and len(texts) == 3


def test_a_masked_word_is_shown_by_the_keyboard_alone(open_browser, chief, world):
    page = open_browser(by=chief, scripts=False)
    page.goto(world["list"])
    word = page.locator(".sheet-text .strong-word").first
    expect(word).to_be_hidden()
    page.locator(".sheet-text .masked input").first.press("Space")
    expect(word).to_be_visible()
