"""Format `feed`: RSS and Atom by feedparser. One article an entry; its full text where the feed has it."""

from __future__ import annotations

import calendar
import io
import re
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import feedparser
from django.utils.translation import gettext as _
from lxml import etree

from newsroom.importers import addresses
from newsroom.importers.cleaning import as_text
from newsroom.importers.decoding import one_line
from newsroom.importers.html.body import Body, fragment_of
from newsroom.importers.imported import Figure, ImportedArticle, Told, Unreadable, slug_of, source_key_of
from newsroom.importers.safe_xml import DEEPEST, refuse_entities
from newsroom.importers.seen import seen_in
from newsroom.importers.source import RefusedArticle, Source
from newsroom.moments import has_room

_KINDS = ("rss", "atom", "cdf")
# A description up to this length stands over the text as its standfirst.
_STANDFIRST_MAX = 600
_HALF = rb"&#(x0{0,4}[dD][89a-fA-F][0-9a-fA-F]{2}|5[5-7]\d{3});"
_HALVES = re.compile(_HALF + rb"(?:" + _HALF + rb")?", re.IGNORECASE)


def read(source: Source) -> Iterator[Told]:
    """Raises RefusedArticle: no feed, entities, too deep."""
    refuse_entities(source.data)
    _refuse_too_deep(source.data)
    told = _parsed(source.data)
    if not told.get("version", "").startswith(_KINDS):
        raise RefusedArticle(_("This is no feed: neither RSS nor Atom."), 1)
    language = str(told.feed.get("language") or "")[:2].lower()
    for number, entry in enumerate(told.entries, start=1):
        try:
            yield _article(entry, source, language if language.isalpha() else "fr")
        except RefusedArticle as refusal:
            yield Unreadable(_("Entry %(number)s: %(why)s") % {"number": number, "why": refusal.reason})


def _parsed(data: bytes) -> Any:
    """By feedparser, which raises what it meets: names in no encoding, tags of no namespace."""
    try:
        # A stream: given a text that looks like an address or a file's name, feedparser would open it.
        return feedparser.parse(io.BytesIO(_HALVES.sub(_whole, data)), sanitize_html=False)
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError, RecursionError) as error:
        raise RefusedArticle(_("The file is damaged here: it is no well-formed XML."), 1) from error


def _whole(found: re.Match[bytes]) -> bytes:
    """Old software wrote 😀 as two numbers, the halves of UTF-16; alone, a half is no character."""
    numbers = [int(one[1:], 16) if one[:1] in b"xX" else int(one) for one in found.groups() if one]
    if not any(0xD800 <= number < 0xE000 for number in numbers):
        return found[0]
    units = b"".join(number.to_bytes(2, "little") for number in numbers)
    return "".join(f"&#{ord(sign)};" for sign in units.decode("utf-16-le", errors="replace")).encode()


def _refuse_too_deep(data: bytes) -> None:
    depth = 0
    steps = etree.iterparse(
        io.BytesIO(data), events=("start", "end"), recover=True, resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        for event, element in steps:
            depth += 1 if event == "start" else -1
            if depth > DEEPEST:
                raise RefusedArticle(_("The file's elements are nested more than %(most)s deep.") % {"most": DEEPEST})
            if event == "end":
                element.clear()
    except etree.XMLSyntaxError:
        return  # feedparser reads many a feed that is no XML


def _article(entry: Any, source: Source, language: str) -> ImportedArticle:
    headline = _plain(entry.get("title_detail"))
    if not headline:
        raise RefusedArticle(_("It has no headline."))
    published_at = _moment(entry, "published") or _moment(entry, "updated")
    if published_at is None:
        raise RefusedArticle(_("It does not say when it was published."))
    updated_at = _moment(entry, "updated")
    address = addresses.canonical(str(entry.get("link") or ""), base=source.address)
    slug = slug_of(headline)
    body, standfirst = _body(entry)
    return ImportedArticle(
        headline=headline,
        slug=slug,
        source_key=address or _own_key(entry) or source_key_of(slug=slug, published_at=published_at),
        canonical_url=address,
        standfirst=standfirst,
        body=body.html,
        related=tuple(
            {"title": title, "url": addresses.web_address(href, base=address)} for title, href in body.related
        ),
        source_note=body.source_note,
        author_line=", ".join(dict.fromkeys(_names(entry))),
        section=_section(entry),
        published_at=published_at,
        updated_at=updated_at if updated_at and updated_at > published_at else None,
        language=_language(entry) or language,
        original=_original(entry),
        **_pictures(entry, body, source),
    )


def _body(entry: Any) -> tuple[Body, str]:
    """The text, and what stands over it: the description is the text where it is all there is and is long."""
    description = str(entry.get("summary") or "")
    longest = max((str(one.get("value") or "") for one in entry.get("content") or []), key=len, default="")
    words = _text(description)
    if not longest and len(words) > _STANDFIRST_MAX:
        return fragment_of(description), ""
    body = fragment_of(longest) if longest else Body()
    return body, words if len(words) <= _STANDFIRST_MAX and words != _words(body) else ""


def _words(body: Body) -> str:
    return _text(body.html)


def _text(html: str) -> str:
    return as_text(html, between=" ")


def _pictures(entry: Any, body: Body, source: Source) -> dict[str, Any]:
    """Addresses only, and only of a feed that was fetched itself: a file on this machine opens no connection."""
    offered = [*entry.get("media_content", []), *entry.get("enclosures", []), *entry.get("media_thumbnail", [])]
    images = [
        str(one.get("url") or one.get("href") or "")
        for one in offered
        if one.get("medium") == "image" or str(one.get("type") or "").startswith("image/")
    ]
    src = body.image_src or next(iter(images), "")
    known = {"image_alt": body.image_alt, "image_caption": body.image_caption, "image_credit": body.image_credit}
    if not source.address:
        return known | {"figures": tuple(Figure() for _src in body.figures)}
    figures = tuple(Figure(address=addresses.web_address(one, base=source.address)) for one in body.figures)
    return known | {"image_address": addresses.web_address(src, base=source.address), "figures": figures}


def _moment(entry: Any, name: str) -> datetime | None:
    parsed: time.struct_time | None = entry.get(f"{name}_parsed")
    try:
        found = datetime.fromtimestamp(calendar.timegm(parsed), UTC) if parsed else None
    except (ValueError, OverflowError, OSError):
        return None
    return found if found and has_room(found) else None


def _names(entry: Any) -> list[str]:
    return [name for one in entry.get("authors") or [] if (name := one_line(str(one.get("name") or "")))]


def _section(entry: Any) -> str:
    terms = [one_line(str(tag.get("label") or tag.get("term") or "")) for tag in entry.get("tags") or []]
    return next((term for term in terms if term and len(term) <= 80), "")


def _own_key(entry: Any) -> str:
    return one_line(str(entry.get("id") or ""))


def _language(entry: Any) -> str:
    code = str((entry.get("title_detail") or {}).get("language") or "")[:2].lower()
    return code if code.isalpha() else ""


def _plain(detail: Any) -> str:
    value = str((detail or {}).get("value") or "")
    is_html = "html" in str((detail or {}).get("type") or "")
    return as_text(value) if is_html else one_line(value)


def _original(entry: Any) -> str:
    contents = (str(one.get("value") or "") for one in entry.get("content") or [])
    return seen_in([*(str(entry.get(name) or "") for name in ("title", "author", "summary")), *contents])
