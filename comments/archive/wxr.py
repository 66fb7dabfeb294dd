"""Articles and comments as WXR, what WordPress imports (Tools › Import › WordPress). Written as it goes, never whole.

WordPress knows approved, waiting, spam and trash: a rejected comment goes out as spam where its ground is spam or
advertising, else as trash; a flagged one waits; a withdrawn one stays here.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

from django.conf import settings
from django.db.models import OuterRef, Subquery
from django.utils.timezone import localtime

from comments.archive.writing import CHUNK
from comments.models import Comment, Decision, Ground, Status
from newsroom.models import Article

_NAMESPACES = {
    "version": "2.0",
    "xmlns:excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:dc": "http://purl.org/dc/elements/1.1/",
    "xmlns:wp": "http://wordpress.org/export/1.2/",
}
_SPAM = {Ground.SPAM, Ground.ADVERTISING}


def pieces(*, with_emails: bool = False) -> Iterator[str]:
    """The file, a piece at a time: what stands around, then one piece an article with all its comments."""
    xml = _Xml()
    xml.startDocument()
    xml.start("rss", _NAMESPACES)
    xml.start("channel")
    xml.leaf("title", settings.SITE_NAME)
    xml.leaf("link", settings.SITE_URL)
    xml.leaf("language", settings.LANGUAGE_CODE)
    xml.leaf("wp:wxr_version", "1.2")
    yield xml.taken()
    for article in Article.objects.select_related("section").order_by("pk").iterator(chunk_size=200):
        yield from _item(xml, article, with_emails=with_emails)
    xml.endElement("channel")
    xml.endElement("rss")
    yield xml.taken()


class _Xml(XMLGenerator):
    """Writes into memory what `taken` gives away."""

    def __init__(self) -> None:
        self._pieces = io.StringIO()
        super().__init__(self._pieces, encoding="utf-8", short_empty_elements=True)

    def start(self, name: str, attributes: dict[str, str] | None = None) -> None:
        self.startElement(name, AttributesImpl(attributes or {}))

    def leaf(self, name: str, text: object = "", **attributes: str) -> None:
        self.start(name, attributes)
        self.characters(_speakable(str(text)))
        self.endElement(name)

    def taken(self) -> str:
        told = self._pieces.getvalue()
        self._pieces.seek(0)
        self._pieces.truncate()
        return told


def _item(xml: _Xml, article: Article, *, with_emails: bool) -> Iterator[str]:
    xml.start("item")
    xml.leaf("title", _html(article.headline))
    xml.leaf("link", article.canonical_url or settings.SITE_URL + article.get_absolute_url())
    xml.leaf("guid", article.source_key, isPermaLink="false")
    xml.leaf("dc:creator", article.author_line)
    xml.leaf("content:encoded", article.body)
    xml.leaf("excerpt:encoded", _html(article.standfirst))
    xml.leaf("wp:post_id", article.pk)
    xml.leaf("wp:post_date", _local(article.published_at))
    xml.leaf("wp:post_date_gmt", _gmt(article.published_at))
    xml.leaf("wp:post_modified_gmt", _gmt(article.updated_at or article.published_at))
    xml.leaf("wp:comment_status", "open")
    xml.leaf("wp:post_name", article.slug)
    xml.leaf("wp:status", "publish" if article.is_published else "draft")
    xml.leaf("wp:post_type", "post")
    if article.section:
        xml.leaf("category", _html(article.section.name), domain="category", nicename=article.section.slug)
    yield xml.taken()
    for comment in _comments(article):
        _comment(xml, comment, with_emails=with_emails)
        yield xml.taken()
    xml.endElement("item")
    yield xml.taken()


def _comments(article: Article) -> Iterator[Comment]:
    newest = Decision.objects.filter(comment=OuterRef("pk")).order_by("-version")
    rows = Comment.objects.filter(discussion__article=article).exclude(status=Status.WITHDRAWN)
    rows = rows.annotate(ground=Subquery(newest.values("ground")[:1])).select_related("reader", "parent")
    return rows.order_by("depth", "pk").iterator(chunk_size=CHUNK)


def _comment(xml: _Xml, comment: Comment, *, with_emails: bool) -> None:
    xml.start("wp:comment")
    xml.leaf("wp:comment_id", comment.pk)
    xml.leaf("wp:comment_author", _html(comment.shown_name))
    xml.leaf("wp:comment_author_email", comment.reader.email if with_emails and comment.reader else "")
    xml.leaf("wp:comment_date", _local(comment.submitted_at))
    xml.leaf("wp:comment_date_gmt", _gmt(comment.submitted_at))
    xml.leaf("wp:comment_content", _html(comment.text))
    xml.leaf("wp:comment_approved", _approved(comment))
    xml.leaf("wp:comment_type", "comment")
    xml.leaf("wp:comment_parent", 0 if comment.parent is None or comment.parent.is_withdrawn else comment.parent_id)
    xml.leaf("wp:comment_user_id", 0)
    xml.endElement("wp:comment")


def _approved(comment: Comment) -> str:
    if comment.status == Status.REJECTED:
        return "spam" if comment.ground in _SPAM else "trash"  # type: ignore[attr-defined]
    return "1" if comment.status == Status.APPROVED else "0"


def _html(text: str) -> str:
    """Plain text as WordPress keeps it: what is not escaped is HTML there."""
    return escape(text, quote=False)


def _speakable(text: str) -> str:
    """Without the signs that XML cannot hold."""
    return "".join(sign for sign in text if sign in "\t\n\r" or (sign >= " " and sign not in "\ufffe\uffff"))


def _local(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M:%S}"


def _gmt(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S}"
