"""A template that runs once and is filled many times.

A thread shows a hundred comments in one markup. Running the template for each took most of a page's time; a mould runs
it once, with a mark in the place of each value, and each row is poured into what came out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

# Stands for a number: the largest there can be, so that addresses can be made with it; no template writes it itself.
NUMBER = SafeString(2**53 - 1)
_PRIVATE_USE = "\ue000"


def mark(name: str) -> SafeString:
    """What stands for a text of this name: letters that no markup and no translation holds."""
    return mark_safe(f"{_PRIVATE_USE}{name}{_PRIVATE_USE}")  # noqa: S308 (a name of our own)


class Mould:
    """`marks` gives, by slot, what the template is given in its place: `mark("…")` or NUMBER."""

    def __init__(self, template: str, context: Mapping[str, Any], marks: Mapping[str, str]) -> None:
        written = render_to_string(template, {**context, **marks}).replace("%", "%%")
        for slot, shown in marks.items():
            written = written.replace(shown, f"%({slot})s")
        self._written = written

    def filled(self, values: Mapping[str, object]) -> SafeString:
        """`values` by slot, each already HTML: escaped, or made of escaped parts. No value is looked at again."""
        return mark_safe(self._written % values)  # noqa: S308 (its template escaped what is not a slot)
