"""A source's text line by line, as a person sees it: for the preview that shows it beside what was read."""

from __future__ import annotations

from collections.abc import Iterable

from bs4 import BeautifulSoup, NavigableString, Tag
from bs4.element import PreformattedString

from newsroom.importers.decoding import one_line
from newsroom.importers.html.ancestors import nearest

MOST = 40_000
_UNSEEN = ("script", "style", "noscript", "template", "head", "svg")
_LINES = (
    "p", "h1", "h2", "h3", "h4", "h5", "h6", "li", "blockquote", "figcaption", "td", "div", "section", "article",
    "header", "footer", "nav", "aside", "main", "body", "form", "ul", "ol", "table", "tr", "time", "button",
)  # fmt: skip


def seen(soup: BeautifulSoup) -> str:
    """At most MOST characters."""
    lines: list[str] = []
    held: list[str] = []
    block: Tag | None = None
    length = 0
    for text in soup.find_all(string=True):
        if isinstance(text, PreformattedString) or not isinstance(text, NavigableString) or nearest(text, _UNSEEN):
            continue
        parent = nearest(text, _LINES)
        if parent is not block:
            lines.append(one_line("".join(held)))
            held, block = [], parent
        held.append(text)
        length += len(text.strip())
        if length > MOST:
            break
    lines.append(one_line("".join(held)))
    return "\n".join(line for line in lines if line)[:MOST]


def seen_in(texts: Iterable[str]) -> str:
    """The same of a source that tells an article in fields, some of them HTML. At most MOST characters."""
    told = (_seen_in_html(text[: 4 * MOST]) if "<" in text or "&" in text else text for text in texts)
    return "\n".join(text for text in told if text.strip())[:MOST]


def _seen_in_html(html: str) -> str:
    soup = BeautifulSoup(html, "lxml")
    told = seen(soup)
    # Its parts hold each other: let go here, they wait for nobody.
    soup.decompose()
    return told
