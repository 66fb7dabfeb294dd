"""A template that runs once a process and is filled many times.

A thread shows a hundred comments in one markup, and every reader the same form. Running a template for each took most
of a page's time. A mould runs it once, with a mark in the place of each value; values are poured into what came out.
"""

from __future__ import annotations

import re
import secrets
import sys
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

from django.template.base import Template
from django.template.context import Context
from django.template.loader import get_template
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.safestring import SafeString

# Stand for numbers, so that addresses can be made with them: the largest there can be; no template writes one itself.
NUMBER, OTHER_NUMBER = SafeString(2**53 - 1), SafeString(2**53 - 2)
_NUMBERS = {str(NUMBER): "number", str(OTHER_NUMBER): "other_number"}
_PRIVATE_USE = "\ue000"
# No text that comes from outside can hold it.
_OWN = secrets.token_hex(8)
_TEXTS = re.compile(f"{_PRIVATE_USE}{_OWN}(\\w+){_PRIVATE_USE}")
_MARKS = re.compile(f"{_TEXTS.pattern}|{NUMBER}|{OTHER_NUMBER}")
# Shapes of the parts of a page, in each language; there are some fifty.
_KEPT = 500


def mark(name: str) -> SafeString:
    """What stands for a text of this name."""
    return SafeString(f"{_PRIVATE_USE}{_OWN}{name}{_PRIVATE_USE}")


class Mould:
    """A template's words, open where its marks stood: `mark("name")`, NUMBER as `number`, OTHER_NUMBER."""

    def __init__(self, written: str, *, with_numbers: bool = True) -> None:
        marks = _MARKS if with_numbers else _TEXTS
        slots: list[str] = [found[1] or _NUMBERS[found[0]] for found in marks.finditer(written)]
        self._written = marks.sub("%s", written.replace("%", "%%"))
        # By place: to look each up by its name while filling takes twice as long.
        self._in_order = itemgetter(*slots) if len(slots) > 1 else lambda values: tuple(values[slot] for slot in slots)

    def __len__(self) -> int:
        """Bytes it takes to hold, about."""
        return sys.getsizeof(self._written) + 1_000

    def filled(self, values: Mapping[str, object]) -> SafeString:
        """`values` by slot, each already HTML: escaped, or made of escaped parts. No value is looked at again."""
        return SafeString(self._written % self._in_order(values))


def mould(template: str, context: Callable[..., dict[str, Any]], *facts: Hashable) -> Mould:
    """The template as it writes `context(*facts)`, in which marks stand for whatever else differs.

    Made once for each language; anew when the template was read anew, as it is while somebody works on it.
    """
    read: Any = get_template(template)
    return _made(read.template, translation.get_language(), get_script_prefix(), context, facts)


@lru_cache(maxsize=_KEPT)
def _made(
    template: Template,
    _language: str | None,
    _script_prefix: str,
    context: Callable[..., dict[str, Any]],
    facts: tuple[Hashable, ...],
) -> Mould:
    return Mould(template.render(Context(context(*facts))))
