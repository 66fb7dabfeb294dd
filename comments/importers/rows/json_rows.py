"""JSON exports of one object a line, in a file of any size; and what stands in an object."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from comments.importers.comment import Unreadable
from comments.importers.export import Export
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.balance import Balance
from comments.importers.rows.kinds import Kind, refuse_other_kinds
from newsroom.importers.source import MEBIBYTE, RefusedArticle

LINE_MAX = 16 * MEBIBYTE
# JSON can write them; nothing that stores or sends text can.
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")

Object = dict[str, Any]


def objects(export: Export) -> Iterator[tuple[Object, int] | Unreadable]:
    """An object a line, with its line; a line that is none is told.

    Raises RefusedArticle: no JSON, a longer line than LINE_MAX, more broken than whole.
    """
    refuse_other_kinds(export, Kind.JSON)
    balance = Balance()
    with export.open() as file:
        for number, line in enumerate(iter(lambda: file.readline(LINE_MAX + 1), b""), start=1):
            if len(line) > LINE_MAX:
                raise RefusedArticle(
                    _("This line is longer than %(most)s MB.") % {"most": LINE_MAX // MEBIBYTE}, number
                )
            if line.strip():
                told = _object(line, number)
                if isinstance(told, Unreadable):
                    balance.count_broken(number)
                else:
                    balance.whole += 1
                yield told


def _object(line: bytes, number: int) -> tuple[Object, int] | Unreadable:
    try:
        told = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Unreadable(_("This line is not JSON."), number)
    if not isinstance(told, dict):
        return Unreadable(_("This line is not a comment: an object in braces is expected."), number)
    return told, number


def object_in(told: Any, name: str = "") -> Object:
    """The object itself, or the one of this name in it; an empty one where there is none. Raises BadRow."""
    found = told.get(name) if name else told
    if found is None:
        return {}
    if not isinstance(found, dict):
        raise BadRow(_("This is not a comment: an object in braces is expected."))
    return found


def words(told: Object, name: str) -> str:
    """A text, or a number as text; empty where there is none. Raises BadRow."""
    value = told.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise BadRow(_("“%(name)s” is not a text.") % {"name": name})
    try:
        return _LONE_SURROGATES.sub("\ufffd", str(value))
    except ValueError as error:  # a number of more than 4,300 digits
        raise BadRow(_("“%(name)s” is not a text.") % {"name": name}) from error
