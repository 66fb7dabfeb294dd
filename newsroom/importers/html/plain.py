"""Pages that mark no article: trafilatura looks for the text among what stands around it."""

from __future__ import annotations

import re
from collections import Counter

from bs4 import BeautifulSoup, Tag

from newsroom.importers.cleaning import clean_body
from newsroom.importers.html import around
from newsroom.importers.html.ancestors import nearest

BLOCKS = ("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote", "figure")
# A page with fewer paragraphs of this many characters marks none of its own.
_SENTENCE, _PARAGRAPHS = 60, 2
_LEVELS = {"h1": "h2", "h4": "h3", "h5": "h3", "h6": "h3"}
_MARKS = re.compile(
    r"<(?:article|main)\b|itemprop=[\"']?articleBody|class=[\"'][^\"']*\b(?:article|story|post|entry)[-_]+"
    r"(?:body|content|text)\b",
    re.IGNORECASE,
)


def marks_its_article(html: str) -> bool:
    return _MARKS.search(html) is not None


def text_of_plain(html: str) -> str:
    """Clean HTML of the text, empty where none is found. Nothing but the text is believed: no title, author or date."""
    soup = BeautifulSoup(html, "lxml")
    if sum(len(paragraph.get_text()) > _SENTENCE for paragraph in soup.find_all("p")) < _PARAGRAPHS:
        return _text_between_breaks(soup)
    return _text_by_trafilatura(html)


def _text_by_trafilatura(html: str) -> str:
    import trafilatura  # half a second to import, and few pages need it

    found = trafilatura.extract(
        html,
        output_format="html",
        include_comments=False,
        include_tables=False,
        include_formatting=True,
        include_links=True,
        deduplicate=False,
    )
    soup = BeautifulSoup(found or "", "lxml")
    for tag in soup.find_all(list(_LEVELS)):
        tag.name = _LEVELS[tag.name]
    return clean_body(soup.body.decode_contents() if soup.body else "")


def _text_between_breaks(soup: BeautifulSoup) -> str:
    """Pages older than style sheets: the text stands in a cell, its paragraphs parted by `<br><br>`."""
    around.take_away(soup)
    around.take_related(soup)
    holder = soup.body or soup
    around.break_into_paragraphs(holder, BLOCKS)
    lengths: Counter[int] = Counter()
    cells: dict[int, Tag] = {}
    for paragraph in holder.find_all("p"):
        if paragraph.parent is not None:
            cells[id(paragraph.parent)] = paragraph.parent
            lengths[id(paragraph.parent)] += len(paragraph.get_text()) - len(_links(paragraph))
    if not lengths:
        return ""
    cell = cells[lengths.most_common(1)[0][0]]
    return clean_body("\n".join(str(block) for block in cell.find_all(BLOCKS) if not nearest(block, BLOCKS)))


def _links(tag: Tag) -> str:
    return "".join(link.get_text() for link in tag.find_all("a"))
