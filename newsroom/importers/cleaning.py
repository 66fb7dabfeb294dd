"""What of an article's HTML may stand on a page of ours."""

from __future__ import annotations

import re
from collections.abc import Iterable

import nh3
from bs4 import BeautifulSoup
from django.conf import settings
from django.utils.html import escape

from newsroom.importers.decoding import one_line, tidy

TAGS = {"p", "h2", "h3", "ul", "ol", "li", "blockquote", "strong", "em", "a", "br", "figure", "figcaption", "img"}
# A picture of ours, named by its content, or one that saving will replace by it (ImportedArticle.figures).
_TO_BE_STORED = re.compile(r"figure:\d{1,3}")
_OURS = re.compile(r"articles/[0-9a-f]{32}\.[a-z]{3,4}")
# The third time has changed nothing so far.
_MOST_TIMES = 4
_IMAGE_WITHOUT_SOURCE = re.compile(r"<img(?![^>]*\ssrc=)[^>]*>")


def clean_body(html: str) -> str:
    """Only the tags above, links to http, https and mailto, pictures of ours. Text of other tags stays."""
    clean = _cleaned(tidy(html))
    # What stood in a tag that fell may stand now where HTML lets it not: read once more, it would be another text.
    for _n in range(_MOST_TIMES):
        clean, was = _cleaned(clean), clean
        if clean == was:
            break
    # The character itself: a search for « mot : » finds it, and nothing is lost in HTML.
    return _IMAGE_WITHOUT_SOURCE.sub("", clean).replace("&nbsp;", "\u00a0").strip()


def _cleaned(html: str) -> str:
    return nh3.clean(
        html,
        tags=TAGS,
        attributes={"a": {"href"}, "img": {"src", "alt"}},
        attribute_filter=_kept,
        url_schemes={"http", "https", "mailto", "figure"},
        link_rel="noopener noreferrer",
    )


def _kept(tag: str, attribute: str, value: str) -> str | None:
    if tag == "img" and attribute == "src":
        ours = value.startswith(settings.MEDIA_URL) and _OURS.fullmatch(value.removeprefix(settings.MEDIA_URL))
        return value if ours or _TO_BE_STORED.fullmatch(value) else None
    return None if value.lower().startswith("figure:") else value


def as_html(tag: str, text: str) -> str:
    return f"<{tag}>{escape(text)}</{tag}>"


def as_text(html: str, *, between: str = "") -> str:
    """The words of HTML on one line; `between` stands where a tag was."""
    return one_line(BeautifulSoup(html, "lxml").get_text(between) if "<" in html or "&" in html else html)


def as_list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(as_html("li", item) for item in items) + "</ul>"
