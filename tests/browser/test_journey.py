"""The whole journey by hand, with scripts and without."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from comments.models import Comment, Report
from tests.browser.patience import eventually

WORDS = "La navette de 7 h 12 est déjà pleine au troisième arrêt."
# Quicker than this, a form was filled in by a machine.
A_PERSONS_PACE = 2.2


def write(page: Page, text: str, *, name: str = "Solène R.") -> None:
    page.fill("#ecrire [name=author_name]", name)
    page.fill("#ecrire [name=email]", "solene@example.org")
    page.fill("#ecrire [name=text]", text)


def send(page: Page) -> None:
    page.click("#ecrire form [type=submit]")
    expect(page.locator("#merci")).to_be_visible()


def card(page: Page, comment: Comment):
    return page.locator(f"#card-{comment.public_id}")


@dataclass
class ByHand:
    """One comment's way through three windows: its reader's, anybody's, and the moderator's."""

    here: str
    reader: Page
    anybody: Page
    desk: Page

    @property
    def comment(self) -> Comment:
        return Comment.objects.get(text=WORDS)

    def a_reader_writes(self, *, seconds_taken: float) -> None:
        self.reader.goto(self.here)
        write(self.reader, WORDS)
        self.reader.wait_for_timeout(seconds_taken * 1000)
        send(self.reader)
        assert self.comment.is_pending
        assert not self.comment.is_suspect

    def nobody_sees_it(self) -> None:
        self.anybody.goto(self.here)
        expect(self.anybody.get_by_text(WORDS)).to_have_count(0)
        expect(self.anybody.locator("#comments-title .num")).to_have_text("1")

    def everybody_sees_it(self) -> None:
        self.anybody.goto(self.here)
        expect(self.anybody.locator(f"#comment-{self.comment.public_id}")).to_contain_text(WORDS)
        expect(self.anybody.locator("#comments-title .num")).to_have_text("2")

    def a_moderator_approves_it(self) -> None:
        self.desk.goto("/moderation/?layout=list")
        card(self.desk, self.comment).locator("button[value=APPROVE]").click()
        expect(self.desk.locator("#said [role=status]")).not_to_be_empty()
        assert self.comment.is_visible

    def another_reader_reports_it(self) -> None:
        number = self.comment.public_id
        self.anybody.locator(f"#comment-{number} a[href='{reverse('report', args=[number])}']").click()
        self.anybody.check("[name=reason][value=HATE]")
        self.anybody.fill("[name=detail]", "Voyez la fin.")
        self.anybody.click("form .button-primary")
        expect(self.anybody.locator(".thanks[role=status]")).to_be_visible()

    def the_moderator_upholds_the_report(self) -> None:
        self.desk.goto("/moderation/?layout=list")
        shown = card(self.desk, self.comment)
        expect(shown).to_contain_text("Voyez la fin.")
        shown.locator(".act-reject summary").click()
        shown.locator("label.ground-HATE").click()
        shown.locator("button[value=REJECT]").click()
        # What was done before is told in the same place: the row itself says when this act is done.
        eventually(self.desk, lambda: Report.objects.get().state == "UPHELD")
        undo = reverse("undo", args=[self.comment.public_id])
        expect(self.desk.locator(f"#said form[action='{undo}']")).to_be_visible()

    def the_moderator_takes_that_back(self) -> None:
        self.desk.click("#said .last-undo button")
        eventually(self.desk, lambda: Report.objects.get().state == "OPEN")
        expect(card(self.desk, self.comment).locator("button[value=APPROVE]").first).to_be_visible()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
def test_the_whole_journey_by_hand(open_browser, article, approved, moderator, scripts):
    journey = ByHand(
        here=article.get_absolute_url(),
        reader=open_browser(scripts=scripts),
        anybody=open_browser(scripts=scripts),
        desk=open_browser(by=moderator, scripts=scripts),
    )
    # Without scripts the form knows no time: there is nothing to be too quick for.
    journey.a_reader_writes(seconds_taken=A_PERSONS_PACE if scripts else 0)
    journey.nobody_sees_it()
    journey.a_moderator_approves_it()
    journey.everybody_sees_it()
    journey.another_reader_reports_it()
    journey.the_moderator_upholds_the_report()
    journey.nobody_sees_it()
    journey.the_moderator_takes_that_back()
    journey.everybody_sees_it()


class TestTheForm:
    def test_it_fetches_a_key_a_time_and_the_delay(self, open_browser, article, publish, moderator):
        for number in range(6):
            publish(f"Voix {number}", email=f"v{number}@example.org")
        page = open_browser()
        page.goto(article.get_absolute_url())
        assert page.input_value("[name=idempotency_key]") == "" or page.locator("#ecrire").is_visible()
        page.locator("#ecrire").scroll_into_view_if_needed()
        expect(page.locator("[name=idempotency_key]")).not_to_have_value("")
        expect(page.locator("[name=signed_time]")).not_to_have_value("")
        expect(page.locator(".delay")).to_be_visible()

    def test_a_mistake_is_told_in_place_and_what_was_typed_is_kept(self, open_browser, article, approved):
        page = open_browser()
        page.goto(article.get_absolute_url())
        page.evaluate("document.querySelector('#ecrire form').noValidate = true; window.stayed = true")
        page.fill("#ecrire [name=text]", WORDS)
        page.fill("#ecrire [name=email]", "pas-une-adresse")
        page.click("#ecrire form [type=submit]")
        expect(page.locator("#ecrire .invalid-feedback").first).to_be_visible()
        expect(page.locator("#ecrire [name=text]")).to_have_value(WORDS)
        expect(page.locator("#ecrire [name=email]")).to_have_attribute("aria-invalid", "true")
        assert page.evaluate("window.stayed"), "the page was not loaded anew"
        assert page.evaluate("document.activeElement.matches('[aria-invalid=true]')")
        page.evaluate("document.querySelector('#ecrire form').noValidate = true")
        write(page, WORDS)
        send(page)
        assert Comment.objects.filter(text=WORDS).count() == 1

    @pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
    def test_an_answer_names_what_it_answers(self, open_browser, article, approved, scripts):
        page = open_browser(scripts=scripts)
        page.goto(article.get_absolute_url())
        page.click(f"[data-reply='{approved.public_id}']")
        expect(page.locator("#write-title")).to_contain_text(approved.shown_name)
        if scripts:
            assert page.evaluate("document.querySelector('#ecrire').previousElementSibling.id") == (
                f"comment-{approved.public_id}"
            )
            assert page.evaluate("document.activeElement.name") == "author_name"
        write(page, WORDS)
        send(page)
        assert Comment.objects.get(text=WORDS).parent == approved

    def test_an_answer_that_was_begun_can_be_left(self, open_browser, article, approved):
        page = open_browser()
        page.goto(article.get_absolute_url())
        page.click(f"[data-reply='{approved.public_id}']")
        page.click("[data-cancel]")
        expect(page.locator("[name=parent]")).to_have_value("")
        write(page, WORDS)
        send(page)
        assert Comment.objects.get(text=WORDS).parent is None

    def test_one_more_can_be_written_after_the_thanks(self, open_browser, article):
        page = open_browser()
        page.goto(article.get_absolute_url())
        write(page, WORDS)
        send(page)
        page.click("[data-write-again]")
        write(page, "Et le soir, c’est pire.")
        send(page)
        assert Comment.objects.count() == 2

    def test_a_discussion_that_was_closed_meanwhile_says_so(self, open_browser, article, approved, chief, at):
        from comments import discussions

        page = open_browser()
        page.goto(article.get_absolute_url())
        write(page, WORDS)
        discussions.close(article, by=chief, reason="Assez.", at=at)
        page.click("#ecrire form [type=submit]")
        expect(page.locator("#ecrire [role=alert]")).to_be_visible()
        assert Comment.objects.count() == 1

    def test_further_answers_come_in_place(self, open_browser, article, approved, publish):
        for number in range(6):
            publish(f"Réponse {number}", parent=approved, email=f"r{number}@example.org")
        page = open_browser()
        page.goto(article.get_absolute_url())
        expect(page.get_by_text("Réponse 5")).to_have_count(0)
        page.click(".branch a.more")
        expect(page.get_by_text("Réponse 5")).to_be_visible()
        expect(page.locator(".branch .comment")).to_have_count(7)
