"""Format `jsonl`: one comment a line, as JSON. For exports that know who answers whom.

    {"article": "le-pont-ferme", "id": "7", "parent": "5", "author_name": "Jean", "email": "jean@example.org",
     "text": "…", "submitted_at": "2026-11-12T08:33:00+01:00", "status": "published", "votes": 3}

`parent`, `author_name`, `email`, `status` (published, pending, spam, deleted) and `votes` may be missing.
docs/reference/formats.md
"""

from __future__ import annotations

import codecs
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from comments.importers.comment import ImportedComment, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from newsroom.importers.decoding import decode
from newsroom.importers.source import MEBIBYTE, RefusedArticle

_NEEDED = ("article", "id", "text", "submitted_at")
_OPTIONAL = ("parent", "author_name", "email", "status", "votes")
# A line holds one comment of 5,000 characters at most: what is longer is another kind of file.
LINE_MAX = MEBIBYTE
# What readers wrote is made storable by `submission`; keys, names of articles and e-mails are taken literally.
_CLEANED = ("text", "author_name")


class _Unreadable(Exception):
    """A line that is no comment; its text is a sentence."""


def read(export: Export) -> Iterator[Told]:
    """A bad line is refused by its number; the others are read. Raises RefusedArticle where the file is empty."""
    if b"\0" in export.head() and not _is_utf_16(export):
        raise RefusedArticle(_("This is not a text: the file is binary."))
    number = 0
    for number, line in enumerate(_lines(export), start=1):
        try:
            text = decode(line) if isinstance(line, bytes) and line.strip() else line
            if text.strip():
                yield _comment(str(text), number)
        except (_Unreadable, RefusedArticle) as reason:
            yield Unreadable(str(reason), number)
    if not number:
        raise RefusedArticle(_("The file is empty."))


def _lines(export: Export) -> Iterator[bytes | str]:
    """UTF-16 is told by its mark; else each line is decoded by itself. A line longer than LINE_MAX comes cut."""
    with export.open() as file:
        if _is_utf_16(export):
            yield from codecs.getreader("utf-16")(file, "replace")
            return
        while line := file.readline(LINE_MAX):
            yield line
            while len(line) == LINE_MAX and not line.endswith(b"\n"):
                line = file.readline(LINE_MAX)


def _is_utf_16(export: Export) -> bool:
    return export.head(2) in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _comment(line: str, number: int) -> ImportedComment:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise _Unreadable(_("This line is not JSON.")) from error
    if not isinstance(told, dict):
        raise _Unreadable(_("This line is not a comment: an object in braces is expected."))
    fields: dict[str, Any] = {name: _field(told, name) for name in (*_NEEDED, *_OPTIONAL)}
    if missing := [name for name in _NEEDED if not fields[name]]:
        raise _Unreadable(_("Missing: %(names)s.") % {"names": ", ".join(missing)})
    submitted_at, status = _moment(fields.pop("submitted_at")), _status(fields.pop("status"))
    votes = _votes(fields.pop("votes"))
    return ImportedComment(submitted_at=submitted_at, status=status, votes=votes, line=number, **fields)


def _field(told: dict[str, object], name: str) -> str:
    value = told.get(name)
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Unreadable(_("“%(name)s” is not a text.") % {"name": name})
    text = str(value)
    if name not in _CLEANED and ("\0" in text or not text.isprintable()):
        raise _Unreadable(_("“%(name)s” holds a character that cannot be shown.") % {"name": name})
    return text


def _status(word: str) -> SourceStatus:
    """Published where nothing is said."""
    try:
        return SourceStatus(word.upper() or SourceStatus.PUBLISHED)
    except ValueError as error:
        raise _Unreadable(
            _("“%(word)s” is no status: published, pending, spam or deleted.") % {"word": word}
        ) from error


def _votes(number: str) -> int:
    try:
        return int(number or 0)
    except ValueError as error:
        raise _Unreadable(_("“%(name)s” is not a number.") % {"name": "votes"}) from error


def _moment(words: str) -> datetime:
    """ISO 8601; without a zone, the site's."""
    try:
        moment = parse_datetime(words)
        if moment is None:
            raise ValueError(words)
        aware = timezone.make_aware(moment) if timezone.is_naive(moment) else moment
        # The first and the last day of all may lie outside the calendar in UTC, where moments are stored.
        return aware.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise _Unreadable(_("“%(words)s” is no date and time (ISO 8601).") % {"words": words[:40]}) from error
