"""What stands beside a comment while somebody decides on it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments import claims, discussions, notes, standing
from comments.around import with_context
from comments.models import Comment, Finding, Status
from comments.reports import file_report
from comments.views.desk.context import context_of
from tests.comments.desk.cast import HOSTILE, at_desk, soup, words
from tests.conftest import NOON, make_article

SAME = "Demandez les comptes rendus du conseil municipal, tout y est écrit."


@pytest.fixture
def beside(moderator):
    """The context of a comment as this moderator reads it."""
    desk = at_desk(moderator)
    return lambda comment: desk.get(reverse("comment_context", args=[comment.public_id]))


def read(comment: Comment) -> Comment:
    return with_context(Comment.objects.filter(pk=comment.pk)).get()


def told(response) -> list[str]:
    return [" ".join(line.span.get_text().split()) for line in soup(response).select(".timeline li")]


def test_the_instructions_of_the_article_come_first(beside, pending, chief, article):
    discussions.instruct(article, by=chief, instructions="Pas de noms d’agents.")
    first = soup(beside(pending)).select_one(".context section")
    assert first.h2.get_text() == "Instructions for this article"
    assert "Pas de noms d’agents." in first.select_one(".instructions").get_text()
    assert article.headline in first.get_text() and article.standfirst in first.get_text()
    assert first.select_one(f"a[href='{article.get_absolute_url()}']")


def test_the_reader_is_counted_with_the_grounds_of_what_was_rejected(beside, write, take, publish):
    pending, insult, spam = write("Un."), write("Deux."), write("Trois.")
    take(insult, "REJECT", ground="ABUSE")
    take(spam, "REJECT", ground="SPAM")
    visible = publish("Quatre.")
    file_report(visible, reason="SPAM", detail="", email="", address="192.0.2.9", port=None, at=NOON)
    write("D’une autre.", email="autre@example.org")
    page = soup(beside(pending))
    counted = {one.dt.get_text().strip(): one.dd.get_text().strip() for one in page.select(".tally div")}
    assert counted == {"Approved": "1", "Rejected": "2", "Pending": "1", "Reported": "1"}
    assert "Abuse 1, Spam 1" in words(beside(pending), "[data-reader]")
    assert len(page.select(".last-said li")) == 4


def test_an_imported_comment_without_an_email_has_no_reader(beside, write):
    page = beside(write(email=""))
    assert page.status_code == 200 and "nothing is known of its author" in words(page, ".context")
    assert not soup(page).select("[data-reader]")


def test_the_history_tells_each_step_in_order(beside, write, publish, take, moderator, colleague):
    above = publish("Au-dessus.", name="Yannick L.")
    comment = write("En dessous.", parent=above)
    Finding.objects.create(comment=comment, rule="shouting")
    take(comment, "APPROVE", by=colleague)
    file_report(
        comment, reason="ABUSE", detail="Il insulte.", email="", address="192.0.2.9", port=None,
        at=NOON + timedelta(minutes=2),
    )  # fmt: skip
    claims.take(comment, by=moderator, at=NOON)
    written, screened, approved, reported, held = told(beside(comment))
    assert written == "Written, in answer to Yannick L." and screened == "Screened: 1 finding"
    assert approved == "Approved by Karim" and held == "Reserved for you until 13:10"
    assert reported.startswith("Reported: Abuse or harassment") and "Il insulte." in reported


def test_the_history_tells_what_was_undone_and_on_which_ground(beside, pending, take, moderator):
    from comments.decisions import undo

    take(pending, "REJECT", ground="HATE", note="Vu deux fois.")
    undo(pending, version=pending.version, by=moderator, at=NOON)
    history = told(beside(pending))
    assert any(line.startswith("Rejected by Mona: Hate") and "Vu deux fois." in line for line in history)
    assert "Last decision taken back by Mona" in history[-1]


def test_the_same_text_under_another_article_is_shown_with_what_was_decided(beside, write, take, section):
    elsewhere = make_article(section, slug="lignes", headline="Lignes 4 et 7")
    comment, other = write(SAME), write(SAME + " !", under=elsewhere, email="autre@example.org")
    take(other, "REJECT", ground="SPAM")
    page = beside(comment)
    same = words(page, ".alike")
    assert "100 %" in same and "Rejected" in same and "Lignes 4 et 7" in same and "Spam" in same
    assert not soup(page).select("[data-alike]"), "nothing of it waits"


def test_what_waits_with_the_same_text_is_decided_alike_in_one_press(beside, write, take, moderator, section):
    elsewhere = make_article(section, slug="lignes", headline="Lignes 4 et 7")
    comment, other, unlike = write(SAME), write(SAME, under=elsewhere), write("Tout autre chose que cela, vraiment.")
    take(comment, "REJECT", ground="SPAM")
    form = soup(beside(comment)).select_one("[data-alike]")
    assert form["data-alike"] == f"{other.public_id}.1"
    sent = {field["name"]: field["value"] for field in form.select("[name]")}
    assert at_desk(moderator).post(form["action"], sent).status_code == 303
    other.refresh_from_db(), unlike.refresh_from_db()
    assert other.status == Status.REJECTED and unlike.status == Status.PENDING
    newest = other.decisions.get()
    assert newest.ground == "SPAM" and newest.bulk is not None


def test_two_that_wait_with_the_same_text_are_approved_together(beside, write, moderator):
    comment, other = write(SAME), write(SAME, email="autre@example.org")
    form = soup(beside(comment)).select_one("[data-alike]")
    sent = {"comment": [field["value"] for field in form.select("[name=comment]")], "action": "APPROVE"}
    assert at_desk(moderator).post(form["action"], sent).status_code == 303
    comment.refresh_from_db(), other.refresh_from_db()
    assert comment.is_visible and other.is_visible


def test_notes_hang_beside_their_article_and_their_reader_only(beside, pending, write, moderator, article, section):
    notes.pin("Le maire relit.", by=moderator, at=NOON, article=article)
    notes.pin("S’emporte sur les élus.", by=moderator, at=NOON, reader=pending.reader)
    shown = words(beside(pending), ".context")
    assert "Le maire relit." in shown and "S’emporte sur les élus." in shown
    elsewhere = make_article(section, slug="lignes", headline="Lignes 4 et 7")
    other = words(beside(write("Ailleurs.", under=elsewhere, email="autre@example.org")), ".context")
    assert "Le maire relit." not in other and "S’emporte" not in other


def test_a_moderator_is_not_offered_what_a_chief_may_do(beside, pending, chief):
    def offered(page):
        return [option["value"] for option in soup(page).select("select[name=measure] option")]

    assert offered(beside(pending)) == ["HOLD-1", "HOLD-3", "HOLD-7", "MUTE-1", "MUTE-7"]
    more = offered(at_desk(chief).get(reverse("comment_context", args=[pending.public_id])))
    assert set(more) - set(offered(beside(pending))) == {"HOLD-30", "MUTE-30", "MUTE"}


def test_what_people_wrote_is_shown_as_text(beside, write, chief, article, moderator, publish):
    comment = write(HOSTILE, name=HOSTILE[:60])
    write(HOSTILE, email="autre@example.org")
    discussions.instruct(article, by=chief, instructions=HOSTILE)
    notes.pin(HOSTILE, by=moderator, at=NOON, reader=comment.reader)
    standing.set_standing(comment.reader, kind="WATCH", reason=HOSTILE, by=moderator, at=NOON)
    page = soup(beside(comment))
    assert not page.select(".context script, .context img") and "{{ 7|add:7 }}" in page.get_text()


def test_the_queries_of_one_comment_are_fixed(write, take, publish, moderator):
    comment = write(SAME)

    def asked() -> int:
        known = read(comment)
        with CaptureQueriesContext(connection) as seen:
            context_of(known, user=moderator, at=NOON)
        return len(seen)

    def happen(number: int) -> None:
        take(write(f"{SAME} {number}"), "REJECT")
        standing.set_standing(comment.reader, kind="WATCH", reason="Encore.", by=moderator, at=NOON)
        notes.pin("Encore.", by=moderator, at=NOON, reader=comment.reader)
        notes.pin("Encore.", by=moderator, at=NOON, article=comment.discussion.article)
        visible = publish(f"Visible {number}, tout autrement.")
        file_report(visible, reason="SPAM", detail="", email="", address="192.0.2.9", port=None, at=NOON)

    happen(0)
    before = asked()
    for number in range(1, 12):
        happen(number)
    assert asked() == before <= 20


def test_only_who_decides_reads_it(pending, editor, stranger, client):
    url = reverse("comment_context", args=[pending.public_id])
    assert client.get(url).status_code == 302
    assert at_desk(editor).get(url).status_code == 403
    assert at_desk(stranger).get(url).status_code == 403
    assert at_desk(editor).get(reverse("comment_context", args=[12345])).status_code == 403


def test_the_page_of_one_comment_shows_all_that_stands_beside_it(moderator, pending):
    page = soup(at_desk(moderator).get(f"/moderation/?comment={pending.public_id}"))
    context = page.select_one("li.entry .context")
    assert context.select_one(".timeline") and context.select_one("[data-reader]") and not page.select(".beside")
    anchors = [one["id"] for one in page.select("[id]")]
    assert len(anchors) == len(set(anchors))
