"""The ways one folded text can be read.

Read plainly, « c0nn4rd » is no word. Read with digits for letters, it is one. Each reading is the whole text as
words, so that expressions are found in any of them; a reading is made only where something in the text asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from comments.screening.folding import JOINING_SIGNS, LETTER_SIGNS, Folded

_SIGN = f"a-z0-9{re.escape(LETTER_SIGNS)}"
_WORD = re.compile("[a-z0-9]+")
_PIECE = re.compile(f"[{_SIGN}]+")
# Signs first, in these searches: most texts have none, and a scan for a few characters is ten times as fast.
_MASKED = re.compile(f"[0-9{re.escape(LETTER_SIGNS)}](?:(?<=[a-z].)|(?=[a-z]))")
_LETTER = "[a-z0-9@$€]"
_GAP = "[ ._*~-]{1,3}"
_ONE_LETTER = re.compile(_LETTER)
_ONE_GAP = re.compile(_GAP)
# Letters one by one: "c o n", "c . o . n". Three at least: « il y a » is no disguise.
_RUN_LENGTH = 3
_RUN = re.compile(rf"(?<![{_SIGN}]){_LETTER}{_GAP}{_LETTER}{_GAP}{_LETTER}(?!{_LETTER})")
_RUN_TOGETHER = re.compile(rf"[._*~-](?<=[{_SIGN}].)[._*~-]*[{_SIGN}]")
_JOINED = re.compile(rf"[{_SIGN}]+(?:[._*~-]+[{_SIGN}]+)*")
_JOINS_PART = str.maketrans(dict.fromkeys(JOINING_SIGNS, " "))
_GAPS = re.compile(f"[^{_SIGN}]+")
_DIGITS = "0123456789"

_LETTERS = {"0": "o", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "9": "g"}
_LETTERS |= {"@": "a", "$": "s", "€": "e", "£": "l", "+": "t"}
# An upright stroke is an i to one eye and an l to the next: two readings.
_STROKES = ({"1": "i", "!": "i", "|": "i"}, {"1": "l", "!": "l", "|": "l"})
_AS_LETTERS = tuple(str.maketrans(_LETTERS | stroke) for stroke in _STROKES)
_EDGE_SIGNS = "!|+"
# A stroke that may be an i or an l: beside a letter, dots between them or not; not an exclamation mark behind a word.
_STROKE = re.compile("[1!|]")
_STROKED = re.compile(rf"[a-z][._*~-]*[1|]|[1!|][._*~-]*[a-z]|1 {_LETTER}(?![a-z])| 1(?![0-9])")
# Words of one letter that stand beside a spaced-out one: « un c o n à voir ».
_ONE_LETTER_WORDS = "ay"


Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Reading:
    """The words of one way to read a text, and where each stands in the folded text.

    The places are worked out when they are asked for: of most texts nothing is found, and nobody asks.
    """

    words: Sequence[str]
    spans: Callable[[], list[Span]]


def plain(folded: Folded) -> Reading:
    """Letters and digits as they stand; everything else parts words."""
    return Reading(folded.words, lambda: [found.span() for found in _WORD.finditer(folded.text)])


def readings(folded: Folded) -> Iterator[Reading]:
    """The plain reading first, then those that undo a disguise. Offsets always point into `folded`."""
    yield plain(folded)
    text = folded.text
    masked = _MASKED.search(text) is not None
    together = _RUN_TOGETHER.search(text) is not None
    runs = list(_runs(text)) if _RUN.search(text) else []
    if not (masked or together or runs):
        return
    for strokes in _AS_LETTERS if _STROKE.search(text) and _STROKED.search(text) else _AS_LETTERS[:1]:
        if masked:
            yield _pieces(text, text.translate(_JOINS_PART).split(), _PIECE, strokes)
        if together:
            yield _pieces(text, _without_edges(text), _JOINED, strokes)
        if runs:
            yield _at(text, runs, strokes)
            yield _at(text, [span for run in runs for span in _let_go(text, *run)], strokes)


def folded_words(folded: Folded) -> list[str]:
    """The words of a list's line, digits read as letters: what the readings are compared with."""
    words = (_unmasked(found[0].strip(_EDGE_SIGNS), _AS_LETTERS[0]) for found in _PIECE.finditer(folded.text))
    return [word for word in words if word]


def _runs(text: str) -> Iterator[Span]:
    """The pieces of a text, letters one by one taken together (« fils-de-p.u.t.e »: fils, de, pute)."""
    pieces = [_bare(text, *found.span()) for found in _PIECE.finditer(text)]
    looseness = _looseness(text, pieces)
    start = 0
    for end, gap in enumerate([*looseness, None], start=1):
        # Of two gaps beside a letter the tighter one binds it: « y a c.o.n ».
        beside = [other for other in (*looseness[max(end - 2, 0) : end - 1], *looseness[end : end + 1]) if other]
        if gap is None or any(other < gap for other in beside):
            if end - start >= _RUN_LENGTH:
                yield pieces[start][0], pieces[end - 1][1]
            else:
                yield from pieces[start:end]
            start = end


def _looseness(text: str, pieces: list[Span]) -> list[tuple[bool, bool, int] | None]:
    """How loosely each piece stands beside the next one, where both are single letters: (stands so once only, with
    a space, signs between)."""
    gaps = [_gap(text, *pair) for pair in pairwise(pieces)]
    loose: list[tuple[bool, bool, int] | None] = []
    for gap, same in groupby(gaps):
        count = len(list(same))
        loose += [None if gap is None else (count < _RUN_LENGTH - 1, *gap)] * count
    return loose


def _gap(text: str, piece: Span, following: Span) -> tuple[bool, int] | None:
    between = text[piece[1] : following[0]]
    if not (_ONE_LETTER.fullmatch(text, *piece) and _ONE_LETTER.fullmatch(text, *following)):
        return None
    return (" " in between, len(between)) if _ONE_GAP.fullmatch(between) else None


def _let_go(text: str, start: int, end: int) -> Iterator[Span]:
    """A run without the words of one letter at its ends: « un c o n à voir »."""
    letters = (
        [offset for offset in range(start, end) if _ONE_LETTER.match(text[offset])] if " " in text[start:end] else []
    )
    if len(letters) > _RUN_LENGTH and text[start] in _ONE_LETTER_WORDS:
        yield start, start + 1
        start = letters[1]
    if len(letters) > _RUN_LENGTH and text[end - 1] in _ONE_LETTER_WORDS:
        end = letters[-2] + 1
    yield start, end


def _bare(text: str, start: int, end: int) -> Span:
    """« con! » ends in an exclamation mark, not in an i, and the mark is no part of the word."""
    written = text[start:end]
    start += len(written) - len(written.lstrip(_EDGE_SIGNS))
    return start, start + len(written.strip(_EDGE_SIGNS))


def _pieces(text: str, pieces: Iterable[str], pattern: re.Pattern[str], strokes: dict[int, str]) -> Reading:
    """`pieces` are what the pattern finds, found at a fifth of its time."""
    # Nearly every piece is a word, and what follows costs ten times as much.
    words = [piece if piece.isalpha() else _word(piece, strokes) for piece in pieces]
    return Reading(words, lambda: [_bare(text, *found.span()) for found in pattern.finditer(text)])


def _without_edges(text: str) -> Iterator[str]:
    return (piece for part in text.split() if (piece := part.strip(JOINING_SIGNS)))


def _at(text: str, spans: list[Span], strokes: dict[int, str]) -> Reading:
    words = [_word(text[start:end], strokes) for start, end in spans]
    return Reading(words, lambda: [_bare(text, *span) for span in spans])


def _word(piece: str, strokes: dict[int, str]) -> str:
    return _unmasked(_GAPS.sub("", piece.strip(_EDGE_SIGNS)), strokes)


def _unmasked(piece: str, strokes: dict[int, str]) -> str:
    """One piece with its signs and digits read as letters, where it looks like a disguised word at all."""
    letters = "".join(char for char in piece if char.isalnum() and char.isascii())
    if len(piece) < 3 or piece.isalpha() or not any(char.isalpha() for char in letters):
        return letters
    # Two digits and more at an edge are a number: A55, covid19, 75km.
    first, last = len(piece) - len(piece.lstrip(_DIGITS)), len(piece.rstrip(_DIGITS))
    first, last = first if first > 1 else 0, last if last < len(piece) - 1 else len(piece)
    return piece[:first] + piece[first:last].translate(strokes) + piece[last:]
