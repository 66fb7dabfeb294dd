"""Format `wxr`: the XML that WordPress writes under Tools → Export, with its comments. All versions of WXR."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from html import unescape

from django.utils.translation import gettext as _

from comments.importers.comment import ImportedComment, LeftOut, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.rich_text import from_html, headline_of
from comments.importers.rows.values import email_of, id_of, moment, moment_in_utc, name_of
from comments.importers.rows.xml_row import Row, Shape
from comments.importers.rows.xml_rows import xml_rows

SHAPE = Shape("rss", {"item": "channel", "comment": "item"})
STATUSES = {
    "1": SourceStatus.PUBLISHED,
    "approve": SourceStatus.PUBLISHED,
    "0": SourceStatus.PENDING,
    "hold": SourceStatus.PENDING,
    "spam": SourceStatus.SPAM,
    "trash": SourceStatus.DELETED,
    "post-trashed": SourceStatus.DELETED,
}
_NO_DATE = "0000-00-00 00:00:00"


def read(export: Export) -> Iterator[Told]:
    for row in xml_rows(export, SHAPE):
        if isinstance(row, Unreadable):
            yield row
        elif row.name == "comment":
            try:
                yield _told(row, row.within or row)
            except BadRow as reason:
                yield Unreadable(str(reason), row.line)


def _told(row: Row, item: Row) -> Told:
    if row.text("comment_type") in ("pingback", "trackback"):
        return LeftOut(LeftOut.PINGBACK, row.line)
    status, text = _status(row), from_html(row.markup("comment_content"), keep_lines=True)
    if status is SourceStatus.DELETED and not text:
        return LeftOut(LeftOut.EMPTIED, row.line)
    address = item.text("link")
    if not address:
        raise BadRow(_("The article it belongs to has no address in this file."))
    return ImportedComment(
        article=address,
        article_url=address,
        article_headline=_headline(item),
        article_published_at=_published_at(item),
        id=id_of("wordpress", row.text("comment_id")),
        parent=_parent(row),
        author_name=name_of(unescape(row.text("comment_author"))),
        email=email_of(row.text("comment_author_email")),
        text=text,
        submitted_at=_moment(row, "comment_date"),
        status=status,
        line=row.line,
    )


def _status(row: Row) -> SourceStatus:
    word = row.text("comment_approved")
    if word not in STATUSES:
        raise BadRow(_("“%(word)s” is no status of this system.") % {"word": word[:40]})
    return STATUSES[word]


def _parent(row: Row) -> str:
    told = row.text("comment_parent")
    return "" if told == "0" else id_of("wordpress", told)


def _headline(item: Row) -> str:
    """Of a published post. A draft's title is nobody's to know: such an article is never made."""
    if item.text("status") not in ("", "publish") or item.text("post_password"):
        return ""
    return headline_of(item.text("title"))


def _published_at(item: Row) -> datetime | None:
    try:
        return _moment(item, "post_date")
    except BadRow:
        pass
    try:
        told = parsedate_to_datetime(item.text("pubDate"))
        return moment(told.isoformat())
    except (ValueError, TypeError, IndexError, OverflowError, BadRow):
        return None


def _moment(row: Row, name: str) -> datetime:
    """The moment in UTC where it is told, else the blog's own hour, read in the site's zone."""
    in_utc = row.text(f"{name}_gmt")
    return moment_in_utc(in_utc) if in_utc and in_utc != _NO_DATE else moment(row.text(name))
