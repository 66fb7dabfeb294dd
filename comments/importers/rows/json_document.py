"""JSON documents of any size, member by member: what a format opens is entered, all else is read whole.

By the standard library's decoder on a window of the text. It tells where the text is broken, and reads what hostile
files hold; the streaming parser of ijson 3.6 dies with the process of a number of 5,000 digits.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from comments.importers.comment import Unreadable
from comments.importers.export import Export
from comments.importers.rows.balance import Balance
from comments.importers.rows.json_window import Broken, Damaged, JsonWindow
from comments.importers.rows.kinds import Kind, refuse_other_kinds
from newsroom.importers.source import RefusedArticle

# In a path, any element of a list.
EACH: Final = "*"
Path = tuple[str, ...]


@dataclass(frozen=True)
class Layout:
    """`opened` are the paths of the objects and lists that are entered. Behind a broken place reading goes on where
    `again` matches: there an element of the list at `again_in` starts. Without it, nothing behind is read."""

    opened: frozenset[Path]
    again_in: Path = ()
    again: re.Pattern[str] | None = None


class Opened(NamedTuple):
    """An object or list is entered; what it holds follows."""

    path: Path
    is_list: bool


class Member(NamedTuple):
    """A value that was read whole."""

    path: Path
    value: Any


def members(export: Export, layout: Layout) -> Iterator[Opened | Member | Broken]:
    """In the order of the file. Raises RefusedArticle: no JSON at all, one value too large, more broken than whole."""
    refuse_other_kinds(export, Kind.JSON)
    with export.open() as file:
        yield from _Reading(JsonWindow(file), layout).members()


def elements(export: Export, layout: Layout, path: Path) -> Iterator[tuple[Any, int] | Unreadable]:
    """The elements of the list at `path`, each with its number from 1; a broken place has a number of its own.

    Raises RefusedArticle also where there is no such list.
    """
    number, is_there = 0, False
    for one in members(export, layout):
        if isinstance(one, Opened):
            is_there |= one.path == path and one.is_list
        elif isinstance(one, Broken) or one.path == (*path, EACH):
            number += 1
            yield Unreadable(str(one), number) if isinstance(one, Broken) else (one.value, number)
    if not is_there:
        raise RefusedArticle(_("This JSON is of another kind: it has no list “%(name)s”.") % {"name": path[-1]})


class _Reading:
    """One pass. `inside` are the objects and lists around the present place; `is_first`: nothing of the innermost was
    read yet, so that no comma is due."""

    def __init__(self, window: JsonWindow, layout: Layout) -> None:
        self.window = window
        self.layout = layout
        self.inside: list[Opened] = []
        self.is_first = True
        self.balance = Balance()

    def members(self) -> Iterator[Opened | Member | Broken]:
        yield self._value(())
        while self.inside:
            try:
                told = self._next()
            except Broken as broken:
                goes_on = isinstance(broken, Damaged) or self._take_up()
                yield self._counted(broken, goes_on)
                if not goes_on:
                    return
                continue
            if told:
                self.balance.whole += isinstance(told, Member)
                yield told
        if self.window.sign():
            yield self.window.broken("Extra data")

    def _next(self) -> Opened | Member | None:
        """What comes next; None at the end of an object or list."""
        around, window = self.inside[-1], self.window
        if window.takes("]" if around.is_list else "}"):
            self.inside.pop()
            self.is_first = False
            return None
        if not self.is_first:
            window.take(",")
        if around.is_list:
            return self._value((*around.path, EACH))
        key = window.key()
        window.take(":")
        return self._value((*around.path, key))

    def _value(self, path: Path) -> Opened | Member:
        self.is_first = path in self.layout.opened and self.window.sign() in ("{", "[")
        if not self.is_first:
            return Member(path, self.window.value())
        self.inside.append(Opened(path, is_list=self.window.sign() == "["))
        self.window.take(self.window.sign())
        return self.inside[-1]

    def _counted(self, broken: Broken, goes_on: bool) -> Broken:
        self.balance.count_broken(broken.line)
        if not self.balance.whole and not goes_on:
            raise RefusedArticle(str(broken), broken.line) from broken
        if goes_on:
            return broken
        return Broken(f"{broken} {_('What follows in this file was not read.')}", broken.line, goes_on=False)

    def _take_up(self) -> bool:
        """Stand at the next element that is known again; False where none is."""
        if self.layout.again is None or not self.window.seek(self.layout.again):
            return False
        path, self.is_first = self.layout.again_in, True
        self.inside = [
            Opened(path[:length], is_list=path[length : length + 1] in ((), (EACH,))) for length in range(len(path) + 1)
        ]
        return True
