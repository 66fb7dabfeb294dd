"""What is stored of what was typed. Tables, no database."""

from __future__ import annotations

import gzip
import json
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.plain_text import clean_email, clean_name, clean_text
from tests.conftest import shared_file

FAMILY = "👨\u200d👩\u200d👧"
SCOTLAND = "🏴\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f"
HOSTILE = st.text(
    st.characters() | st.sampled_from("\r\n\t \x00\x85\u200b\u200c\u200d\u202e\ufeff\u2800\ud800e\u0301é👩")
)

AS_WRITTEN = [
    "Et l'accès aux halles ?\n\nDouze mois, donc dix-huit.",
    "« Oui »\u202f! <b>gras</b> & 5 < 6 ; \ttabulé",
    "RAS LE BOL!!!!   trois   espaces",
    FAMILY,
    "❤\ufe0f\u200d🔥",
    "می\u200cخواهم",  # Persian: without its non-joiner it is another word
    "क\u094d\u200dष",
    SCOTLAND,
    "𝓑onjour ﬁn ½",  # NFC, not NFKC: ligatures and mathematical letters are the reader's
]


@pytest.mark.parametrize("text", AS_WRITTEN)
def test_a_readers_words_are_stored_as_written(text):
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("un\r\ndeux\rtrois\u2028quatre\x85cinq", "un\ndeux\ntrois\nquatre\ncinq"),
        ("e\u0301te\u0301", "été"),
        ("\x00a\x07b\x1b[31m\x9f", "ab[31m"),
        ("user\u202egnp.exe\u202c \u2066x\u2069", "usergnp.exe x"),
        ("\u200e\u200f\u061ca", "a"),
        ("c\u200bo\ufeffn\u2060", "con"),
        ("c\u200do\u200cn", "con"),
        ("👩\u200d\u200d\u200d👧", "👩\u200d👧"),
        ("👩\u200d", "👩"),
        ("a\ud800b\udfff", "ab"),
        ("a\ufffe\uffff\U0010ffffb\ufdd0", "ab"),
        ("caché\U000e0068\U000e0069", "caché"),
        ("  \n\tici\u3000\n ", "ici"),
        ("\u3164\u115f", ""),
        ("a\n\n\n\n\n\nb", "a\n\n\nb"),
        ("a\n \n\t\n  \n\u00a0\nb", "a\n\n\nb"),
        ("a\n\n\nb", "a\n\n\nb"),
    ],
)
def test_what_nobody_sees_is_not_stored(raw, stored):
    assert clean_text(raw) == stored


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ("  Jean \t\r\n  Dupont ", "Jean Dupont"),
        ("Jean\u00a0\u2800\u3000Dupont", "Jean Dupont"),
        ("Je\u200ban\u200d Du\u00adpont\ufe0f", "Jean Dupont"),
        ("He\u0301le\u0300ne", "Hélène"),
        ("\u202eenitsuJ", "enitsuJ"),
        ("\u2800\u3164\u200b", ""),
        ("O’Brien-Müller 山田", "O’Brien-Müller 山田"),
    ],
)
def test_a_name_stands_on_one_line_and_hides_nothing(raw, stored):
    assert clean_name(raw) == stored


def test_a_reader_is_the_same_whatever_the_case_of_the_email():
    assert clean_email(" Jean.DUPONT@Example.ORG\n") == "jean.dupont@example.org"
    assert clean_email("e\u0301@x.fr") == clean_email("É@x.fr")


@settings(deadline=None)  # the machine may be busy; speed is measured elsewhere
@given(HOSTILE)
def test_cleaning_twice_changes_nothing(raw):
    for clean in (clean_text, clean_name, clean_email):
        assert clean(clean(raw)) == clean(raw)


@settings(deadline=None)  # the machine may be busy; speed is measured elsewhere
@given(HOSTILE)
def test_whatever_is_typed_can_be_stored(raw):
    for stored in (clean_text(raw), clean_name(raw)):
        stored.encode("utf-8")
        assert unicodedata.is_normalized("NFC", stored)
        assert not {char for char in stored if unicodedata.category(char) in ("Cc", "Cs")} - {"\n", "\t"}
        assert not set(stored) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff")
    assert "\n" not in clean_name(raw)
    assert "\n\n\n\n" not in clean_text(raw)


def test_the_naughty_strings_are_all_cleaned():
    with gzip.open(shared_file("data/adversarial__blns.json.gz"), "rt", encoding="utf-8") as source:
        strings = json.load(source)
    assert len(strings) > 400
    for raw in strings:
        clean_text(raw).encode()
        clean_name(raw).encode()


PLAIN = st.text(
    st.sampled_from("aàéœßſŒ «»’“”–—…€ \u00a0\u00ad\u202f\n!?.,;:~^`'\"<b>&0") | st.characters(max_codepoint=0x200)
)


@given(PLAIN)
def test_plain_text_that_is_passed_by_is_what_the_whole_way_would_make_of_it(raw):
    # One unseen character in front, which goes, and the text takes the whole way.
    assert clean_text(raw) == clean_text("\u200b" + raw)
    assert clean_name(raw) == clean_name("\u200b" + raw)
