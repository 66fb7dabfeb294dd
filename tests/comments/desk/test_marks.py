"""How a text is cut at its findings, and how times and sizes are told."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from django.utils import translation

from comments.counted import SIZE_CAP, Counted
from comments.templatetags.desk import ago, capped, counted, minutes_left, segments, states, waiting, written
from tests.conftest import NOON


@pytest.mark.parametrize(
    ("spans", "cut"),
    [
        ([], [("abcdef", (), ())]),
        ([(1, 0, 6)], [("abcdef", (1,), (1,))]),
        ([(1, 1, 3)], [("a", (), ()), ("bc", (1,), (1,)), ("def", (), ())]),
        ([(1, 0, 3), (2, 0, 3)], [("abc", (1, 2), (1, 2)), ("def", (), ())]),
        ([(1, 0, 4), (2, 2, 6)], [("ab", (1,), ()), ("cd", (1, 2), (1,)), ("ef", (2,), (2,))]),
        ([(1, 0, 6), (2, 2, 3)], [("ab", (1,), ()), ("c", (1, 2), (2,)), ("def", (1,), (1,))]),
        ([(1, 4, 9), (2, -1, 2), (3, 3, 3), (4, 5, 2), (5, 7, 8)], [("abcdef", (), ())]),
    ],
)
def test_a_text_is_cut_at_the_edges_of_its_findings(spans, cut):
    assert [(piece.text, piece.numbers, piece.ending) for piece in segments("abcdef", spans)] == cut


def test_an_empty_text_has_no_pieces():
    assert segments("", [(1, 0, 1)]) == []


@pytest.mark.parametrize(
    ("seconds", "compact", "in_words"),
    [
        (0, "0 s", "1 second ago"),
        (1, "1 s", "1 second ago"),
        (59, "59 s", "59 seconds ago"),
        (60, "1 min", "1 minute ago"),
        (3599, "59 min", "59 minutes ago"),
        (3600, "1 h 00", "1 h 00 ago"),
        (4320, "1 h 12", "1 h 12 ago"),
        (86_400, "1 d", "1 day ago"),
        (300_000, "3 d", "3 days ago"),
        (-5, "0 s", "1 second ago"),
    ],
)
def test_waiting_times_are_short_and_in_words(seconds, compact, in_words):
    since = NOON - timedelta(seconds=seconds)
    with translation.override("en"):
        assert (waiting(since, NOON), ago(since, NOON)) == (compact, in_words)


@pytest.mark.parametrize(
    ("hours", "told"),
    [(1, "written at 12:00"), (24, "written yesterday at 13:00"), (72, "written on 17 November 2026 at 13:00")],
)
def test_when_a_comment_was_written_is_told_as_a_sentence_would(hours, told):
    with translation.override("en"):
        shown = BeautifulSoup(written(NOON - timedelta(hours=hours), NOON), "html.parser").get_text()
    assert " ".join(shown.split()) == told


def test_a_lease_that_still_holds_shows_at_least_a_minute():
    assert [minutes_left(NOON + timedelta(seconds=s), NOON) for s in (1, 60, 61, 600)] == [1, 1, 2, 10]


def test_a_size_beyond_the_cap_is_told_as_more():
    with translation.override("en"):
        assert (capped(41), capped(SIZE_CAP), capped(SIZE_CAP + 1)) == ("41", "1,000", "1,000+")
        assert (counted(Counted(81_412)), counted(Counted(1000, is_more=True))) == ("81,412", "1,000+")


def test_a_number_of_comments_and_their_status_agree():
    with translation.override("fr"):
        one, two, more = (states("REJECTED", several) for several in (Counted(1), Counted(2), Counted(1, is_more=True)))
        assert (one, two, more, states("REJECTED")) == ("Refusé", "Refusés", "Refusés", "Refusés")
