"""Text reduced to what a reader's eye makes of it, with a map back to each original character.

Case, accents, ligatures, look-alike letters of other scripts and invisible characters fold away here.
What a sign stands for (a digit for a letter, dots between letters) depends on its neighbours: see `readings`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from anyascii import anyascii
from confusable_homoglyphs.confusables import confusables_data

# Signs kept for `readings`: some stand for letters, the others stand between letters.
LETTER_SIGNS = "@$€£!|+"
JOINING_SIGNS = "._*~-"
_KEPT = frozenset(LETTER_SIGNS + JOINING_SIGNS)
_MIDDLE_DOTS = frozenset("·•∙⋅・‧")
_FILLERS = frozenset("\u115f\u1160\u3164\uffa0")  # letters by category, blank by shape
_UNSEEN = frozenset({"Mn", "Me", "Cf"})
_ALL_SIGNS_PART = str.maketrans(dict.fromkeys(LETTER_SIGNS + JOINING_SIGNS, " "))


@dataclass(frozen=True, slots=True)
class Folded:
    """`text` holds a-z, 0-9, spaces and the kept signs, `words` its letters and digits alone. `origin[i]` is the
    original offset of `text[i]`; one entry more holds the original's length."""

    text: str
    words: Sequence[str]
    origin: Sequence[int]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original offsets of `text[start:end]`, whole characters, trailing invisible ones included."""
        return self.origin[start], max(self.origin[end - 1] + 1, self.origin[end])


# A post's name and text are folded by each rule that reads them, and by what finds the same text again; between the
# first and the last of them stand its reader's twenty recent texts.
@lru_cache(maxsize=32)
def fold(text: str) -> Folded:
    pieces = [*map(_folds.__getitem__, text)]
    folded = "".join(pieces)
    words = folded.translate(_ALL_SIGNS_PART).split()
    if len(folded) == len(text) and all(pieces):
        # Each character has become one: most texts, at a fifth of the time.
        return Folded(folded, words, range(len(text) + 1))
    origin = [offset for offset, piece in enumerate(pieces) for _letter in piece]
    return Folded(folded, words, [*origin, len(text)])


def folded_words(text: str) -> str:
    """Words without case, accents, disguise and punctuation; of a text without any (emoji alone), the text itself."""
    return " ".join(fold(text).words) or text.strip()


class _Folds(dict[str, str]):
    """What each character met lately becomes."""

    def __missing__(self, char: str) -> str:
        # Bounded: a hostile text could otherwise fill memory with rare characters.
        if len(self) > _MOST_FOLDS:
            self.clear()
        self[char] = folded = fold_char(char)
        return folded


LONGEST_EXPANSION = 6
_MOST_FOLDS = 8_192
_folds = _Folds()


def fold_char(char: str) -> str:
    """What one character becomes: nothing, a space, a sign, or one letter or more (œ → oe, ß → ss)."""
    if letter := _enclosed_letter(char):
        return letter
    parts = unicodedata.normalize("NFKD", char)
    if len(parts) > LONGEST_EXPANSION:
        # U+FDFA is a whole sentence, 18 characters: a text of them would cost as much as 18.
        return " "
    return "".join(_fold_part(part) for part in parts)


def _fold_part(char: str) -> str:
    category = unicodedata.category(char)
    if category in _UNSEEN or char in _FILLERS:
        return ""
    if category[0] in "LN" or category == "Mc":
        return _latin(char)
    if char in _KEPT:
        return char
    if char in _MIDDLE_DOTS:
        return "."
    return "-" if category == "Pd" else " "


def _latin(char: str) -> str:
    if char.isascii():
        return char.lower()
    plain = char.casefold()
    if not plain.isascii():
        plain = _look_alike(char) or _look_alike(plain) or anyascii(plain)
    return "".join(letter for letter in plain.lower() if letter.isascii() and letter.isalnum())


def _look_alike(char: str) -> str:
    """The Latin letters a character passes for (Unicode's confusables), or nothing."""
    for candidate in confusables_data.get(char, ()):
        letters = "".join(part for part in unicodedata.normalize("NFKD", candidate["c"]) if part.isalnum())
        if letters and letters.isascii():
            # The table gives l for every upright stroke; a capital one is an I (Ι, І).
            return "i" if letters == "l" and char.isupper() else letters
    return ""


def _enclosed_letter(char: str) -> str:
    """Letters in circles, squares and flags that Unicode does not decompose: 🅐, 🅰, 🇦."""
    code = ord(char)
    for first in (0x1F150, 0x1F170, 0x1F1E6):
        if first <= code < first + 26:
            return chr(ord("a") + code - first)
    return ""
