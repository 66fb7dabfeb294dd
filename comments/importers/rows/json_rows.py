"""JSON exports: a document of bounded size read whole, or one object a line in a file of any size."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from comments.importers.comment import Unreadable
from comments.importers.export import Export
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.kinds import Kind, refuse_other_kinds
from newsroom.importers.source import MEBIBYTE, RefusedArticle

# A document of this size takes about six times as much memory while it is read.
DOCUMENT_MAX = 64 * MEBIBYTE
LINE_MAX = 16 * MEBIBYTE
# JSON can write them; nothing that stores or sends text can.
_LONE_SURROGATES = re.compile("[\ud800-\udfff]")
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}

Object = dict[str, Any]


def document(export: Export) -> Any:
    """The whole file. Raises RefusedArticle: not JSON, nested too deep, larger than DOCUMENT_MAX."""
    refuse_other_kinds(export, Kind.JSON)
    with export.open() as file:
        data = file.read(DOCUMENT_MAX + 1)
    if len(data) > DOCUMENT_MAX:
        raise RefusedArticle(_("The file is larger than %(most)s MB.") % {"most": DOCUMENT_MAX // MEBIBYTE})
    try:
        return json.loads(data.decode(_MARKS.get(data[:2], "utf-8-sig")))
    except UnicodeDecodeError as error:
        raise RefusedArticle(_("The text is UTF-8 with damaged bytes: save it again from its source.")) from error
    except json.JSONDecodeError as error:
        raise RefusedArticle(_("This is broken JSON: %(error)s.") % {"error": error.msg}, error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise RefusedArticle(_("This JSON is nested too deep or holds a number that is none.")) from error


def objects(export: Export) -> Iterator[tuple[Object, int] | Unreadable]:
    """An object a line, with its line. A line that is none is told; a longer one than LINE_MAX refuses the file."""
    refuse_other_kinds(export, Kind.JSON)
    with export.open() as file:
        for number, line in enumerate(iter(lambda: file.readline(LINE_MAX + 1), b""), start=1):
            if len(line) > LINE_MAX:
                raise RefusedArticle(
                    _("This line is longer than %(most)s MB.") % {"most": LINE_MAX // MEBIBYTE}, number
                )
            if line.strip():
                yield _object(line, number)


def _object(line: bytes, number: int) -> tuple[Object, int] | Unreadable:
    try:
        told = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return Unreadable(_("This line is not JSON."), number)
    if not isinstance(told, dict):
        return Unreadable(_("This line is not a comment: an object in braces is expected."), number)
    return told, number


def objects_in(told: Any, name: str) -> list[Any]:
    """The list of this name in a document. Raises RefusedArticle where there is none."""
    found = told.get(name) if isinstance(told, dict) else None
    if not isinstance(found, list):
        raise RefusedArticle(_("This JSON is of another kind: it has no list “%(name)s”.") % {"name": name})
    return found


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
