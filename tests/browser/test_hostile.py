"""Hostile strings in a real browser: shown as text, and nothing of them runs."""

from __future__ import annotations

from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from comments.decisions import decide
from comments.models import Comment, Finding
from tests.hostile import OWN, folded

# Were one of the strings to run, it would call this.
TRAP = "window.hostile = () => { throw new Error('a hostile string has run') };"
# The text of each place, line breaks as spaces, without the numbers of its marks.
AS_WRITTEN = """places => places.map(place => {
  const copy = place.cloneNode(true);
  copy.querySelectorAll("sup").forEach(number => number.remove());
  copy.querySelectorAll("br, p").forEach(line => line.before(" "));
  return copy.textContent;
})"""


def test_nothing_of_a_hostile_string_runs(open_browser, article, write, moderator, editor):
    for number, text in enumerate(OWN):
        comment = write(text, name=text[:60], email=f"h{number}@example.org")
        Finding.objects.create(comment=comment, rule="links", start=0, end=1, detail=text[:200])
        if number % 2:
            decide(comment, action="APPROVE", version=1, by=moderator, at=timezone.now())
    article.headline = article.standfirst = OWN[1]
    article.save()
    thread = reverse("editor_thread", args=[article.slug])
    places = [
        (None, article.get_absolute_url(), ".comment-text"),
        (moderator, "/moderation/?queue=pending&layout=list", ".sheet-text"),
        (moderator, "/moderation/?queue=approved&layout=list", ".sheet-text"),
        (editor, thread, ".tree-text"),
        (moderator, reverse("admin:comments_comment_changelist"), None),
    ]
    stored = {folded(comment.text) for comment in Comment.objects.all()}
    for who, address, texts in places:
        page = open_browser(by=who)
        page.add_init_script(TRAP)
        page.goto(address)
        page.mouse.move(200, 400)
        page.keyboard.press("Tab")
        if texts:
            shown = {folded(text) for text in page.locator(texts).evaluate_all(AS_WRITTEN)}
            assert len(shown) >= 20
            assert shown - stored == set()


def test_an_answer_to_a_hostile_name_is_begun_as_text(open_browser, article, publish, moderator):
    comment = publish("Un avis.", name=OWN[5][:60])
    page = open_browser()
    page.add_init_script(TRAP)
    page.goto(article.get_absolute_url())
    page.click(f"[data-reply='{comment.public_id}']")
    expect(page.locator("#write-title")).to_contain_text(comment.author_name)
    page.fill("#ecrire [name=author_name]", OWN[0])
    page.fill("#ecrire [name=email]", "a@example.org")
    page.fill("#ecrire [name=text]", OWN[1])
    page.evaluate("document.querySelector('#ecrire [name=email]').value = '\"><img src=x onerror=hostile()>'")
    page.evaluate("document.querySelector('#ecrire form').noValidate = true")
    page.click("#ecrire form [type=submit]")
    expect(page.locator("#ecrire .invalid-feedback").first).to_be_visible()
    expect(page.locator("#ecrire [name=text]")).to_have_value(OWN[1])
