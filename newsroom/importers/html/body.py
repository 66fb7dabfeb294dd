"""The body of a saved web page: its paragraphs and intertitles, without what stands around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

from newsroom.importers.cleaning import as_html, clean_body
from newsroom.importers.decoding import one_line, tidy
from newsroom.importers.html import around, pictures
from newsroom.importers.html.ancestors import nearest
from newsroom.importers.html.facts import Facts
from newsroom.importers.html.plain import BLOCKS

_STANDFIRST = "[itemprop=description]:not(meta), .standfirst, .chapo, .article__chapo, .lead, .article-standfirst"
_BODY = (
    "[itemprop=articleBody], .article-body, .article__body, .story-body, .entry-content, .post-content, "
    ".article-content, .article-text, .texte-article, .liveblog, .live-blog"
)
_NOTE = re.compile(r"^\([^()]{2,120}\)$")
_LEVELS = {"h4": "h3", "h5": "h3", "h6": "h3"}
# JSON-LD's text stands in for what the page shows where the page shows much less of it.
_TEASER = 0.8


@dataclass
class Body:
    """`html` is clean; `related` holds (title, href as written); `image_src` as written.

    `figures` are the pictures inside the text, as written, in the order of the marks `figure:N` in `html`.
    """

    html: str = ""
    standfirst: str = ""
    source_note: str = ""
    related: list[tuple[str, str]] = field(default_factory=list)
    image_src: str = ""
    image_alt: str = ""
    image_caption: str = ""
    image_credit: str = ""
    figures: list[str] = field(default_factory=list)


def body_of(soup: BeautifulSoup, facts: Facts, *, otherwise: str = "") -> Body:
    """Takes the page apart: the soup is used up.

    `otherwise` is what a reader of unmarked pages found (plain_pages.py): it counts where the page marks no article.
    """
    body = Body()
    around.take_away(soup)
    body.related = around.take_related(soup)
    holder = _holder(soup)
    pictures.take_first(holder, body)
    if shown := soup.select_one(_STANDFIRST):
        body.standfirst = _words(shown)
        shown.decompose()
    html = clean_body("\n".join(_told(holder, body, facts)))
    if holder.name in ("body", "[document]"):
        html = otherwise or html
    told = updates_as_html(facts) or _plain(facts.body)
    shows_less = _length(html) < _TEASER * _length(told)
    body.html = told if shows_less else html
    if shows_less:
        body.figures.clear()
    return body


def fragment_of(html: str) -> Body:
    """A body that came alone, as in a feed: HTML, or text whose paragraphs are parted by blank lines."""
    soup = BeautifulSoup(html if re.search(r"<(?:p|div|br|h\d|ul|ol|figure)\b", html, re.I) else _parted(html), "lxml")
    body = Body()
    around.take_away(soup)
    body.related = around.take_related(soup)
    holder = soup.body or soup
    pictures.take_first(holder, body)
    around.break_into_paragraphs(holder, BLOCKS)
    body.html = clean_body("\n".join(_told(holder, body, None)))
    return body


def updates_as_html(facts: Facts) -> str:
    """A live blog's entries, each under its headline."""
    pieces = []
    for headline, text in facts.updates:
        pieces += [clean_body(as_html("h3", headline))] if headline else []
        pieces.append(_plain(text))
    return "\n".join(piece for piece in pieces if piece)


def _holder(soup: BeautifulSoup) -> Tag:
    """The article's own element, where the page marks it; else the whole page."""
    articles = [tag for tag in soup.find_all("article") if not nearest(tag, ("article",))]
    longest = max(articles, key=lambda tag: len(tag.get_text()), default=None)
    main = soup.find("main")
    marked = soup.select_one(_BODY)
    return longest or (main if isinstance(main, Tag) else None) or marked or soup.body or soup


def _told(holder: Tag, body: Body, facts: Facts | None) -> Iterator[str]:
    """The blocks of the body in their order, as HTML still to be cleaned."""
    inside = holder.select_one(_BODY) or holder
    if inside is not holder and not inside.find("p"):
        around.break_into_paragraphs(inside, BLOCKS)
    blocks = [block for block in inside.find_all(BLOCKS) if not nearest(block, BLOCKS)]
    standfirst = {one_line(body.standfirst), one_line(facts.standfirst) if facts else ""} - {""}
    for block in blocks:
        if block.name == "figure":
            yield pictures.figure_of(block, body.figures)
            continue
        words = _words(block)
        if not words or words in standfirst or _is_of_the_head(block, inside):
            continue
        if block.name == "p" and _NOTE.match(words) and block is blocks[-1]:
            body.source_note = words
            continue
        block.name = _LEVELS.get(block.name, block.name)
        yield str(block)


def _is_of_the_head(block: Tag, inside: Tag) -> bool:
    """Date, author and section lines stand in a header, or hold a `<time>`."""
    return bool(nearest(block, ("header",))) or (
        block.name == "p" and block.find("time") is not None and inside.name != "p"
    )


def _parted(text: str) -> str:
    return "".join(f"<p>{part}</p>" for part in re.split(r"\n\s*\n", tidy(text)) if part.strip())


def _plain(text: str) -> str:
    return clean_body("\n".join(as_html("p", part.strip()) for part in tidy(text).split("\n") if part.strip()))


def _length(html: str) -> int:
    return len(re.sub(r"<[^>]*>|\s+", "", html))


def _words(tag: Tag) -> str:
    return one_line(tag.get_text())
