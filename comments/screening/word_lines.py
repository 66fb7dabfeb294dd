from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WordLines:
    """One word list as plain data: lines may be blank, and are counted all the same when one is at fault."""

    name: str
    ground: str = ""
    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One word or pattern in force, and the list it stands in."""

    list_name: str
    ground: str
    line: str


@dataclass(frozen=True, slots=True)
class Hit:
    """Where an entry was found: offsets into the original text, end excluded."""

    start: int
    end: int
    entry: Entry


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that cannot be used. `number` counts from 1; `reason` is a code, `detail` an engine's own words."""

    number: int
    line: str
    reason: str
    detail: str = ""


def numbered(lines: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The lines that say something, with their number from 1."""
    for number, line in enumerate(lines, start=1):
        if stripped := line.strip():
            yield number, stripped
