"""One comment's whole way, in French: written, hidden everywhere, approved, reported, rejected, brought back."""

from __future__ import annotations

import json
from dataclasses import dataclass

import pytest
from bs4 import BeautifulSoup
from django.test import Client
from django.urls import reverse

from comments.models import Comment, Report
from newsroom.models import Article
from tests.conftest import make_article

WORDS = "La navette de 7 h 12 est déjà pleine au troisième arrêt."
NAME = "Solène R."
THANKS = "Merci pour votre commentaire. Il sera visible prochainement sous réserve de validation."


def said(answer) -> str:
    """What a page says, with typewriter apostrophes and plain spaces: typography is not what is tested."""
    page = BeautifulSoup(answer.content, "lxml")
    for unread in page.select("script, style, option"):
        unread.decompose()
    return folded(page.get_text(" "))


def folded(text: str) -> str:
    return " ".join(text.replace("’", "'").replace("\u202f", " ").replace("\u00a0", " ").split())


@pytest.fixture
def anybody() -> Client:
    """Another reader, who has never been here."""
    return Client()


@pytest.fixture
def public_addresses(article, publish) -> list[str]:
    """Every public address that could show the comment; the thread has another voice already."""
    make_article(article.section, slug="halles", headline="Les halles rouvrent")
    first = publish("Un premier avis.", name="Yannick L.")
    here = article.get_absolute_url()
    return [
        "/",
        "/sections/ville/",
        "/feed/",
        *(here + query for query in ("", "?sort=oldest", "?sort=answers", "?posted=1", f"?at={first.public_id}")),
        f"{here}comments/feed/",
        f"/comments/{first.public_id}/following/",
        f"/comments/{first.public_id}/report/",
    ]


def where_it_shows(browser: Client, addresses: list[str]) -> set[str]:
    return {address for address in addresses if folded(WORDS) in folded(browser.get(address).content.decode())}


def counted(browser: Client, article) -> tuple[str, str, int]:
    """What the article page, the front page and search engines are told."""
    page = BeautifulSoup(browser.get(article.get_absolute_url()).content, "lxml")
    front = BeautifulSoup(browser.get("/").content, "lxml")
    teaser = front.find("a", href=f"{article.get_absolute_url()}#comments") or front.find(
        "a", href=article.get_absolute_url()
    ).find_parent("article")
    told = [word for word in folded(teaser.get_text(" ")).split() if word.isdigit()]
    data = json.loads(page.select_one("script[type='application/ld+json']").string)
    return folded(page.select_one("#comments-title").get_text()), told[-1] if told else "0", data["commentCount"]


def desk_form(browser: Client, comment: Comment, queue: str, action: str) -> tuple[str, dict[str, str]]:
    """The form of one act as the desk has written it: its address and hidden fields."""
    page = BeautifulSoup(browser.get(reverse("desk"), {"queue": queue, "layout": "list"}).content, "lxml")
    card = page.select_one(f"#card-{comment.public_id}")
    assert card, f"the comment stands in the queue {queue}"
    for form in card.select("form"):
        if form.select_one(f"button[name=action][value={action}]"):
            hidden = {one["name"]: one["value"] for one in form.select("input[type=hidden]")}
            return form["action"], hidden | {"action": action}
    raise AssertionError(f"no {action} on the card")


@dataclass
class Journey:
    """One comment, the readers it passes, and the moderator who meets it. Each step says what must be true after it."""

    article: Article
    reader: Client
    anybody: Client
    desk: Client
    addresses: list[str]

    @property
    def here(self) -> str:
        return self.article.get_absolute_url()

    @property
    def comment(self) -> Comment:
        return Comment.objects.get(text=WORDS)

    def is_counted(self, visible: int) -> None:
        assert counted(self.anybody, self.article) == (f"Commentaires {visible}", str(visible), visible)

    def on_the_desk(self) -> str:
        return said(self.desk.get(reverse("desk"), {"layout": "list"}))

    def a_reader_writes_and_is_told_what_happens_next(self) -> None:
        form = BeautifulSoup(self.reader.get(self.here).content, "lxml").select_one("#ecrire form")
        assert "Votre email ne sera pas affiché publiquement." in folded(form.get_text(" "))
        assert "Tous les champs sont obligatoires." in said(self.reader.get(self.here))
        sent = {"author_name": NAME, "email": "solene@example.org", "text": WORDS}
        answer = self.reader.post(form["action"], sent)
        assert (answer.status_code, answer["Location"]) == (303, f"{self.here}?posted=1#comments")
        assert THANKS in said(self.reader.get(answer["Location"]))

    def it_is_hidden_everywhere(self) -> None:
        """From its own reader too."""
        for browser in (self.reader, self.anybody):
            assert where_it_shows(browser, self.addresses) == set()
            for page in ("", "report/", "following/"):
                assert browser.get(f"/comments/{self.comment.public_id}/{page}").status_code == 404
        self.is_counted(1)

    def a_moderator_approves_it(self) -> None:
        assert folded(WORDS) in self.on_the_desk()
        action, fields = desk_form(self.desk, self.comment, "pending", "APPROVE")
        done = self.desk.post(action, fields, follow=True)
        assert done.redirect_chain[0][1] == 303
        assert "Approuvé." in said(done)

    def it_is_visible_and_counted(self) -> None:
        # `?at=` begins with the branch it names: what is newer stands before it.
        of_this_article = {one for one in self.addresses if one.startswith(self.here) and "?at=" not in one}
        assert where_it_shows(self.anybody, self.addresses) == of_this_article
        self.is_counted(2)
        number = self.comment.public_id
        permalink = self.anybody.get(f"/comments/{number}/")
        assert permalink["Location"] == f"{self.here}?at={number}#comment-{number}"
        shown = BeautifulSoup(self.anybody.get(self.here).content, "lxml").select_one(f"#comment-{number}")
        assert NAME in shown.get_text()
        assert {"Répondre", "Signaler"} <= set(folded(shown.get_text(" ")).split())
        assert shown.find("a", href=reverse("report", args=[number]))

    def another_reader_reports_it(self) -> None:
        complaint = reverse("report", args=[self.comment.public_id])
        asked = said(self.anybody.get(complaint))
        assert "Le commentaire reste visible tant qu'elle n'a pas décidé." in asked
        thanked = self.anybody.post(complaint, {"reason": "HATE", "detail": "Voyez la fin.", "email": ""})
        assert thanked.status_code == 200
        assert "Merci pour votre signalement." in said(thanked)

    def the_moderator_upholds_the_report(self) -> None:
        opened = self.on_the_desk()
        assert "1 signalement ouvert" in opened
        assert "Voyez la fin." in opened
        action, fields = desk_form(self.desk, self.comment, "reported", "REJECT")
        assert "Refusé" in said(self.desk.post(action, fields | {"ground": "HATE"}, follow=True))
        assert Report.objects.get().state == "UPHELD"

    def the_moderator_takes_that_back(self) -> None:
        page = BeautifulSoup(self.desk.get(reverse("desk"), {"layout": "list"}).content, "lxml")
        undo = page.find("form", action=reverse("undo", args=[self.comment.public_id]))
        hidden = {one["name"]: one["value"] for one in undo.select("input[type=hidden]")}
        assert "Décision annulée." in said(self.desk.post(undo["action"], hidden, follow=True))

    def the_report_is_open_again(self) -> None:
        assert Report.objects.get().state == "OPEN"
        assert "Signalés" in said(self.desk.get(reverse("desk"), {"queue": "reported"}))
        assert desk_form(self.desk, self.comment, "reported", "APPROVE")


def test_the_whole_journey_of_a_comment(reader, anybody, moderator, signed_in, article, public_addresses):
    journey = Journey(article, reader, anybody, signed_in(moderator), public_addresses)
    journey.is_counted(1)
    journey.a_reader_writes_and_is_told_what_happens_next()
    journey.it_is_hidden_everywhere()
    journey.a_moderator_approves_it()
    journey.it_is_visible_and_counted()
    journey.another_reader_reports_it()
    journey.it_is_visible_and_counted()
    journey.the_moderator_upholds_the_report()
    journey.it_is_hidden_everywhere()
    journey.the_moderator_takes_that_back()
    journey.it_is_visible_and_counted()
    journey.the_report_is_open_again()


def test_a_reader_without_an_answer_in_time_sends_again_and_stands_once(reader, article, moderator, signed_in):
    """The same post twice, with the key that the page's script fetched: one comment, thanked twice."""
    key = reader.get(reverse("comment_key", args=[article.slug])).json()
    sent = {"author_name": NAME, "email": "solene@example.org", "text": WORDS}
    sent |= {"idempotency_key": key["key"], "signed_time": key["signed_time"]}
    url = reverse("submit_comment", args=[article.slug])
    assert [reader.post(url, sent).status_code for _again in range(3)] == [303, 303, 303]
    assert Comment.objects.count() == 1
    assert reader.post(url, sent | {"text": WORDS + " Et demain ?"}).status_code == 303
    assert Comment.objects.count() == 2


def test_an_answer_is_published_alone_and_outlives_what_it_answers(
    reader, article, publish, moderator, signed_in, take
):
    here, top = article.get_absolute_url(), publish("Qui paie ?", name="Colette")
    page = BeautifulSoup(reader.get(f"{here}?reply={top.public_id}").content, "lxml")
    form = page.select_one("#ecrire form")
    parent = form.select_one("[name=parent]")["value"]
    assert "Votre réponse à Colette" in folded(page.select_one("#ecrire").get_text(" "))
    sent = {"author_name": NAME, "email": "solene@example.org", "text": WORDS, "parent": parent}
    assert reader.post(form["action"], sent).status_code == 303
    answer = Comment.objects.get(text=WORDS)
    assert answer.parent == top
    take(answer, "APPROVE")
    take(top, "REJECT")
    shown = said(reader.get(here))
    assert "Commentaires 1" in shown
    assert "Commentaire retiré" in shown
    assert WORDS in shown
    assert "Colette" not in shown
