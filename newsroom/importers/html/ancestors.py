"""Which element something stands in. Beautiful Soup's own find_parent builds a filter each time: a tenth the speed."""

from __future__ import annotations

from collections.abc import Collection

from bs4 import PageElement, Tag


def nearest(inside: PageElement, names: Collection[str]) -> Tag | None:
    """The closest element of such a name around it."""
    around = inside.parent
    while around is not None and around.name not in names:
        around = around.parent
    return around
