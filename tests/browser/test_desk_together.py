"""Several comments decided at once in a browser: by keys, and never by an Enter that meant something else."""

from __future__ import annotations

import pytest

from comments.models import Comment, Decision
from tests.browser.test_desk_keys import press, sit


@pytest.fixture
def suspects(write) -> list[Comment]:
    comments = [write(f"Offre {n} http://exemple.example", email=f"r{n}@example.org") for n in range(3)]
    Comment.objects.update(is_suspect=True)
    return comments


def test_slash_leads_to_the_search(open_browser, write, moderator):
    write("Avis.")
    for layout in ("focus", "list"):
        mona = sit(open_browser(by=moderator), f"?queue=pending&layout={layout}")
        press(mona, "/")
        assert mona.evaluate("document.activeElement.matches('[data-search]')")


def test_the_ticked_are_rejected_by_keys_on_the_ground_of_a_digit(open_browser, suspects, moderator):
    mona = sit(open_browser(by=moderator), "?queue=suspects&layout=list")
    press(mona, "j", "x", "j", "x")
    with mona.expect_navigation():
        press(mona, "Shift+R", "8")
    decided = Decision.objects.values_list("action", "ground")
    assert list(decided) == [("REJECT", "SPAM")] * 2
    sit(mona, "?queue=suspects&layout=list")
    press(mona, "j", "x", "Shift+R", "Escape")
    assert mona.evaluate("document.activeElement.matches('#bulk summary')")
    assert Decision.objects.count() == 2


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
@pytest.mark.parametrize("path", ["?queue=suspects&layout=list", "bulk/all/?queue=suspects"], ids=["ticked", "all"])
def test_enter_never_approves_several_at_once(open_browser, suspects, moderator, path, scripts):
    """A form's first button is what Enter presses in its fields, and among these acts the first one is to approve."""
    mona = sit(open_browser(by=moderator, scripts=scripts), path)
    for box in mona.locator(".tick input").all():
        box.check()
    if boxes := mona.locator(".tick input").all():
        boxes[0].press("Enter")
        mona.wait_for_load_state()
        assert not Decision.objects.exists(), "a ground is asked for first"
    if not mona.locator("details[open] .grounds").count():
        mona.locator(":is(#bulk, .bulk-all-form) .button-reject").first.click()
    mona.locator(":is(#bulk, .bulk-all-form) [name=ground]").first.focus()
    with mona.expect_navigation():
        press(mona, "Space", "Enter")
    assert list(Decision.objects.values_list("action", flat=True)) == ["REJECT"] * 3
