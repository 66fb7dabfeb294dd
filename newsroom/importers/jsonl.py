"""Format `jsonl`: our own, one article a line. docs/reference/formats.md tells its fields."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.text import slugify
from django.utils.translation import gettext as _

from newsroom.importers import addresses
from newsroom.importers.cleaning import as_html, clean_body
from newsroom.importers.decoding import one_line, tidy
from newsroom.importers.imported import ImportedArticle, Told, Unreadable, slug_of, source_key_of
from newsroom.importers.picture import beside
from newsroom.importers.seen import seen_in
from newsroom.importers.source import MEBIBYTE, RefusedArticle, Source
from newsroom.moments import has_room

# So many blank lines take a tenth of a second.
BLANK_MAX = 500_000
LONGEST_LINE = 10 * MEBIBYTE
TEXTS = ("id", "url", "slug", "headline", "standfirst", "body", "text", "author", "section", "language", "image",
         "image_alt", "image_caption", "image_credit", "source_note", "published_at", "updated_at")  # fmt: skip
# What a person reads of it.
SHOWN = ("headline", "standfirst", "author", "section", "image_caption", "image_credit", "body", "text", "source_note")
KNOWN = {*TEXTS, "authors", "related", "old_slugs", "paywalled"}


def read(source: Source) -> Iterator[Told]:
    """A line that is no article is told with its number, and the others go on."""
    with source.open() as file:
        number = blank = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if len(line) > LONGEST_LINE:
                raise RefusedArticle(
                    _("The line is longer than %(most)s MB.") % {"most": LONGEST_LINE // MEBIBYTE}, number
                )
            line = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if not line.strip():
                blank += 1
                refuse_blank(blank, number)
                continue
            try:
                yield _article(_object(line), source)
            except RefusedArticle as refusal:
                yield Unreadable(refusal.reason, number)


def refuse_blank(blank: int, number: int) -> None:
    """`blank` of the `number` lines so far hold nothing. Raises RefusedArticle where that is all the file is for."""
    if blank > BLANK_MAX and blank > 0.9 * number:
        raise RefusedArticle(_("This file is made of blank lines."), number)


def _object(line: bytes) -> dict[str, Any]:
    try:
        told = json.loads(line.decode("utf-8"))
        if b"\\u" in line:  # which can write half a character: nothing stores or shows one
            told = json.loads(json.dumps(told, ensure_ascii=False).encode(errors="replace"))
    except (ValueError, RecursionError) as error:
        raise RefusedArticle(_("This line is no JSON.")) from error
    if not isinstance(told, dict):
        raise RefusedArticle(_("This line is no JSON object."))
    for name, value in told.items():
        if name not in KNOWN:
            raise RefusedArticle(_("The field “%(name)s” is not known.") % {"name": name[:60]})
        if name in TEXTS and not isinstance(value, str | None):
            raise RefusedArticle(_("The field “%(name)s” is no text.") % {"name": name})
    return {name: value for name, value in told.items() if value is not None}


def _article(told: dict[str, Any], source: Source) -> ImportedArticle:
    headline = one_line(told.get("headline", ""))
    if not headline:
        raise RefusedArticle(_("It has no headline."))
    published_at = _moment(told, "published_at")
    if published_at is None:
        raise RefusedArticle(_("It does not say when it was published."))
    slug = slugify(told.get("slug", ""))[:200] or slug_of(headline)
    address = addresses.web_address(told.get("url", ""))
    image = beside(source.folder, told["image"]) if told.get("image") else None
    return ImportedArticle(
        headline=headline,
        slug=slug,
        source_key=address or one_line(told.get("id", "")) or source_key_of(slug=slug, published_at=published_at),
        canonical_url=address,
        standfirst=told.get("standfirst", ""),
        body=_body(told),
        image_path=image,
        author_line=", ".join(_texts(told, "authors")) or told.get("author", ""),
        section=told.get("section", ""),
        published_at=published_at,
        updated_at=_moment(told, "updated_at"),
        language=told.get("language", "fr")[:2].lower(),
        related=tuple(_related(told)),
        old_slugs=tuple(slug for one in _texts(told, "old_slugs") if (slug := slugify(one)[:200])),
        is_paywalled=told.get("paywalled") is True,
        original=tidy(seen_in([*(told.get(name, "") for name in SHOWN), *_texts(told, "authors")])),
        **{name: told.get(name, "") for name in ("image_alt", "image_caption", "image_credit", "source_note")},
    )


def _body(told: dict[str, Any]) -> str:
    """`body` is HTML, `text` plain text whose paragraphs are lines."""
    if "body" in told:
        return clean_body(told["body"])
    return clean_body(
        "\n".join(as_html("p", part.strip()) for part in tidy(told.get("text", "")).split("\n") if part.strip())
    )


def _moment(told: dict[str, Any], name: str) -> datetime | None:
    """ISO 8601; without a zone, the site's."""
    if not told.get(name):
        return None
    try:
        found = parse_datetime(told[name])
    except ValueError:
        found = None
    if found is None or not has_room(found):
        raise RefusedArticle(_("“%(words)s” is no moment as ISO 8601 writes it.") % {"words": told[name][:60]})
    return timezone.make_aware(found) if timezone.is_naive(found) else found


def _texts(told: dict[str, Any], name: str) -> list[str]:
    listed = told.get(name, [])
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise RefusedArticle(_("The field “%(name)s” is no list of texts.") % {"name": name})
    return [one_line(one) for one in listed if one.strip()]


def _related(told: dict[str, Any]) -> Iterator[dict[str, str]]:
    listed = told.get("related", [])
    if not isinstance(listed, list) or not all(isinstance(one, dict) for one in listed):
        raise RefusedArticle(_("The field “%(name)s” is no list of objects.") % {"name": "related"})
    for one in listed:
        if isinstance(one.get("title"), str) and one["title"].strip():
            yield {"title": one["title"], "url": addresses.web_address(str(one.get("url") or ""))}
