"""Tidying a text: what is passed by because it needs nothing needs nothing."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from newsroom.importers import decoding
from newsroom.importers.decoding import tidy


def test_a_character_that_is_passed_by_is_what_tidying_makes_of_it():
    passed_by = [char for char in map(chr, range(sys.maxunicode + 1)) if decoding._TIDY.fullmatch(char)]
    assert len(passed_by) > 300
    for char in passed_by:
        assert unicodedata.normalize("NFC", char) == char and not unicodedata.combining(char)
        assert not decoding._UNPRINTABLE.search(char) and char not in "\r\u2028\u2029"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("e\u0301", "é"),
        ("a\x00\ufeffb\u200b", "ab"),
        ("l\u2019été\xa0!", "l\u2019été\xa0!"),
    ],
)
def test_what_is_not_tidy_is_made_so(written, told):
    assert tidy(written) == told
