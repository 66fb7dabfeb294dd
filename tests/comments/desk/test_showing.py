"""What the list shows of each comment, and of the queue."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import claims, discussions
from comments.models import Finding, Report
from comments.queues import PAGE
from tests.comments.desk.cast import HOSTILE, act, card, find, report, soup, text_of
from tests.conftest import NOON


@pytest.fixture
def layout() -> str:
    return "LIST"


def test_the_desk_opens_on_reported_then_on_pending(desk, pending, approved):
    assert soup(desk.get("/moderation/")).find("h1").text.strip() == "Pending"
    report(approved)
    response = desk.get("/moderation/")
    assert soup(response).find("h1").text.strip() == "Reported"
    assert card(response, approved)


def test_an_unknown_queue_or_an_unreadable_cursor_gives_the_first_page(desk, pending):
    for query in ("?queue=nonsense", "?queue=pending&after=nonsense", "?queue=pending&after=a~b"):
        assert card(desk.get(f"/moderation/{query}"), pending)


def test_a_card_shows_what_it_takes_to_decide(desk, editor, article, publish, write):
    discussions.instruct(article, by=editor, instructions="Pas de noms d’élus sans source.")
    parent = publish("Qui paie ?", name="Odile")
    answer = write("La ville, comme toujours.", parent=parent, name="Gildas", email="gildas@example.org")
    shown = text_of(card(desk.get("/moderation/?queue=pending"), answer))
    for told in (article.headline, "Ville", "Pas de noms d’élus", "Odile", "Qui paie ?", "Approved", "Gildas"):
        assert told in shown
    assert "gildas@example.org" in shown and "1 h 00" in shown


def test_findings_are_marked_in_text_and_name_and_named_below(desk, write):
    comment = write("Les mêmes incapables VENDUS.", name="Rédaction du Courrier")
    find(comment, "incapables", ground="ABUSE")
    find(comment, "incapables VENDUS", rule="shouting")
    find(comment, "Rédaction", rule="staff_name", field="name")
    Finding.objects.create(comment=comment, rule="honeypot", field="form", detail="filled")
    shown = card(desk.get("/moderation/?queue=pending"), comment)
    marks = [(mark.find(string=True), mark["aria-describedby"]) for mark in shown.select(".sheet-text mark")]
    one, two = (f"card-{comment.public_id}-{n}" for n in (1, 2))
    assert marks == [("incapables", f"{one} {two}"), (" VENDUS", two)]
    assert [sup.text for sup in shown.select(".sheet-text sup")] == ["1", "2"]
    assert shown.select_one(".name mark").text == "Rédaction3"
    listed = [text_of(item) for item in shown.select(".found li")]
    assert listed[0] == "1 Watched word seen: incapables possible ground: Abuse"
    assert len(listed) == 4 and "Trap field" in listed[3]
    assert {text_of(small.parent) for small in shown.select(".ground small")} == {"1 Abuse noted"}


def test_a_finding_of_an_earlier_text_is_not_marked_in_this_one(desk, pending):
    find(pending, "Douze", revision=pending.revision + 1)
    shown = card(desk.get("/moderation/?queue=pending"), pending)
    assert not shown.select("mark") and not shown.select(".found")


def test_open_reports_stand_below_the_text_with_the_text_as_it_was(desk, approved):
    report(approved, "THREAT", "Il me menace.")
    Report.objects.update(text="Le texte d’avant.")
    shown = text_of(card(desk.get("/moderation/?queue=reported"), approved))
    for told in ("1 open report", "Threat", "urgent", "Il me menace.", "lea@example.org", "Le texte d’avant.", "Keep"):
        assert told in shown


def test_hostile_words_are_shown_as_words_wherever_they_come_from(desk, editor, article, publish, write, take):
    discussions.instruct(article, by=editor, instructions=HOSTILE)
    parent = publish(f"parent {HOSTILE}", name=HOSTILE[:60])
    comment = publish(f"text {HOSTILE}", name=HOSTILE[:60], parent=parent)
    find(comment, "<script>")
    find(comment, "<img src=x", field="text")
    report(comment, detail=HOSTILE)
    take(publish(f"flagged {HOSTILE}"), "FLAG", note=HOSTILE)
    for path in ("?queue=reported", "?queue=approved", "?queue=flagged", f"?comment={comment.public_id}"):
        page = soup(desk.get(f"/moderation/{path}"))
        assert not page.select("main :is(script, img)")
        assert HOSTILE in page.find("main").get_text()


def test_a_withdrawn_text_is_shown_to_nobody(desk, write, publish, take):
    gone = publish("Un secret que je regrette.", name="Lucette")
    find(gone, "secret")
    answer = write("Je vous réponds.", parent=gone)
    take(gone, "WITHDRAW", by="author")
    pages = [
        desk.get(f"/moderation/?comment={gone.public_id}"),
        desk.get("/moderation/?queue=pending"),
        act(desk, "decide", gone, action="REJECT", ground="ABUSE", version=1),
        act(desk, "decide", gone, action="REJECT", ground="ABUSE"),
    ]
    assert [page.status_code for page in pages] == [200, 200, 409, 409]
    assert card(pages[1], answer)
    for page in pages:
        assert "secret" not in page.content.decode() and "Lucette" in page.content.decode()


def test_a_long_queue_is_read_page_by_page_and_each_comment_once(desk, write):
    written = [write(f"Avis {n}", ago=timedelta(minutes=90 - n % 7)) for n in range(PAGE + 5)]
    first = desk.get("/moderation/?queue=pending")
    following = soup(first).select_one("a.pager-next")["href"]
    second = desk.get(following)
    ids = [tag["id"] for page in (first, second) for tag in soup(page).select("li.entry")]
    assert sorted(ids) == sorted(f"card-{comment.public_id}" for comment in written)
    assert soup(second).select_one("a.pager-next") is None


def test_the_desk_asks_as_much_of_the_database_for_many_comments_as_for_few(desk, publish, write, take, moderator):
    def one_more(n: int) -> None:
        parent = publish(f"Parent {n}", name=f"Parent {n}")
        comment = write(f"Avis {n} incapable", parent=parent, email=f"r{n}@example.org")
        find(comment, "incapable")
        claims.take(comment, by=moderator, at=NOON)
        report(parent, email=f"s{n}@example.org")

    def queries(queue: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert desk.get(f"/moderation/?queue={queue}").status_code == 200
        return len(asked)

    one_more(0)
    few = {queue: queries(queue) for queue in ("pending", "reported", "approved")}
    for n in range(1, 6):
        one_more(n)
    assert {queue: queries(queue) for queue in few} == few
    assert max(few.values()) <= 27


def test_the_rail_tells_sizes_and_how_long_the_oldest_waits(desk, write):
    write(ago=timedelta(hours=3, minutes=12))
    write(ago=timedelta(minutes=5))
    rail = soup(desk.get("/moderation/?queue=approved")).find(id="rail")
    assert "Pending 2" in text_of(rail) and "3 h 12" in text_of(rail)


def test_an_empty_queue_says_so_and_leads_on(desk, pending):
    page = soup(desk.get("/moderation/?queue=flagged"))
    assert "Nothing is waiting." in text_of(page)
    assert page.select_one(".nothing a[href='/moderation/?queue=pending']")
