"""Watched words and patterns, through disguises and in real texts. Tables, no database."""

from __future__ import annotations

import gzip
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.screening import Draft, Policy, screen
from comments.screening.folding import JOINING_SIGNS, fold
from comments.screening.patterns import PatternMatcher, check_patterns
from comments.screening.readings import readings
from comments.screening.word_lines import WordLines
from comments.screening.words import WordMatcher, check_words
from tests.comments.screening_cast import STAFF, WORDS, check_places, findings, seen
from tests.conftest import shared_file


# ── Watched words ────────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Quel connard, ce type", ["connard"]),
        ("QUEL CONNARD!!!", ["CONNARD"]),
        ("l’abruti, d'abruti", ["abruti", "abruti"]),
        ("un batard et un bâtard et un ba\u0302tard", ["batard", "bâtard", "ba\u0302tard"]),
        ("un c.o.n.n.a.r.d!", ["c.o.n.n.a.r.d"]),
        ("un c o n n a r d à voir", ["c o n n a r d"]),
        ("il a c - o - n - n - a - r - d dit", ["c - o - n - n - a - r - d"]),
        ("c*o*n*n*a*r*d", ["c*o*n*n*a*r*d"]),
        ("con-nard", ["con", "con-nard"]),
        ("connnnard et coooonnard et connaaaard", ["connnnard", "coooonnard", "connaaaard"]),
        ("c o n n n n a r d", ["c o n n n n a r d"]),
        ("conn@rd c0nnard c0nn4rd", ["conn@rd", "c0nnard", "c0nn4rd"]),
        ("s@lope sa1ope $alope sa|ope", ["s@lope", "sa1ope", "$alope", "sa|ope"]),
        ("1mbéc1le", ["1mbéc1le"]),
        ("quel M3RD3UX", ["M3RD3UX"]),
        ("ѕаlоре", ["ѕаlоре"]),  # Cyrillic letters
        ("ΑΒRUТІ", ["ΑΒRUТІ"]),  # Greek and Cyrillic capitals
        ("𝐜𝐨𝐧 ｃｏｎ ⓒⓞⓝ 🅒🅞🅝", ["𝐜𝐨𝐧", "ｃｏｎ", "ⓒⓞⓝ", "🅒🅞🅝"]),
        ("c\u200bo\u00adn\ufeff.", ["c\u200bo\u00adn\ufeff"]),
        ("cœur COEUR cŒur", ["cœur", "COEUR", "cŒur"]),
        ("la ſtraße là", ["ſtraße"]),
        ("un ÆON", ["ÆON"]),
        ("🙂🙂 con 🙂", ["con"]),
        ("fils de pute", ["fils de pute", "pute"]),
        ("Fils-de-p.u.t.e", ["Fils-de-p.u.t.e", "p.u.t.e"]),
        ("f1ls  de, pute", ["f1ls  de, pute", "pute"]),
        ("fils de chien", ["fils de chien"]),
        ("il y a c.o.n et c.o-n", ["c.o.n", "c.o-n"]),
        ("y a  c o n  à voir", ["c o n"]),
        ("c o n n a r d!", ["c o n n a r d"]),
        ("con con", ["con", "con"]),
        ("pute_con", ["pute", "con"]),
    ],
)
def test_a_watched_word_is_found_through_its_disguise(text, words):
    assert seen("banned_words", text) == words


@pytest.mark.parametrize(
    "text",
    [
        "Poutine a reçu le président.",
        "poutine POUTINE Pouttine P.o.u.t.i.n.e",
        "Cassez ce concombre, l'assassin analyse la classe du consul.",
        "Scunthorpe, reculer, disputer, contenu, députée",
        "Le Niger et le Nigeeeer",
        "l'A55 est fermée, covid19, 455 euros",
        "il y a c o",
        "C'est on ne peut plus clair : qu'on le dise !",
        "C O N S E I L",
        "北京 Путешествие по Сибири",
        "",
        "🙂",
    ],
)
def test_an_innocent_word_is_not_found(text):
    assert seen("banned_words", text) == []


def test_the_name_is_watched_as_well():
    (finding,) = findings("banned_words", name="Gros C0nnard")
    assert (finding.field, finding.start, finding.end, finding.ground) == ("name", 5, 12, "ABUSE")


def test_a_finding_names_its_list_and_word_and_each_list_has_its_own():
    lists = [WordLines("Insultes", "ABUSE", ("CON", "con", "")), WordLines("Haine", "HATE", ("con",))]
    verdict = screen(Draft("quel con", "Y"), Policy(matcher=WordMatcher(lists)))
    assert [(found.ground, found.detail) for found in verdict.findings] == [
        ("ABUSE", "CON (Insultes)"),
        ("HATE", "con (Haine)"),
    ]


DISGUISES = [
    str,
    str.upper,
    ".".join,
    " ".join,
    lambda word: word.replace("a", "а"),
    lambda word: word.replace("o", "0"),
    lambda word: word.replace("n", "n\u0301"),
    lambda word: word[0] * 4 + word[1:],
    lambda word: "\u200b".join(word),
]
AROUND = st.text(st.characters(exclude_categories=["Cs"]) | st.sampled_from("ßœǆ½ﷺ\u0301\u200b 🙂\n,"), max_size=12)


@settings(deadline=None)  # the machine may be busy; speed is measured elsewhere
@given(AROUND, st.sampled_from(WORDS[:3]), st.sampled_from(DISGUISES), AROUND)
def test_a_word_is_found_where_it_stands_whatever_surrounds_it(before, word, disguise, after):
    # A sign that is neither a letter nor a joiner parts the word from its neighbours.
    text = f"{before} ; {disguise(word)} ; {after}"
    start = len(before) + 3
    assert any(
        found.start == start and start + len(disguise(word)) <= found.end <= start + len(disguise(word)) + 1
        for found in findings("banned_words", text)
    )


@settings(deadline=None)  # the machine may be busy; speed is measured elsewhere
@given(
    st.lists(
        st.sampled_from(["con", "c o n", "ß", "œ", "pute", "\u0301", "\u200d", ".", " ", "🙂", "K", "ŉ"]), max_size=15
    )
)
def test_what_is_shown_of_a_word_folds_to_the_word(parts):
    text = "".join(parts)
    for found in findings("banned_words", text):
        letters = "".join(char for char in fold(text[found.start : found.end]).text if char.isalpha())
        word = found.detail.rpartition(" (")[0]
        assert "".join(char for char in fold(word).text if char.isalpha()) in letters


_SIGNS = st.lists(st.sampled_from(["a", "con", "œ", "x-y", "c.o.n", "c0n", "1", "!", "@", "-", "a!.", "."])).map(
    " ".join
)


@settings(deadline=None)  # the machine may be busy; speed is measured elsewhere
@given(_SIGNS | AROUND)
def test_each_word_of_a_reading_stands_where_the_reading_says(text):
    folded = fold(text)
    for reading in readings(folded):
        for word, (start, end) in zip(reading.words, reading.spans(), strict=True):
            written = folded.text[start:end].translate(dict.fromkeys(map(ord, JOINING_SIGNS + " ")))
            assert word == written or not written.isalpha()


def test_a_map_leads_from_each_folded_letter_to_its_original():
    folded = fold("Straße à l’œil")
    assert folded.text == "strasse a l oeil"
    assert folded.span(0, 7) == (0, 6)
    assert folded.span(12, 16) == (11, 14)


# ── Watched patterns ─────────────────────────────────────────────────────
@pytest.mark.parametrize(
    ("text", "places"),
    [
        ("Cet Été, en été", ["Été", "été"]),
        ("prêté, répété", []),
        ("appelez le 06 12 34 56 78 !", ["06 12 34 56 78"]),
        ("🙂 été", ["été"]),
        ("\ud800 été", ["été"]),
    ],
)
def test_a_pattern_is_tried_on_the_text_as_written(text, places):
    assert seen("banned_patterns", text) == places


def test_a_pattern_that_would_hold_up_another_engine_is_harmless():
    policy = Policy(long_text=5000, patterns=PatternMatcher([WordLines("Lent", "OTHER", patterns=("(a+)+$",))]))
    assert screen(Draft("a" * 4999 + "!", "Y"), policy).findings == ()


def test_a_bad_pattern_is_refused_by_list_and_line():
    with pytest.raises(ValueError, match="Insultes, line 3"):
        PatternMatcher([WordLines("Insultes", "ABUSE", patterns=("bon", "", "(sans fin"))])


def test_a_chief_is_told_which_lines_cannot_be_used():
    problems = check_patterns(["bon", "", "(sans fin", r"(?=a)", "a*", "x" * 501, "\ud800"])
    assert [problem.partition(":")[0] for problem in problems] == ["Line 3", "Line 4", "Line 5", "Line 6", "Line 7"]
    words = check_words(["con", "", "🖕", "x", "y" * 101])
    assert [problem.partition(":")[0] for problem in words] == ["Line 3", "Line 4", "Line 5"]


def test_a_word_that_says_nothing_watches_nothing():
    policy = Policy(matcher=WordMatcher([WordLines("Vide", "OTHER", ("🖕", "a", " "))]))
    assert screen(Draft("a 🖕 a", "Yannick"), policy).findings[0].rule == "too_short"
    assert policy.matcher.find("a 🖕 a") == []


# ── Real texts, where they are at hand ───────────────────────────────────
def word_list(name: str) -> WordLines:
    return WordLines(name, "ABUSE", tuple(shared_file(f"data/{name}").read_text("utf-8").splitlines()))


@pytest.fixture(scope="module")
def real_policy() -> Policy:
    names = ("wordlists__npm-french-badwords-list.txt", "wordlists__ldnoobw-fr.txt", "wordlists__ldnoobw-en.txt")
    return Policy(matcher=WordMatcher([word_list(name) for name in names]), staff_names=STAFF)


def test_poutine_is_no_bad_word_even_for_a_list_that_holds_putin(real_policy):
    assert "putin" in word_list("wordlists__npm-french-badwords-list.txt").words
    assert (
        screen(Draft("Poutine a rencontré Kim ; « Lire aussi : Poutine en Chine ».", "Yannick"), real_policy).findings
        == ()
    )


@pytest.mark.parametrize("file", ["fr_hatecheck_250.jsonl", "fr_forum_200.jsonl", "en_spam_youtube_150.jsonl"])
def test_real_comments_are_screened_and_every_place_is_valid(real_policy, file):
    texts = [json.loads(line)["text"] for line in shared_file(f"data/{file}").read_text("utf-8").splitlines()]
    found = 0
    for text in texts:
        verdict = screen(Draft(text, "Yannick"), real_policy)
        check_places(verdict.findings, text, "Yannick")
        found += len(verdict.findings)
    assert found


def test_the_naughty_strings_are_all_screened(real_policy):
    with gzip.open(shared_file("data/adversarial__blns.json.gz"), "rt", encoding="utf-8") as source:
        strings = json.load(source)
    for raw in strings:
        check_places(screen(Draft(raw, raw), real_policy).findings, raw, raw)
