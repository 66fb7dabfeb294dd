"""Format `blogger`: Atom, as Blogger's export (old and new) and the feed of one post's comments have it.

An entry is a post or a comment; a comment names its post, and the comment it answers. Read twice: the new export
has comments and posts in any order.
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

SHAPE = Shape("feed", {"entry": "feed"})
STATUSES = {
    "": SourceStatus.PUBLISHED,
    "live": SourceStatus.PUBLISHED,
    "pending": SourceStatus.PENDING,
    "ghosted": SourceStatus.PENDING,
    "draft": SourceStatus.PENDING,
    "spam": SourceStatus.SPAM,
    "emptied": SourceStatus.DELETED,
    "deleted": SourceStatus.DELETED,
}


class _Post(NamedTuple):
    address: str
    title: str
    published_at: datetime | None


def read(export: Export) -> Iterator[Told]:
    posts = {row.text("id"): _post(row) for row in xml_rows(export, SHAPE) if isinstance(row, Row) and _is_post(row)}
    for row in xml_rows(export, SHAPE):
        if isinstance(row, Unreadable):
            yield row
        elif _is_comment(row):
            try:
                yield _told(row, posts)
            except BadRow as reason:
                yield Unreadable(str(reason), row.line)


def _is_post(row: Row) -> bool:
    return _kind(row) == "post"


def _is_comment(row: Row) -> bool:
    """The feed of one post's comments has no kinds: there, what answers something is a comment."""
    return _kind(row) == "comment" or (not _kind(row) and row.find("in-reply-to") is not None)


def _kind(row: Row) -> str:
    told = row.text("type").lower()
    terms = (category.attributes.get("term", "") for category in row.elements("category"))
    return told or next((term.partition("#kind#")[2] or term.rpartition("#")[2] for term in terms if "#" in term), "")


def _post(row: Row) -> _Post:
    """A draft's title is nobody's to know: an article of its own is never made of it."""
    try:
        published_at = moment(row.text("published"))
    except BadRow:
        published_at = None
    is_public = row.text("status").lower() in ("", "live") and row.text("control/draft") != "yes"
    title = headline_of(row.markup("title")) if is_public else ""
    return _Post(_link(row, "alternate") or row.text("filename"), title, published_at)


def _link(row: Row, relation: str) -> str:
    links = (link.attributes for link in row.elements("link"))
    return next((link.get("href", "") for link in links if link.get("rel") == relation), "")


def _told(row: Row, posts: dict[str, _Post]) -> Told:
    status, text = _status(row), from_html(row.markup("content"))
    if status is SourceStatus.DELETED and not text:
        return LeftOut(LeftOut.EMPTIED, row.line)
    post = posts.get(row.text("parent") or row.attribute("in-reply-to", "ref"))
    address = post.address if post else row.attribute("in-reply-to", "href")
    if not address:
        raise BadRow(_("The article it belongs to has no address in this file."))
    return ImportedComment(
        article=address,
        article_url=address if "://" in address else "",
        article_headline=post.title if post else "",
        article_published_at=post.published_at if post else None,
        id=id_of("blogger", _number(row.text("id"))),
        parent=id_of("blogger", _answered(row)),
        author_name=name_of(row.text("author/name")),
        email=email_of(row.text("author/email")),
        text=text,
        submitted_at=moment(row.text("published")),
        status=status,
        line=row.line,
    )


def _answered(row: Row) -> str:
    """The number of the comment that it answers: told by the new export, the last part of an address in the old one."""
    return _number(row.text("inReplyTo")) or _link(row, "related").rstrip("/").rpartition("/")[2]


def _number(told: str) -> str:
    return told.rpartition("post-")[2]


def _status(row: Row) -> SourceStatus:
    if row.text("trashed"):
        return SourceStatus.DELETED
    if row.text("control/draft") == "yes":
        return SourceStatus.PENDING
    word = row.text("status").lower()
    if word not in STATUSES:
        raise BadRow(_("“%(word)s” is no status of this system.") % {"word": word[:40]})
    return STATUSES[word]
