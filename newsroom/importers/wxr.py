"""Format `wxr`: what WordPress exports. Posts become articles; pages, menus, attachments and comments stay out.

Comments of the same file: `import_comments --format wxr`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import slugify
from django.utils.translation import gettext as _
from lxml import etree

from newsroom.importers import addresses
from newsroom.importers.cleaning import as_text
from newsroom.importers.decoding import one_line, tidy
from newsroom.importers.html.body import fragment_of
from newsroom.importers.imported import Figure, ImportedArticle, Told, Unreadable, slug_of
from newsroom.importers.safe_xml import elements, line_of
from newsroom.importers.seen import seen_in
from newsroom.importers.source import RefusedArticle, Source
from newsroom.moments import has_room

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_EXCERPT = re.compile(r"\{http://wordpress\.org/export/[\d.]+/excerpt/\}encoded")
_WP = re.compile(r"\{http://wordpress\.org/export/[\d.]+/\}(\w+)")
_CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
# Gutenberg's comments fall with all comments; of the short codes only the caption's text is the author's.
_SHORT_CODE = re.compile(r"\[/?[a-z][a-z0-9_-]{2,30}(?:\s[^\[\]]*)?/?\]")
_NEVER = "0000-00-00 00:00:00"
_PUBLIC = {"publish"}


def read(source: Source) -> Iterator[Told]:
    """Raises RefusedArticle: no WordPress export, entities, too deep, damaged."""
    names: dict[str, str] = {}
    language = "fr"
    with source.open() as file:
        author_tags = tuple(f"{{http://wordpress.org/export/{n}/}}author" for n in ("1.0", "1.1", "1.2"))
        for element in elements(file, named=("item", "language", *author_tags), root="rss"):
            if element.tag == "item":
                told = _told(element, names, language)
                if told:
                    yield told
            elif element.tag == "language":
                code = (element.text or "").strip()[:2].lower()
                language = code if code.isalpha() else language
            else:
                facts = _facts(element)
                names[facts.get("author_login", "")] = as_text(facts.get("author_display_name", ""))


def _told(item: etree._Element, names: dict[str, str], language: str) -> Told | None:
    """None: no post, or none that the public has seen. WordPress calls one published that a password opens."""
    facts = _facts(item)
    if facts.get("post_type") != "post" or facts.get("status") not in _PUBLIC or facts.get("post_password"):
        return None
    try:
        return _article(item, facts, names, language)
    except RefusedArticle as refusal:
        return Unreadable(refusal.reason, line_of(item))


def _article(item: etree._Element, facts: dict[str, str], names: dict[str, str], language: str) -> ImportedArticle:
    headline = as_text(item.findtext("title") or "")
    if not headline:
        raise RefusedArticle(_("It has no headline."))
    published_at = _moment(facts, "post_date")
    if published_at is None:
        raise RefusedArticle(_("It does not say when it was published."))
    updated_at = _moment(facts, "post_modified")
    address = addresses.canonical(item.findtext("link") or "")
    content = item.findtext(_CONTENT) or ""
    body = fragment_of(_SHORT_CODE.sub("", content))
    author = item.findtext(_CREATOR) or ""
    return ImportedArticle(
        headline=headline,
        slug=slugify(facts.get("post_name", ""))[:200] or slug_of(headline),
        source_key=address or one_line(item.findtext("guid") or "") or f"wordpress:{facts.get('post_id', '')}",
        canonical_url=address,
        standfirst=_standfirst(item),
        body=body.html,
        figures=tuple(Figure() for _src in body.figures),
        image_alt=body.image_alt,
        image_caption=body.image_caption,
        image_credit=body.image_credit,
        source_note=body.source_note,
        related=tuple({"title": title, "url": addresses.web_address(href)} for title, href in body.related),
        author_line=one_line(names.get(author) or author),
        section=_section(item),
        published_at=published_at,
        updated_at=updated_at if updated_at and updated_at > published_at else None,
        language=language,
        old_slugs=tuple(_old_slugs(item)),
        original=tidy(seen_in([headline, names.get(author) or author, content])),
    )


def _facts(element: etree._Element) -> dict[str, str]:
    """The element's children of WordPress's own name space, by name."""
    found = {}
    for child in element:
        if (match := _WP.fullmatch(str(child.tag))) and child.text:
            found[match[1]] = child.text.strip()
    return found


def _moment(facts: dict[str, str], name: str) -> datetime | None:
    """In UTC where the export knows it; else its local time, taken for the site's."""
    for value, zone in ((facts.get(f"{name}_gmt"), UTC), (facts.get(name), timezone.get_default_timezone())):
        try:
            found = parse_datetime(value) if value and value != _NEVER else None
        except ValueError:
            continue
        if found and has_room(found):
            return found if timezone.is_aware(found) else found.replace(tzinfo=zone)
    return None


def _standfirst(item: etree._Element) -> str:
    text = next((child.text or "" for child in item if _EXCERPT.fullmatch(str(child.tag))), "")
    return as_text(text)


def _section(item: etree._Element) -> str:
    names = [as_text(tag.text or "") for tag in item.findall("category") if tag.get("domain") == "category"]
    return next((name for name in names if name), "")


def _old_slugs(item: etree._Element) -> Iterator[str]:
    """The post's former names, which WordPress keeps beside it, and the last word of its address."""
    for child in item:
        facts = _facts(child)
        if facts.get("meta_key") == "_wp_old_slug" and (slug := slugify(facts.get("meta_value", ""))[:200]):
            yield slug
    last = urlsplit(addresses.web_address(item.findtext("link") or "")).path.rstrip("/").rpartition("/")[2]
    if last and slugify(last) == last:
        yield last[:200]
