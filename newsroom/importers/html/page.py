"""Format `html`: a saved web page. Order of trust: JSON-LD, then Open Graph and meta, then what the page shows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup, Tag
from bs4.dammit import EncodingDetector
from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.importers import addresses
from newsroom.importers.decoding import decode
from newsroom.importers.html import plain
from newsroom.importers.html.body import Body, body_of
from newsroom.importers.html.dates import Said, said_in_words, when
from newsroom.importers.html.facts import Facts, facts_of
from newsroom.importers.imported import Figure, ImportedArticle, slug_of, source_key_of
from newsroom.importers.picture import beside
from newsroom.importers.safe_xml import refuse_other_root, root_of
from newsroom.importers.seen import seen
from newsroom.importers.source import RefusedArticle, Source

DEEPEST = 200
# Signs `<`: two an element. A newspaper's page has 2,000 to 20,000; this many take ten seconds.
MOST_MARKS = 60_000
# How a page that says it is XML may begin; saved ones are often cut out of the whole.
ROOTS = {"html", "head", "body", "main", "article", "section", "div", "header", "h1", "p"}


def read(source: Source) -> Iterator[ImportedArticle]:
    """One article. Raises RefusedArticle."""
    _refuse_other_xml(source.data)
    html = _text(source.data)
    if html.count("<") > MOST_MARKS:
        raise RefusedArticle(_("The page has more than %(most)s elements.") % {"most": MOST_MARKS // 2})
    soup = BeautifulSoup(html, "lxml")
    _refuse_too_deep(soup)
    otherwise = "" if plain.marks_its_article(html) else plain.text_of_plain(html)
    yield _article(soup, source, otherwise)


def _refuse_other_xml(data: bytes) -> None:
    """What another program wrote for machines has a root of its own. Raises RefusedArticle, also for entities."""
    root = root_of(data)
    if root and root.lower() not in ROOTS and data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml"):
        refuse_other_root(root)


def _article(soup: BeautifulSoup, source: Source, otherwise: str) -> ImportedArticle:
    facts = facts_of(soup)
    if not facts.headline:
        raise RefusedArticle(_("The page has no headline."), 1)
    said = _said(soup, facts, source)
    original = seen(soup)
    body = body_of(soup, facts, otherwise=otherwise)
    slug = slug_of(facts.headline)
    address = addresses.own(facts.address, fetched_from=source.address)
    return ImportedArticle(
        headline=facts.headline,
        slug=slug,
        source_key=source_key_of(slug=slug, published_at=said.published_at, canonical_url=address),
        canonical_url=address,
        standfirst=body.standfirst or facts.standfirst,
        body=body.html,
        figures=tuple(_figure(src, source) for src in body.figures),
        section=facts.section,
        author_line=facts.author,
        published_at=said.published_at,
        updated_at=_later(said.updated_at, said.published_at),
        language=facts.language or said.language or settings.LANGUAGE_CODE[:2],
        is_paywalled=facts.is_paywalled,
        source_note=body.source_note,
        related=tuple(_related(body, address)),
        original=original,
        **_picture(body, facts, source),
    )


def _said(soup: BeautifulSoup, facts: Facts, source: Source) -> Said:
    """Raises RefusedArticle: a page that does not say when is never given a date."""
    published_at = when(facts.published, language=facts.language)
    if published_at:
        return Said(published_at, when(facts.updated, language=facts.language))
    said = said_in_words(soup, source.read_at, language=facts.language)
    if said is None:
        raise RefusedArticle(_("The page does not say when it was published."), _line_of(soup, "h1"))
    return said


def _text(data: bytes) -> str:
    """In the encoding the page declares; without one, or with one it does not keep, as any other text."""
    declared = EncodingDetector.find_declared_encoding(data, is_html=True)
    if declared and declared.lower() not in ("utf-8", "iso-8859-1", "us-ascii") and b"\x00" not in data:
        try:
            return data.decode(declared)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)


def _refuse_too_deep(soup: BeautifulSoup) -> None:
    """What asks each element for the text inside it costs depth times size: 20,000 nested took two minutes."""
    depths = {id(soup): 0}
    for tag in soup.find_all(True):
        depths[id(tag)] = depth = depths[id(tag.parent)] + 1
        if depth > DEEPEST:
            raise RefusedArticle(
                _("The page's elements are nested more than %(most)s deep.") % {"most": DEEPEST}, tag.sourceline
            )


def _picture(body: Body, facts: Facts, source: Source) -> dict[str, Any]:
    """A file beside the page; of a page that was fetched, the address of its picture too."""
    shown = _figure(body.image_src or facts.image, source)
    return {
        "image_path": shown.path,
        "image_address": shown.address,
        "image_alt": body.image_alt,
        "image_caption": body.image_caption or (facts.image_caption if not body.image_src else ""),
        "image_credit": body.image_credit or facts.image_credit,
    }


def _figure(src: str, source: Source) -> Figure:
    if source.address:
        return Figure(address=addresses.web_address(src, base=source.address))
    return Figure(path=beside(source.folder, src) if src else None)


def _related(body: Body, address: str) -> Iterator[dict[str, str]]:
    for title, href in body.related:
        yield {"title": title, "url": _leading(address, href)}


def _leading(address: str, href: str) -> str:
    """Where a link leads, if that is on the web or on the page's own site; else nothing."""
    try:
        url = urljoin(address, href) if href else ""
        known = urlsplit(url).scheme in ("http", "https") or (url.startswith("/") and not url.startswith("//"))
    except ValueError:
        return ""
    return url if known else ""


def _later(updated_at: datetime | None, published_at: datetime) -> datetime | None:
    return updated_at if updated_at and updated_at > published_at else None


def _line_of(soup: BeautifulSoup, name: str) -> int | None:
    tag = soup.find(name)
    return tag.sourceline if isinstance(tag, Tag) else None
