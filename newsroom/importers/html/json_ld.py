"""JSON-LD of a saved web page: the page's own article among what stands there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from bs4 import BeautifulSoup, Tag

from newsroom.importers.decoding import one_line

# schema.org's own subtypes of Article that newspapers use.
ARTICLE_TYPES = {
    "NewsArticle", "Article", "ReportageNewsArticle", "AnalysisNewsArticle", "OpinionNewsArticle",
    "BackgroundNewsArticle", "ReviewNewsArticle", "BlogPosting", "LiveBlogPosting",
}  # fmt: skip
_DEEPEST = 20
_MOST_UPDATES = 1000


def article_of(soup: BeautifulSoup) -> dict[str, Any]:
    """The article of this page, also inside @graph or a list; empty where there is none.

    Among several, the one that names the page's own address, else the first with a headline.
    """
    everything = list(_everything(soup))
    found = [one for one in everything if ARTICLE_TYPES & _kinds(one)]
    link = soup.find("link", rel="canonical")
    canonical = str(link.get("href") or "").rstrip("/") if isinstance(link, Tag) else ""
    own = [one for one in found if canonical and canonical in _addresses(one)]
    named = [one for one in (own or found) if one.get("headline")]
    told = next(iter(named or own or found), {})
    known = {one["@id"]: one for one in everything if isinstance(one.get("@id"), str) and len(one) > 1}
    return told | {name: _looked_up(told[name], known) for name in ("author", "image") if name in told}


def _looked_up(value: Any, known: dict[str, dict[str, Any]], depth: int = 0) -> Any:
    """An object that is only named by its @id is told elsewhere in the graph."""
    if isinstance(value, list):
        return [_looked_up(one, known, depth + 1) for one in value if depth < _DEEPEST]
    if isinstance(value, dict) and set(value) <= {"@id", "@type"} and isinstance(value.get("@id"), str):
        return known.get(value["@id"], {})
    return value


def _everything(soup: BeautifulSoup) -> Iterator[dict[str, Any]]:
    for script in soup.find_all("script", type=lambda kind: bool(kind) and "ld+json" in kind.lower()):
        try:
            data = json.loads(script.get_text(), strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _objects(data)


def _objects(data: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(data, list):
        for item in data:
            yield from _objects(item, depth + 1)
    elif isinstance(data, dict):
        yield data
        for inside in ("@graph", "mainEntity", "mainEntityOfPage"):
            yield from _objects(data.get(inside), depth + 1)


def _kinds(found: dict[str, Any]) -> set[str]:
    kinds = found.get("@type")
    listed = kinds if isinstance(kinds, list) else [kinds]
    return {kind.rpartition("/")[2] for kind in listed if isinstance(kind, str)}


def _addresses(found: dict[str, Any]) -> set[str]:
    page = found.get("mainEntityOfPage")
    given = [found.get("url"), found.get("@id"), page.get("@id") if isinstance(page, dict) else page]
    return {one.partition("#")[0].rstrip("/") for one in given if isinstance(one, str)}


def text_of(value: Any) -> str:
    """One line of plain text; of a list its first, of an object its name. Empty where that is nested too deep."""
    for _depth in range(_DEEPEST):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = value.get("@value") or value.get("name") or ""
    return one_line(_without_markup(value)) if isinstance(value, str) else ""


def _without_markup(text: str) -> str:
    return BeautifulSoup(text, "lxml").get_text() if "<" in text or "&" in text else text


def names_of(value: Any) -> str:
    listed = value if isinstance(value, list) else [value]
    return ", ".join(dict.fromkeys(name for item in listed if (name := text_of(item))))


def image_of(told: dict[str, Any]) -> dict[str, str]:
    """url, caption and credit; each may be empty."""
    value = told.get("image")
    image = value[0] if isinstance(value, list) and value else value
    if isinstance(image, str):
        return {"url": image.strip(), "caption": "", "credit": ""}
    if not isinstance(image, dict):
        return {"url": "", "caption": "", "credit": ""}
    url = image.get("url") or image.get("contentUrl")
    return {
        "url": url.strip() if isinstance(url, str) else "",
        "caption": text_of(image.get("caption")),
        "credit": text_of(image.get("creditText") or image.get("creator")),
    }


def updates_of(told: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The entries of a live blog as (headline, plain text with its line breaks)."""
    entries = told.get("liveBlogUpdate")
    listed = entries if isinstance(entries, list) else [entries]
    found = []
    for entry in listed[:_MOST_UPDATES]:
        if not isinstance(entry, dict):
            continue
        text = entry.get("articleBody")
        if isinstance(text, str) and text.strip():
            found.append((text_of(entry.get("headline")), _without_markup(text)))
    return tuple(found)
