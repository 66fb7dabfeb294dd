"""Literal words and expressions, found as whole words through their disguises.

Aho-Corasick over each reading of the text: words parted and surrounded by one space, so that a match always is
made of whole words. 20,000 words cost no more than 20.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

from ahocorasick_rs import AhoCorasick

from comments.screening.folding import fold
from comments.screening.readings import folded_words, readings
from comments.screening.word_lines import BadLine, Entry, Hit, WordLines, numbered

WORD_LINE_MAX = 100
_STRETCHED = re.compile(r"([a-z])\1\1")
_DOUBLED = re.compile(r"([a-z])\1+")
# A letter written so often is stretched on purpose: it may stand for one or for two.
_STRETCH = 3
# What was found: the word's index in the lists, its first and its last word in the text.
Match = tuple[int, int, int]


class WordMatcher:
    """All lists' words, compiled once. Lines without two letters or digits are left out: see `find_bad_words`."""

    def __init__(self, lists: Iterable[WordLines]) -> None:
        entries: dict[tuple[str, ...], dict[str, Entry]] = {}
        for word_list in lists:
            for _number, line in numbered(word_list.words):
                words = tuple(folded_words(fold(line)))
                if len("".join(words)) > 1:
                    entry = Entry(word_list.name, word_list.ground, line)
                    entries.setdefault(words, {}).setdefault(word_list.name, entry)
        self._words = list(entries)
        self._entries = [list(by_list.values()) for by_list in entries.values()]
        self._automaton = AhoCorasick([_spaced(words) for words in self._words])
        self._single_letters = AhoCorasick([_DOUBLED.sub(r"\1", _spaced(words)) for words in self._words])

    def find(self, text: str) -> list[Hit]:
        """Every word found, once a place and list, in the order of the text."""
        folded = fold(text)
        hits: dict[tuple[int, int, str], Hit] = {}
        for reading in readings(folded):
            for index, first, last in self._find_in(reading.words):
                spans = reading.spans()
                start, end = folded.span(spans[first][0], spans[last][1])
                for entry in self._entries[index]:
                    hits.setdefault((start, end, entry.list_name), Hit(start, end, entry))
        return sorted(hits.values(), key=lambda hit: (hit.start, hit.end))

    def _find_in(self, words: Sequence[str]) -> Iterator[Match]:
        """Those of the lists among the words of a text."""
        haystack = _spaced(words)
        yield from _matches(self._automaton, haystack)
        if _STRETCHED.search(haystack):
            for index, first, last in _matches(self._single_letters, _DOUBLED.sub(r"\1", haystack)):
                if _is_stretched(_spaced(words[first : last + 1]), _spaced(self._words[index])):
                    yield index, first, last


def find_bad_words(lines: Iterable[str]) -> list[BadLine]:
    """Lines that the matcher cannot use. Reasons: TOO_LONG (over 100 characters), TOO_SHORT (under two letters)."""
    bad = []
    for number, line in numbered(lines):
        if len(line) > WORD_LINE_MAX:
            bad.append(BadLine(number, line, "TOO_LONG"))
        elif len("".join(folded_words(fold(line)))) < 2:
            bad.append(BadLine(number, line, "TOO_SHORT"))
    return bad


def check_words(lines: Iterable[str]) -> list[str]:
    """A sentence in English for each bad line; `comments.policies` has them in the newsroom's language."""
    sentences = {
        "TOO_LONG": f"is longer than {WORD_LINE_MAX} characters.",
        "TOO_SHORT": "holds fewer than two letters; write it as a pattern.",
    }
    return [f"Line {bad.number}: “{bad.line[:40]}” {sentences[bad.reason]}" for bad in find_bad_words(lines)]


def _spaced(words: Iterable[str]) -> str:
    return f" {' '.join(words)} "


def _matches(automaton: AhoCorasick, haystack: str) -> list[Match]:
    found = automaton.find_matches_as_indexes(haystack, overlapping=True)
    if not found:
        return []
    # A match starts on the space before a word and ends on the space after one.
    word_at = {offset: number for number, offset in enumerate(_spaces(haystack))}
    return [(index, word_at[start], word_at[end - 1] - 1) for index, start, end in found]


def _spaces(haystack: str) -> Iterator[int]:
    return (offset for offset, char in enumerate(haystack) if char == " ")


def _is_stretched(written: str, word: str) -> bool:
    """Whether `written` is `word` with some letters drawn out; both are the same once doubled letters are single.

    « connnnard » is connard, « Niger » is never a word with two g.
    """
    pairs = zip(groupby(written), groupby(word), strict=True)
    lengths = [(len(list(ours)), len(list(theirs))) for (_a, ours), (_b, theirs) in pairs]
    return all(ours == theirs or ours >= max(theirs, _STRETCH) for ours, theirs in lengths)
