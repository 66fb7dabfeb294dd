"""When a saved web page was published: machine-readable dates first, else words such as « Publié le 3 mai à 9h »."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple

from bs4 import BeautifulSoup
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime

from newsroom.importers.decoding import one_line
from newsroom.importers.html.ancestors import nearest
from newsroom.importers.page.dates import date_in_words, dates_of, find_mention
from newsroom.importers.page.layout import Line
from newsroom.importers.source import RefusedArticle
from newsroom.moments import has_room

# How the languages next door say it; French and English are page_dates' own, which knows more of them.
_SAID = re.compile(
    r"^(?:veröffentlicht|erschienen|publiziert|publicado|publicada|pubblicato|gepubliceerd|publié|paru|published|posted)"
    r"(?:\s+(?:am|el|em|il|op|le|on))?\s*:?\s+(?P<words>.{6,60})$",
    re.IGNORECASE,
)
_HOLDERS = ("p", "div", "td", "li", "header", "span", "font", "section", "time", "body")
_OUTSIDE = ["aside", "nav", "footer", "script", "style", "title"]
_LONGEST = 200
_MOST = 400


def when(claims: Iterable[str], *, language: str) -> datetime | None:
    """The first claim that is a moment. Without a zone, the site's; without an hour, midnight."""
    return next((found for words in claims if (found := _moment(words, language))), None)


class Said(NamedTuple):
    """`language` is that of the words, empty for dates that machines read."""

    published_at: datetime
    updated_at: datetime | None
    language: str = ""


def said_in_words(soup: BeautifulSoup, read_at: datetime, *, language: str) -> Said | None:
    """From a line of the page that says nothing else; None where there is no such line."""
    for words in _short_lines(soup):
        try:
            mention = find_mention([Line(1, words)])
            return Said(*dates_of(mention, first_comment=None, read_at=read_at), mention.language)
        except RefusedArticle:
            pass
        if (said := _SAID.match(words)) and (found := _moment(said["words"], language)):
            return Said(found, None)
    return None


def _short_lines(soup: BeautifulSoup) -> list[str]:
    """Lines that name a day by figures, the beginning of the page first."""
    lines: list[str] = []
    for text in soup.find_all(string=re.compile(r"\d")):
        holder = nearest(text, _HOLDERS)
        if holder is None or nearest(text, _OUTSIDE) or len(lines) >= _MOST:
            continue
        for words in (one_line(text), one_line(holder.get_text(" "))):
            if len(words) <= _LONGEST and words not in lines[-4:]:
                lines.append(words)
    return lines


def _moment(words: str, language: str) -> datetime | None:
    words = one_line(words)
    if not words:
        return None
    try:
        found = parse_datetime(words)
        day = None if found else parse_date(words)
    except ValueError:
        return None
    if day:
        found = datetime.combine(day, datetime.min.time())
    if found is None:
        found = date_in_words(words, language=language)
    if found is None or not has_room(found):
        return None
    return timezone.make_aware(found) if timezone.is_naive(found) else found
