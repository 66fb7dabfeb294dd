"""What a saved web page says about its article, outside the body: JSON-LD first, then meta, then the page itself."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from bs4 import BeautifulSoup, Tag

from newsroom.importers.decoding import one_line
from newsroom.importers.html import json_ld
from newsroom.importers.html.ancestors import nearest
from newsroom.importers.html.json_ld import text_of

_BY = re.compile(r"^(?:publié\s+par|écrit\s+par|par|by|von|por|di|da|door)\s*:?\s+", re.IGNORECASE)
_RULE = re.compile(r"\s*(?:[|•·—–]|\s-\s|,?\s+(?:le|on|am|el)\s+(?=\S*\s?\d))\s*")
_SITE_NAME = re.compile(r"\s+[|\-–—•]\s+[^|–—•]{2,60}$")
_SIGNED = re.compile(
    r"^\s*(?:Par|By|Von|Por)\s+(?:(?:[A-ZÀ-Þ][\w’'.-]+|de|du|des|le|la|von|van|et|and|und|y)[\s,]*){1,8}$"
)
_LONGEST_NAME = 120
Metas = dict[str, str]
_AROUND = ["aside", "nav", "footer"]


@dataclass(frozen=True, slots=True)
class Facts:
    """Texts as the page gives them, one line each, empty where it gives none.

    `published` and `updated` are all that claim to be that date, the most trusted first, not read yet; `body` is
    JSON-LD's plain text; `updates` the entries of a live blog, (headline, text), as the page orders them.
    """

    headline: str
    standfirst: str
    published: tuple[str, ...]
    updated: tuple[str, ...]
    author: str
    section: str
    address: str
    language: str
    image: str
    image_caption: str
    image_credit: str
    body: str
    updates: tuple[tuple[str, str], ...]
    is_paywalled: bool


def facts_of(soup: BeautifulSoup) -> Facts:
    told, metas = json_ld.article_of(soup), _metas(soup)
    image = json_ld.image_of(told)
    return Facts(
        headline=text_of(told.get("headline")) or _headline(soup, metas),
        standfirst=text_of(told.get("description")) or _first(metas, "og:description", "description"),
        published=_given(
            text_of(told.get("datePublished")),
            _first(metas, "article:published_time", "date", "dcterms.date", "dc.date", "datePublished"),
            _time(soup, published=True),
        ),
        updated=_given(
            text_of(told.get("dateModified")),
            _first(metas, "article:modified_time", "og:updated_time", "dateModified"),
            _time(soup, published=False),
        ),
        author=json_ld.names_of(told.get("author")) or _author(soup, metas),
        section=text_of(told.get("articleSection")) or _first(metas, "article:section"),
        address=_address(soup, told, metas),
        language=_language(soup, told, metas),
        image=image["url"] or _first(metas, "og:image", "twitter:image"),
        image_caption=image["caption"],
        image_credit=image["credit"],
        body=told.get("articleBody") if isinstance(told.get("articleBody"), str) else "",  # type: ignore[arg-type]
        updates=json_ld.updates_of(told),
        is_paywalled=_is_paywalled(told, metas),
    )


def _given(*texts: str) -> tuple[str, ...]:
    return tuple(text for text in texts if text)


def _headline(soup: BeautifulSoup, metas: Metas) -> str:
    """og:title, but as the page itself shows it where that one only adds the newspaper's name; else `h1`, `title`."""
    told = _first(metas, "og:title", "twitter:title")
    shown = _shown(soup, "article h1, main h1, [itemprop=headline]") or _shown(soup, "h1")
    if shown and (not told or shown in told):
        return shown
    return told or _SITE_NAME.sub("", _shown(soup, "title"))


def _author(soup: BeautifulSoup, metas: Metas) -> str:
    """Never an address: article:author is often a profile elsewhere."""
    told = _first(metas, "author", "article:author", "byl")
    if told and not told.startswith(("http:", "https:")):
        return _BY.sub("", told)
    marked = soup.select("article [itemprop=author] [itemprop=name], article [rel=author], [rel=author]")
    names = list(dict.fromkeys(one_line(tag.get_text(" ", strip=True)) for tag in marked))
    if names:
        return ", ".join(_BY.sub("", name) for name in names if name)
    line = _BY.sub("", _shown(soup, "[itemprop=author], .byline, .author, .auteur, .signature") or _signature(soup))
    # « Par Jeanne Aubin | 10 novembre 2026 »: what stands before the rule; a line with figures is no name.
    name = _RULE.split(line)[0].strip(" ,")
    return name if len(name) <= _LONGEST_NAME and not any(sign.isdigit() for sign in name) else ""


def _signature(soup: BeautifulSoup) -> str:
    """« Par Jeanne Aubin », alone in its place, where nothing else marks it."""
    for text in soup.find_all(string=_SIGNED):
        if not nearest(text, (*_AROUND, "a", "title", "script", "p")):
            return one_line(text)
    return ""


def _is_paywalled(told: dict[str, Any], metas: Metas) -> bool:
    free = told.get("isAccessibleForFree")
    if isinstance(free, bool | str):
        return str(free).rpartition("/")[2].lower() in ("false", "no", "0")
    return _first(metas, "article:content_tier", "og:article:content_tier").lower() in ("locked", "metered")


def _metas(soup: BeautifulSoup) -> Metas:
    """What each `<meta>` says, by its property, name or itemprop; the first of a name counts."""
    found: Metas = {}
    for tag in soup.find_all("meta"):
        content = one_line(str(tag.get("content") or ""))
        for attribute in ("property", "name", "itemprop"):
            if content and tag.get(attribute):
                found.setdefault(str(tag[attribute]).strip().lower(), content)
    return found


def _first(metas: Metas, *names: str) -> str:
    return next((metas[name.lower()] for name in names if name.lower() in metas), "")


def _shown(soup: BeautifulSoup, selector: str) -> str:
    tag = soup.select_one(selector)
    return one_line(tag.get_text(" ", strip=True)) if tag else ""


def _time(soup: BeautifulSoup, *, published: bool) -> str:
    """The `<time>` of the article that is marked so; its first of all may stand for the publication.

    Today's date over the page, and those of other articles beside it, are not its own.
    """
    found = soup.find("article") or soup.find("main")
    article = found if isinstance(found, Tag) else soup
    times = [
        tag for tag in article.find_all("time") if not nearest(tag, _AROUND) and not tag.find_parent(id="comments")
    ]
    names = ("datepublished", "published", "pubdate") if published else ("datemodified", "updated", "modified")
    for tag in times:
        marks = " ".join([str(tag.get("itemprop") or ""), *(tag.get("class") or []), *tag.attrs]).lower()
        if any(name in marks for name in names):
            return _when(tag)
    return _when(times[0]) if published and times else ""


def _when(tag: Tag) -> str:
    return one_line(str(tag.get("datetime") or "") or tag.get_text(" ", strip=True))


def _address(soup: BeautifulSoup, told: dict[str, Any], metas: Metas) -> str:
    link = soup.find("link", rel="canonical")
    page = told.get("mainEntityOfPage")
    candidates = [
        str(link.get("href") or "") if isinstance(link, Tag) else "",
        _first(metas, "og:url"),
        told.get("url"),
        page.get("@id") if isinstance(page, dict) else page,
    ]
    return next((found for value in candidates if isinstance(value, str) and (found := _web_address(value))), "")


def _web_address(value: str) -> str:
    try:
        address = urlsplit(value.strip())
        return (
            address._replace(fragment="").geturl() if address.scheme in ("http", "https") and address.hostname else ""
        )
    except ValueError:
        return ""


def _language(soup: BeautifulSoup, told: dict[str, Any], metas: Metas) -> str:
    root = soup.find("html")
    shown = str(root.get("lang") or root.get("xml:lang") or "") if isinstance(root, Tag) else ""
    code = text_of(told.get("inLanguage")) or shown or _first(metas, "og:locale", "language", "dc.language")
    return code.lower()[:2] if code[:2].isascii() and code[:2].isalpha() else ""
