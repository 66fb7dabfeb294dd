"""What moderators pin for each other, and how it comes down."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from comments.models import Note, Reader
from comments.notes import Unfit, pin, pinned_for, take_down
from tests.conftest import make_article

HOUR = timedelta(hours=1)


@pytest.fixture
def odile(db, at) -> Reader:
    return Reader.objects.create(email="odile@example.org", first_seen_at=at)


def test_a_note_hangs_where_it_was_pinned_and_on_the_desk_for_all(article, odile, section, moderator, at):
    desk = pin("Le procès reprend lundi : prudence.", by=moderator, at=at)
    on_article = pin("Le maire répond demain.", article=article, by=moderator, at=at + HOUR)
    on_reader = pin("Déjà prévenue.", reader=odile, by=moderator, at=at + 2 * HOUR)
    later = at + 3 * HOUR
    assert list(pinned_for(at=later)) == [desk]
    assert list(pinned_for(at=later, article=article, reader=odile)) == [on_reader, on_article, desk]
    assert list(pinned_for(at=later, article=make_article(section, slug="autre"))) == [desk]


def test_a_note_comes_down_by_itself_at_its_end(moderator, at):
    note = pin("Jusqu’à midi.", until=at + HOUR, by=moderator, at=at)
    assert list(pinned_for(at=at)) == [note]
    assert list(pinned_for(at=at + HOUR)) == []


def test_a_moderator_takes_down_own_notes_and_a_chief_anybodys(moderator, colleague, chief, at):
    own, other = pin("a", by=moderator, at=at), pin("b", by=moderator, at=at)
    with pytest.raises(PermissionDenied):
        take_down(own, by=colleague, at=at)
    assert take_down(own, by=moderator, at=at).taken_down_by == moderator
    assert take_down(other, by=chief, at=at).taken_down_by == chief
    assert list(pinned_for(at=at)) == []
    assert Note.objects.count() == 2


def test_taking_down_twice_keeps_who_did_first(moderator, chief, at):
    note = pin("a", by=moderator, at=at)
    take_down(note, by=moderator, at=at)
    assert take_down(note, by=chief, at=at + HOUR).taken_down_by == moderator
    assert note.taken_down_at == at


def test_who_does_not_moderate_pins_nothing(editor, stranger, at):
    for somebody in (editor, stranger):
        with pytest.raises(PermissionDenied):
            pin("a", by=somebody, at=at)
    assert not Note.objects.exists()


@pytest.mark.parametrize(
    ("text", "ends", "field"), [(" \u200b\n", None, "text"), ("x" * 1001, None, "text"), ("x", 0, "until")]
)
def test_an_empty_a_long_or_an_ended_note_is_refused_with_a_sentence(moderator, at, text, ends, field):
    with pytest.raises(Unfit) as refusal:
        pin(text, until=None if ends is None else at, by=moderator, at=at)
    assert refusal.value.field == field and str(refusal.value)
    assert not Note.objects.exists()


def test_the_notes_cost_one_query(article, odile, moderator, at):
    for number in range(4):
        pin(str(number), article=article, by=moderator, at=at)
        pin(str(number), reader=odile, by=moderator, at=at)
    with CaptureQueriesContext(connection) as queries:
        for note in pinned_for(at=at, article=article, reader=odile):
            assert note.written_by.shown_name and (note.article or note.reader)
    assert len(queries) == 1


def test_the_database_refuses_a_note_on_two_things(article, odile, moderator, at):
    with pytest.raises(IntegrityError), transaction.atomic():
        Note.objects.create(text="x", article=article, reader=odile, written_by=moderator, written_at=at)
