from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from comments.screening.draft import Draft
from comments.screening.folding import fold
from comments.screening.policy import Policy
from comments.screening.readings import readings
from comments.screening.verdict import Finding

# Found inside longer names also (« LaRédaction », « moderateur2 »): no first or family name holds them.
RESERVED: tuple[str, ...] = (
    "redaction",
    "redacteur",
    "redactrice",
    "redchef",
    "moderateur",
    "moderatrice",
    "moderation",
    "moderator",
)
RESERVED += ("administrateur", "administratrice", "administrator", "newsroom", "webmaster", "webmestre")
# Too short for that: « Badminton » holds admin.
RESERVED_WORDS = ("admin", "admins", "administration", "modo", "modos", "staff", "editor", "editors")

_ARTICLES = frozenset({"le", "la", "les", "the"})
_DIGITS = "0123456789"
_DOUBLED = re.compile(r"(.)\1+")
# I, l and 1 are one stroke, O and 0 one ring: no reader tells them apart in a name.
_SHAPES = str.maketrans({"l": "i", "1": "i", "0": "o"})

Words = tuple[str, ...]


class _People(NamedTuple):
    """Names of the newsroom's people, the same run together, and of how many words those of several are."""

    names: frozenset[Words]
    run_together: frozenset[str]
    sizes: frozenset[int]


def find_staff_name(draft: Draft, policy: Policy) -> Iterable[Finding]:
    """A name that passes for the newsroom's."""
    if imitates_staff(draft.author_name, policy):
        yield Finding(rule="staff_name", ground="OTHER", field="name", start=0, end=len(draft.author_name))


def imitates_staff(name: str, policy: Policy) -> bool:
    """Whether readers would take this name for the newsroom, the site or one of its people.

    Of `policy.staff_names`, those of several words (« Claire Martin ») count as whole words anywhere in the name,
    or run together; those of one word only as the whole name, or every other Claire would be refused.
    """
    return _passes_for(name, policy.staff_names)


# The form asks it, and then the rule.
@lru_cache(maxsize=64)
def _passes_for(name: str, staff_names: tuple[str, ...]) -> bool:
    people = _shapes_of(staff_names)
    return any(_holds_reserved(words) or _holds_one_of(words, people) for words in _ways_to_read(name))


def _ways_to_read(name: str) -> Iterator[Words]:
    """Each reading's words, with and without the digits behind them (« admin1 », « adm1n »)."""
    for reading in readings(fold(name)):
        written = [word for word in reading.words if word]
        yield tuple(map(_shape, written))
        if any(word[-1] in _DIGITS for word in written):
            yield tuple(_shape(bare) for word in written if (bare := word.rstrip(_DIGITS)))


def _holds_reserved(words: Words) -> bool:
    run_together = _single("".join(words))
    return any(word in run_together for word in _RESERVED_SHAPES) or not _RESERVED_WORD_SHAPES.isdisjoint(words)


def _holds_one_of(words: Words, people: _People) -> bool:
    return "".join(words) in people.run_together or any(
        words[first : first + size] in people.names for size in people.sizes for first in range(len(words) - size + 1)
    )


# A policy's names are the same tuple until somebody joins or leaves.
@lru_cache(maxsize=8)
def _shapes_of(names: tuple[str, ...]) -> _People:
    shapes: set[Words] = set()
    for name in names:
        words = fold(name).words
        # « Courrier de Valmeray » is the site as much as « Le Courrier de Valmeray ».
        bare = words[1:] if len(words) > 2 and words[0] in _ARTICLES else words
        shapes |= {tuple(map(_shape, words)), tuple(map(_shape, bare))}
    shapes.discard(())
    sizes = frozenset(len(person) for person in shapes if len(person) > 1)
    return _People(frozenset(shapes), frozenset(map("".join, shapes)), sizes)


def _shape(word: str) -> str:
    return word.translate(_SHAPES)


def _single(word: str) -> str:
    """Doubled letters once: « moddérateur »."""
    return _DOUBLED.sub(r"\1", word)


_RESERVED_SHAPES = tuple(_single(_shape(word)) for word in RESERVED)
_RESERVED_WORD_SHAPES = frozenset(map(_shape, RESERVED_WORDS))
