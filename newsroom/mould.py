"""A template that runs once a process and is filled many times.

A thread shows a hundred comments in one markup, and every reader the same form. Running a template for each took most
of a page's time. A mould runs it once, with a mark in the place of each value; values are poured into what came out.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.template.base import Template
from django.template.context import Context
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe

# Stand for numbers, so that addresses can be made with them: the largest there can be; no template writes one itself.
NUMBER, OTHER_NUMBER = SafeString(2**53 - 1), SafeString(2**53 - 2)
_NUMBERS = {NUMBER: "number", OTHER_NUMBER: "other_number"}
_PRIVATE_USE = "\ue000"
_MARKS = re.compile(f"{_PRIVATE_USE}(\\w+){_PRIVATE_USE}|{NUMBER}|{OTHER_NUMBER}")
# Shapes of the parts of a page, in each language; there are some fifty.
_KEPT = 500


def mark(name: str) -> SafeString:
    """What stands for a text of this name: letters that no markup and no translation holds."""
    return mark_safe(f"{_PRIVATE_USE}{name}{_PRIVATE_USE}")  # noqa: S308 (a name of our own)


class Mould:
    """A template's words, open where its marks stood: `mark("name")`, NUMBER as `number`, OTHER_NUMBER."""

    def __init__(self, written: str) -> None:
        slots = [found[1] or _NUMBERS[found[0]] for found in _MARKS.finditer(written)]
        self._written = _MARKS.sub("%s", written.replace("%", "%%"))
        # By place: to look each up by its name while filling takes twice as long.
        self._in_order = itemgetter(*slots) if len(slots) > 1 else lambda values: tuple(values[slot] for slot in slots)

    def filled(self, values: Mapping[str, object]) -> SafeString:
        """`values` by slot, each already HTML: escaped, or made of escaped parts. No value is looked at again."""
        return SafeString(self._written % self._in_order(values))


def mould(template: str, context: Callable[..., dict[str, Any]], *facts: Hashable) -> Mould:
    """The template as it writes `context(*facts)`, in which marks stand for whatever else differs.

    Made once for each language; anew when the template was read anew, as it is while somebody works on it.
    """
    return _made(get_template(template).template, translation.get_language(), get_script_prefix(), context, facts)


@lru_cache(maxsize=_KEPT)
def _made(
    template: Template,
    _language: str | None,
    _script_prefix: str,
    context: Callable[..., dict[str, Any]],
    facts: tuple[Hashable, ...],
) -> Mould:
    return Mould(template.render(Context(context(*facts))))
