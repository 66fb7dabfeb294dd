"""Batches of many rows: made ahead in their order where the database works meanwhile, with memory for the indexes."""

from __future__ import annotations

from contextlib import closing
from threading import Event
from time import monotonic, sleep

import pytest
from django.db import connection
from django.utils import translation

from comments.batches import made_ahead, room_for_many
from comments.models import Claim

pytestmark = pytest.mark.django_db
# Seconds that a thread may take to begin on a busy machine.
PATIENCE = 60


def test_things_come_in_their_order_each_once():
    assert list(made_ahead(iter(range(1, 50)))) == list(range(1, 50))
    assert list(made_ahead(iter(()))) == []


def test_what_goes_wrong_in_the_making_is_told_to_who_asks():
    def made():
        yield 1
        raise LookupError("the second")

    came = []
    with pytest.raises(LookupError, match="the second"):
        came.extend(made_ahead(made()))
    assert came in ([1], [])


def test_statements_that_django_writes_down_under_debug_are_forgotten(settings):
    settings.DEBUG = True
    for _number in made_ahead(iter(range(3))):
        Claim.objects.exists()
    assert not connection.queries_log


@pytest.mark.parametrize("language", ["en", "fr"])
def test_they_are_made_in_the_language_of_who_asks(language):
    with translation.override(language):
        assert set(made_ahead(translation.get_language() for _number in range(3))) == {language}


def test_the_next_is_made_before_the_first_is_used():
    made = []

    def numbers():
        for number in range(3):
            made.append(number)
            yield number

    with closing(made_ahead(numbers())) as several:
        for number in several:
            wait_until(lambda: len(made) >= min(3, number + 2))


def wait_until(is_so):
    until = monotonic() + PATIENCE
    while not is_so():
        assert monotonic() < until
        sleep(0.01)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite asks the interpreter back for each row")
def test_the_next_is_made_while_the_one_before_is_used():
    next_is_made = Event()

    def made():
        yield 1
        next_is_made.set()
        yield 2

    with closing(made_ahead(made())) as several:
        assert next(several) == 1
        assert next_is_made.wait(PATIENCE)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has memory of its own")
def test_sqlite_keeps_more_pages_meanwhile_and_as_many_as_before_afterwards():
    def kept():
        with connection.cursor() as cursor:
            return cursor.execute("PRAGMA cache_size").fetchone()[0]

    before = kept()
    with room_for_many():
        assert kept() != before
    assert kept() == before
