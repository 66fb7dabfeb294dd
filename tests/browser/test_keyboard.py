"""The desk worked by the keyboard alone: Tab, Shift, Enter, Space and arrows."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from comments.models import Comment, Decision

# More presses than this to reach the next act is not work that anybody can do a hundred times a day.
FAR = 60


def tab_to(page: Page, selector: str, *, most: int = FAR) -> None:
    """Press Tab until the focus is there; on its way it is always somewhere that can be seen."""
    for _press in range(most):
        page.keyboard.press("Tab")
        if page.evaluate("selector => document.activeElement.matches(selector)", selector):
            assert page.evaluate(VISIBLE_RING), f"the focus on {selector} cannot be seen"
            return
    raise AssertionError(f"{selector} is not reached by {most} presses of Tab")


VISIBLE_RING = """() => {
  const style = getComputedStyle(document.activeElement);
  const box = document.activeElement.getBoundingClientRect();
  const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
  return (ring || style.boxShadow !== "none") && box.bottom > 0 && box.top < innerHeight;
}"""


def in_card(comment: Comment, selector: str) -> str:
    return f"#card-{comment.public_id} {selector}"


@pytest.fixture
def desk(open_browser, moderator) -> Page:
    return open_browser(by=moderator)


def decided(comment: Comment) -> str:
    comment.refresh_from_db()
    return comment.status


def test_a_comment_is_approved_and_taken_back(desk, pending):
    desk.goto("/moderation/?layout=list")
    tab_to(desk, in_card(pending, "button[value=APPROVE]"))
    desk.keyboard.press("Enter")
    expect(desk.locator("#said [role=status]")).not_to_be_empty()
    assert decided(pending) == "APPROVED"
    # The act that had the focus is gone: its card has it now, and not the top of the page.
    expect(desk.locator(f"#card-{pending.public_id}")).to_be_focused()
    tab_to(desk, in_card(pending, ".act-undo button"))
    desk.keyboard.press("Enter")
    expect(desk.locator(in_card(pending, "button[value=APPROVE]"))).to_be_visible()
    assert decided(pending) == "PENDING"


def test_a_comment_is_rejected_on_a_ground(desk, pending):
    desk.goto("/moderation/?layout=list")
    tab_to(desk, in_card(pending, ".act-reject summary"))
    desk.keyboard.press("Enter")
    tab_to(desk, in_card(pending, "[name=ground]"))
    desk.keyboard.press("Space")
    first = desk.locator(in_card(pending, ".act-reject [name=ground]:checked")).input_value()
    desk.keyboard.press("ArrowDown")
    chosen = desk.locator(in_card(pending, ".act-reject [name=ground]:checked")).input_value()
    assert chosen != first
    tab_to(desk, in_card(pending, ".act-reject [name=note]"))
    desk.keyboard.type("Deuxième fois.")
    tab_to(desk, in_card(pending, "button[value=REJECT]"))
    desk.keyboard.press("Enter")
    expect(desk.locator("#said .last-undo")).to_be_visible()
    assert decided(pending) == "REJECTED"
    decision = Decision.objects.get()
    assert (decision.ground, decision.note) == (chosen, "Deuxième fois.")


def test_a_second_look_is_asked_for(desk, pending):
    desk.goto("/moderation/?layout=list")
    tab_to(desk, in_card(pending, ".act-flag summary"))
    desk.keyboard.press("Space")
    tab_to(desk, in_card(pending, ".act-flag [name=note]"))
    desk.keyboard.type("Le nom est-il le vrai ?")
    tab_to(desk, in_card(pending, "button[value=FLAG]"))
    desk.keyboard.press("Enter")
    expect(desk.locator("#said .last-undo")).to_be_visible()
    assert decided(pending) == "FLAGGED"


def test_suspects_are_ticked_and_rejected_together(desk, write):
    suspects = [write(f"Suspect {number}") for number in range(3)]
    Comment.objects.update(is_suspect=True)
    desk.goto("/moderation/?queue=suspects&layout=list")
    tab_to(desk, "[data-tick-all]")
    desk.keyboard.press("Space")
    expect(desk.locator("[data-ticked]")).to_contain_text("3")
    tab_to(desk, "#bulk summary")
    desk.keyboard.press("Enter")
    tab_to(desk, "#bulk [name=ground]")
    desk.keyboard.press("Space")
    tab_to(desk, "#bulk button[value=REJECT]")
    desk.keyboard.press("Enter")
    expect(desk.locator(".nothing")).to_be_visible()
    assert {decided(one) for one in suspects} == {"REJECTED"}


def test_the_first_press_skips_to_the_content(desk, open_browser, article):
    for page, address in ((desk, "/moderation/?layout=list"), (open_browser(), article.get_absolute_url())):
        page.goto(address)
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.matches('.skip')")
        assert page.evaluate(VISIBLE_RING)
        page.keyboard.press("Enter")
        assert page.url.endswith("#contenu")


def test_a_reader_writes_without_a_mouse(open_browser, article, approved):
    page = open_browser()
    page.goto(article.get_absolute_url())
    tab_to(page, f"[data-reply='{approved.public_id}']")
    page.keyboard.press("Enter")
    page.keyboard.type("Zoé")
    page.keyboard.press("Tab")
    page.keyboard.type("zoe@example.org")
    page.keyboard.press("Tab")
    page.keyboard.type("Sans souris.")
    tab_to(page, "#ecrire [type=submit]", most=4)
    page.keyboard.press("Enter")
    expect(page.locator("#merci")).to_be_visible()
    expect(page.locator("#merci")).to_be_focused()
    assert Comment.objects.get(text="Sans souris.").parent == approved
