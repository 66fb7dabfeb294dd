"""What a reader of a format hands over: plain data. No table is touched here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from anyascii import anyascii
from django.utils import timezone
from django.utils.text import slugify

SLUG_MAX = 90


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture inside the body, which names it `figure:N`, N from 0: a file on this machine, else its address."""

    path: Path | None = None
    address: str = ""


@dataclass(frozen=True, slots=True)
class ImportedArticle:
    """What a reader of a format found. Datetimes are aware; `body` is cleaned HTML; `related` holds title and url.

    `image_path` is a file on this machine, `image_address` where it stands on the web. `section` is the section's
    name. `source_key` is the canonical URL, the source's own key, else made of slug and date of publication
    (`source_key_of`). `original` is the source's text of it as a person sees it there, for the preview; never stored
    with the article.
    """

    headline: str
    published_at: datetime
    source_key: str
    slug: str
    standfirst: str = ""
    body: str = ""
    figures: tuple[Figure, ...] = ()
    image_path: Path | None = None
    image_address: str = ""
    image_alt: str = ""
    image_caption: str = ""
    image_credit: str = ""
    source_note: str = ""
    related: tuple[dict[str, str], ...] = ()
    author_line: str = ""
    section: str = ""
    updated_at: datetime | None = None
    language: str = "fr"
    canonical_url: str = ""
    is_paywalled: bool = False
    old_slugs: tuple[str, ...] = ()
    original: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """One article of a source that cannot be read, while the others can: a sentence, and the line from 1."""

    sentence: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """An article that is here as its source has it, and was not read again."""

    source_key: str


# What a reader yields, in the order of the source.
Told = ImportedArticle | Unreadable


def slug_of(headline: str) -> str:
    """A slug of whole words, at most SLUG_MAX characters."""
    slug = slugify(anyascii(headline)) or "article"
    if len(slug) > SLUG_MAX:
        slug = slug[:SLUG_MAX].rpartition("-")[0] or slug[:SLUG_MAX]
    return slug


def source_key_of(*, slug: str, published_at: datetime, canonical_url: str = "", zone: ZoneInfo | None = None) -> str:
    """The canonical URL, else `<slug>:<date of publication>`, the date as readers saw it, in the site's zone."""
    return canonical_url or f"{slug}:{timezone.localtime(published_at, zone):%Y-%m-%d}"
