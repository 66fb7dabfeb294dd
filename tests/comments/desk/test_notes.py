"""Handover notes: who pins, where they hang, who takes them down."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from comments import notes
from comments.models import Note
from tests.comments.desk.cast import HOSTILE, at_desk, queries, soup, words
from tests.conftest import NOON

NOTES = "/moderation/notes/"


def test_a_note_hangs_until_the_end_of_the_day_it_says(moderator, colleague):
    answer = at_desk(moderator).post(NOTES, {"text": "Le maire relit ce soir.", "until": "2026-11-21"})
    assert answer.status_code == 303
    shown = words(at_desk(colleague).get(NOTES))
    assert "Le maire relit ce soir." in shown and "Note by Mona" in shown and "until 21 November 2026" in shown
    with time_machine.travel(NOON + timedelta(days=1, hours=10), tick=False):  # 23:00 in Paris
        assert "Le maire relit" in words(at_desk(colleague).get(NOTES))
    with time_machine.travel(NOON + timedelta(days=1, hours=11), tick=False):
        assert "Le maire relit" not in words(at_desk(colleague).get(NOTES))


def test_a_note_is_pinned_to_an_article_or_to_a_reader(moderator, article, pending):
    desk = at_desk(moderator)
    assert desk.post(NOTES, {"text": "Pas de noms.", "article": article.slug}).status_code == 303
    assert desk.post(NOTES, {"text": "S’emporte.", "reader": pending.reader.pk}).status_code == 303
    assert {(note.article, note.reader) for note in Note.objects.all()} == {(article, None), (None, pending.reader)}


@pytest.mark.parametrize(
    ("sent", "sentence"),
    [
        ({"text": "  "}, "The note is empty."),
        ({"text": "x" * 1001}, "1000 characters"),
        ({"text": "Bien.", "until": "2026-11-01"}, "still to come"),
        ({"text": "Bien.", "until": "demain"}, "as a date"),
        ({"text": "Bien.", "until": "9999-12-31"}, "as a date"),
    ],
)
def test_a_note_that_cannot_be_says_why_and_keeps_what_was_typed(moderator, pending, sent, sentence):
    for where in ({}, {"reader": pending.reader.pk}, {"article": pending.discussion.article.slug}):
        answer = at_desk(moderator).post(NOTES, sent | where)
        assert answer.status_code == 422 and sentence in words(answer, ".invalid-feedback")
        assert soup(answer).select_one("[name=text]").get_text().strip() == sent["text"].strip()
    assert not Note.objects.exists()


@pytest.mark.parametrize("where", [{"reader": "12345"}, {"reader": "x"}, {"article": "nulle-part"}])
def test_nothing_hangs_on_what_there_is_not(moderator, where):
    assert at_desk(moderator).post(NOTES, {"text": "Bien."} | where).status_code == 404


def test_a_note_is_taken_down_by_who_wrote_it_or_a_chief(moderator, colleague, chief):
    mine, other = (notes.pin(text, by=moderator, at=NOON) for text in ("Un.", "Deux."))
    url = reverse("take_down_note", args=[mine.pk])
    assert not soup(at_desk(colleague).get(NOTES)).select(f"form[action='{url}']")
    assert at_desk(colleague).post(url).status_code == 403 and Note.objects.pinned(at=NOON).count() == 2
    assert at_desk(moderator).post(url).status_code == 303
    assert at_desk(chief).post(reverse("take_down_note", args=[other.pk])).status_code == 303
    assert not Note.objects.pinned(at=NOON).exists() and Note.objects.count() == 2


def test_the_queries_of_the_page_are_fixed(moderator, pending, article):
    def pin() -> None:
        notes.pin("Un.", by=moderator, at=NOON)
        notes.pin("Deux.", by=moderator, at=NOON, article=article)
        notes.pin("Trois.", by=moderator, at=NOON, reader=pending.reader)

    pin()
    before = queries(at_desk(moderator), NOTES)
    for _turn in range(5):
        pin()
    assert queries(at_desk(moderator), NOTES) == before <= 12


def test_only_who_decides_pins(client, editor, stranger, moderator):
    note = notes.pin("Un.", by=moderator, at=NOON)
    down = reverse("take_down_note", args=[note.pk])
    assert client.get(NOTES).status_code == client.post(NOTES).status_code == client.post(down).status_code == 302
    for nobody in (editor, stranger):
        desk = at_desk(nobody)
        assert desk.get(NOTES).status_code == desk.post(NOTES, {"text": "Un."}).status_code == 403
        assert desk.post(down).status_code == 403
    assert at_desk(moderator).get(down).status_code == 405 and Note.objects.count() == 1


def test_what_colleagues_wrote_is_shown_as_text(moderator):
    notes.pin(HOSTILE, by=moderator, at=NOON)
    page = soup(at_desk(moderator).get(NOTES))
    assert not page.select("main script, main img") and "{{ 7|add:7 }}" in page.get_text()
