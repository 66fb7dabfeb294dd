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
from functools import lru_cache

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from comments.importers.comment import ImportedComment, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows.balance import Balance
from newsroom.importers.decoding import decode
from newsroom.importers.jsonl import refuse_blank
from newsroom.importers.source import MEBIBYTE, RefusedArticle
from newsroom.moments import has_room

_NEEDED = ("article", "id", "text", "submitted_at")
# What readers wrote is made storable by `taking_over`; the others, which come first here, are taken literally.
_NAMES = ("article", "id", "submitted_at", "parent", "email", "status", "votes", "text", "author_name")
_LITERAL = 7
# A line holds one comment of 5,000 characters at most: what is longer is another kind of file.
LINE_MAX = MEBIBYTE


class _Unreadable(Exception):
    """A line that is no comment; its text is a sentence."""


class _Foreign(_Unreadable):
    """A line that is no object at all."""


def read(export: Export) -> Iterator[Told]:
    """A bad line is refused by its number; the others are read. Raises RefusedArticle where the file is empty, or most
    of it blank or no JSON."""
    if b"\0" in export.head() and not _is_utf_16(export):
        raise RefusedArticle(_("This is not a text: the file is binary."))
    number, blank, balance = 0, 0, Balance()
    for number, line in enumerate(_lines(export), start=1):
        if not line.strip():
            blank += 1
            refuse_blank(blank, number)
            continue
        try:
            text = decode(line) if isinstance(line, bytes) else line
            if text.strip():
                yield _comment(text, number)
                balance.whole += 1
        except (_Unreadable, RefusedArticle) as reason:
            yield Unreadable(str(reason), number)
            if isinstance(reason, _Foreign):
                balance.count_broken(number)
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
        raise _Foreign(_("This line is not JSON.")) from error
    if not isinstance(told, dict):
        raise _Foreign(_("This line is not a comment: an object in braces is expected."))
    words = [word if type(word := told.get(name, "")) is str else _words(word, name) for name in _NAMES]
    _refuse_what_cannot_be_shown(words)
    article, id, submitted_at, parent, email, status, votes, text, author_name = words
    if not (article and id and text and submitted_at):
        missing = ", ".join(name for name in _NEEDED if not words[_NAMES.index(name)])
        raise _Unreadable(_("Missing: %(names)s.") % {"names": missing})
    return ImportedComment(
        article=article,
        author_name=author_name,
        text=text,
        submitted_at=_moment(submitted_at),
        line=number,
        id=id,
        parent=parent,
        email=email,
        status=_status(status),
        votes=_votes(votes),
    )


def _words(value: object, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _Unreadable(_("“%(name)s” is not a text.") % {"name": name})
    return str(value)


def _refuse_what_cannot_be_shown(words: list[str]) -> None:
    if "".join(words[:_LITERAL]).isprintable():
        return
    name = next(name for name, word in zip(_NAMES, words, strict=True) if not word.isprintable())
    raise _Unreadable(_("“%(name)s” holds a character that cannot be shown.") % {"name": name})


@lru_cache(maxsize=64)
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
        if moment is None or not has_room(moment):
            raise ValueError(words)
        return (timezone.make_aware(moment) if timezone.is_naive(moment) else moment).astimezone(UTC)
    except ValueError as error:
        raise _Unreadable(_("“%(words)s” is no date and time (ISO 8601).") % {"words": words[:40]}) from error
