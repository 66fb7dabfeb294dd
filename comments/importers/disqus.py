"""Format `disqus`: the XML that Disqus mails when a site asks for its comments.

A <thread> is an article (dsq:id, link, title, createdAt), a <post> a comment. Threads come first, mostly.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from django.utils.translation import gettext as _

from comments.importers.comment import ImportedComment, LeftOut, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.rich_text import from_html, headline_of
from comments.importers.rows.values import email_of, id_of, moment, name_of
from comments.importers.rows.xml_row import Row, Shape
from comments.importers.rows.xml_rows import xml_rows

SHAPE = Shape("disqus", {"thread": "disqus", "post": "disqus"})
# Posts before their thread are kept until the file ends.
WAITING_MAX = 10_000


class _Thread(NamedTuple):
    address: str
    title: str
    created_at: datetime | None


def read(export: Export) -> Iterator[Told]:
    threads: dict[str, _Thread] = {}
    waiting: list[Row] = []
    for row in xml_rows(export, SHAPE):
        if isinstance(row, Unreadable):
            yield row
        elif row.name == "thread":
            threads.setdefault(row.attributes.get("id", ""), _thread(row))
        elif row.attribute("thread", "id") in threads or len(waiting) >= WAITING_MAX:
            yield _told(row, threads)
        else:
            waiting.append(row)
    for row in waiting:
        yield _told(row, threads)


def _thread(row: Row) -> _Thread:
    try:
        created_at = moment(row.text("createdAt"))
    except BadRow:
        created_at = None
    return _Thread(row.text("link"), headline_of(row.text("title")), created_at)


def _told(row: Row, threads: dict[str, _Thread]) -> Told:
    try:
        return _comment(row, threads)
    except BadRow as reason:
        return Unreadable(str(reason), row.line)


def _comment(row: Row, threads: dict[str, _Thread]) -> Told:
    thread = threads.get(row.attribute("thread", "id"))
    if thread is None or not thread.address:
        raise BadRow(_("The article it belongs to (thread %(id)s) is not in this file.") % {"id": _thread_id(row)})
    status, text = _status(row), from_html(row.markup("message"))
    if status is SourceStatus.DELETED and not text:
        return LeftOut(LeftOut.EMPTIED, row.line)
    return ImportedComment(
        article=thread.address,
        article_url=thread.address,
        article_headline=thread.title,
        article_published_at=thread.created_at,
        id=id_of("disqus", row.attributes.get("id") or row.text("id")),
        parent=id_of("disqus", row.attribute("parent", "id")),
        author_name=name_of(row.text("author/name") or row.text("author/username")),
        email=email_of(row.text("author/email")),
        text=text,
        submitted_at=moment(row.text("createdAt")),
        status=status,
        line=row.line,
    )


def _thread_id(row: Row) -> str:
    return row.attribute("thread", "id")[:40] or "?"


def _status(row: Row) -> SourceStatus:
    if _flag(row, "isDeleted", otherwise=False):
        return SourceStatus.DELETED
    if _flag(row, "isSpam", otherwise=False):
        return SourceStatus.SPAM
    return SourceStatus.PUBLISHED if _flag(row, "isApproved", otherwise=True) else SourceStatus.PENDING


def _flag(row: Row, name: str, *, otherwise: bool) -> bool:
    word = row.text(name).lower()
    if word not in ("", "true", "false"):
        raise BadRow(_("“%(word)s” is neither true nor false.") % {"word": word[:40]})
    return word == "true" if word else otherwise
