"""Format `page`: a saved article page as plain text. How it is laid out: page_layout; how it tells time: page_dates."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from newsroom.importers.cleaning import as_html, as_list, clean_body
from newsroom.importers.decoding import one_line
from newsroom.importers.imported import ImportedArticle, slug_of, source_key_of
from newsroom.importers.page.dates import Mention, dates_of, find_mention
from newsroom.importers.page.layout import Line, PageLayout, lay_out
from newsroom.importers.source import RefusedArticle, Source

_CREDIT = re.compile(
    r"^(?P<caption>.*?)\s*\((?:crédits?(?:\s+photos?)?|credits?|photos?)\s*:\s*(?P<credit>[^()]+)\)$", re.IGNORECASE
)
_SECTION = re.compile(r"^(?:rubrique|section)\s*:\s*(?P<name>.{1,80})$", re.IGNORECASE)
_AUTHOR = re.compile(r"^(?:Par|By)\s+(?P<name>[^\W\d_].{1,98}[^.!?])$")
_READ_ALSO = re.compile(
    r"^(?:(?:À|A)\s+)?(?:lire\s(?:aussi|également)|read\salso|also\sread)\s*:?\s*(?P<title>.*)$", re.IGNORECASE
)
# Where words run together: after a full stop, or before a capital glued to it, « Lire aussi » opens a title.
_READ_ALSO_INSIDE = re.compile(
    r"(?<=[.!?…»”\"])\s*(?=Lire\saussi\s*:?\s*[A-ZÀ-Þ«“\"])|(?<=[^\s(«“\"])(?=Lire\saussi[A-ZÀ-Þ«“\"])"
)
_LINK = re.compile(r"\s*[(<]?(?P<url>https?://[^\s()<>]+)[)>]?$")
_NOTE = re.compile(r"\((?:avec|with|source)\b[^()]{1,120}\)$", re.IGNORECASE)
_NOTE_ALONE = re.compile(r"^\([^()]{2,120}\)$")
_BULLET = re.compile(r"^[•*-]\s+(?P<item>\S.*)$")
_QUESTION_MAX = 80
_CAPTION_MAX = 1000
_INTERTITLE_MAX = 140


@dataclass
class _Parts:
    """The body as it is told, line by line: (tag, text), with tag p, h2 or li."""

    body: list[tuple[str, str]] = field(default_factory=list)
    related: list[dict[str, str]] = field(default_factory=list)
    note: str = ""


def read(source: Source) -> Iterator[ImportedArticle]:
    """One article. Raises RefusedArticle."""
    yield article_of(lay_out(source.data), source)


def article_of(layout: PageLayout, source: Source) -> ImportedArticle:
    if not any(line.text for line in layout.article):
        raise RefusedArticle(_("The page has no headline."), 1)
    mention = find_mention(layout.article)
    published_at, updated_at = dates_of(mention, first_comment=_first_comment(layout), read_at=source.read_at)
    top, rest = _top_and_rest(layout.article, mention)
    headline, slug = one_line(top[0].text), slug_of(top[0].text)
    parts = _parts(rest)
    return ImportedArticle(
        headline=headline,
        slug=slug,
        source_key=source_key_of(slug=slug, published_at=published_at),
        published_at=published_at,
        updated_at=updated_at,
        body=clean_body(_as_html(parts.body)),
        related=tuple(parts.related),
        source_note=parts.note,
        language=mention.language,
        **_around(top[1:]),
    )


def _first_comment(layout: PageLayout) -> date | None:
    return min((head.written_at.date() for head in layout.heads if head.written_at), default=None)


def _top_and_rest(lines: tuple[Line, ...], mention: Mention) -> tuple[list[Line], list[Line]]:
    """What stands above the body, without blank lines, and the lines of the body."""
    above = [line for line in lines[: mention.index] if line.text]
    below = list(lines[mention.index + 1 :])
    if mention.opens_the_body:
        below.insert(0, Line(mention.line, mention.rest))
    if not above:
        raise RefusedArticle(_("The page has no headline."), mention.line)
    body_is_below = any(line.text for line in below)
    if body_is_below and (mention.opens_the_body or len(above) > 1):
        return above, below
    # The date stands alone: under the headline, or at the page's end. The top is the headline and the next block.
    others = [*lines[: mention.index], *below]
    first = others.index(above[0])
    return _headline_and_block(others[first:])


def _headline_and_block(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    top, index = [lines[0]], 1
    while index < len(lines) and not lines[index].text:
        index += 1
    while index < len(lines) and lines[index].text:
        top.append(lines[index])
        index += 1
    return top, lines[index:]


def _around(top: list[Line]) -> dict[str, Any]:
    """Section, author, caption, credit and standfirst from the lines between headline and body."""
    found: dict[str, str] = {}
    texts = []
    for text in (one_line(line.text) for line in top):
        if match := _SECTION.match(text):
            found["section"] = match["name"].strip()
        elif match := _AUTHOR.match(text):
            found["author_line"] = match["name"]
        elif len(text) <= _CAPTION_MAX and (match := _CREDIT.match(text)):
            found |= {"image_caption": match["caption"], "image_credit": match["credit"].strip()}
        else:
            texts.append(text)
    caption = found.get("image_caption") or next((text for text, times in Counter(texts).items() if times > 1), "")
    if caption:
        found["image_caption"] = caption
        texts = [text for text in texts if text != caption]
    return found | {"standfirst": "\n".join(texts)}


def _parts(lines: list[Line]) -> _Parts:
    parts = _Parts()
    # Titles taken since a « Lire aussi » that stood alone; None: none is awaited. A blank line ends them.
    taken: int | None = None
    for text in _pieces(lines):
        if match := _READ_ALSO.match(text):
            taken = None if match["title"] else 0
            if match["title"]:
                parts.related.append(_related(match["title"]))
        elif not text:
            taken = None if taken else taken
        elif taken is not None and _looks_like_a_title(text):
            taken += 1
            parts.related.append(_related(text))
        else:
            taken = None
            parts.body.append(_tagged(text))
    _take_note(parts)
    _settle_intertitles(parts)
    return parts


def _pieces(lines: list[Line]) -> Iterator[str]:
    for line in lines:
        yield from (one_line(piece) for piece in _READ_ALSO_INSIDE.split(line.text))


def _related(title: str) -> dict[str, str]:
    link = _LINK.search(title)
    url = link["url"] if link else ""
    return {"title": (title[: link.start()] if link else title).strip(" :"), "url": url}


def _tagged(text: str) -> tuple[str, str]:
    if match := _BULLET.match(text):
        return "li", match["item"]
    return ("h2" if _looks_like_an_intertitle(text) else "p"), text


def _looks_like_a_title(text: str) -> bool:
    return len(text) <= 200 and not text.endswith(".")


def _looks_like_an_intertitle(text: str) -> bool:
    """A short line without final punctuation, or a short question alone."""
    bare = text.rstrip(" \u00a0\u202f»”\"')]")
    if bare.endswith("?"):
        return (
            len(text) <= _QUESTION_MAX
            and not re.search(r"[.!?…]\s", bare)
            and not text.startswith(("«", "“", "-", "–", "—"))
        )
    return (
        len(text) <= _INTERTITLE_MAX and not bare.endswith((".", "!", "…", ":", ";", ",")) and not text.startswith("(")
    )


def _take_note(parts: _Parts) -> None:
    """« (Avec agences) » leaves the body, alone on the last line or at the end of the last paragraph."""
    if not parts.body:
        return
    tag, last = parts.body[-1]
    if _NOTE_ALONE.match(last):
        parts.note = last
        parts.body.pop()
    elif match := _NOTE.search(last):
        parts.note = match[0]
        parts.body[-1] = (tag, last[: match.start()].rstrip())


def _settle_intertitles(parts: _Parts) -> None:
    """An intertitle stands above a paragraph: two in a row, or one at the end, are paragraphs."""
    tags = [tag for tag, _text in parts.body] + ["end"]
    for index, (tag, text) in enumerate(parts.body):
        if tag == "h2" and tags[index + 1] in ("h2", "end"):
            parts.body[index] = ("p", text)


def _as_html(body: list[tuple[str, str]]) -> str:
    pieces: list[str] = []
    items: list[str] = []
    for tag, text in [*body, ("end", "")]:
        if tag == "li":
            items.append(text)
            continue
        if items:
            pieces.append(as_list(items))
            items = []
        if tag != "end":
            pieces.append(as_html(tag, text))
    return "\n".join(pieces)
