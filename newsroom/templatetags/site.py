"""Tags every template has without loading them: icons, dates in words, data blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import lru_cache
from typing import Any, NamedTuple

from django import template
from django.utils import dates, formats, timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

# What could end a script element or open a comment in it; JSON reads the escapes as the same characters.
_HARMLESS_IN_SCRIPT = {ord(letter): f"\\u{ord(letter):04X}" for letter in "<>&\u2028\u2029"}
_NO_BREAK = "\u00a0"
_PARAGRAPH = re.compile(r"<p\b.*?</p>", re.DOTALL)
_TAG = re.compile(r"(<[^>]*>)")
# Before « : ; ? ! » % € », after « « », and between the thousands of a number.
_LOOSE_SPACE = re.compile(r" (?=[:;?!»%€])|(?<=«) |(?<=\d) (?=\d{3}(?!\d))")


@register.simple_tag
def icon(name: str) -> SafeString:
    """A symbol of the page's own sprite (templates/_sprite.html)."""
    return format_html('<svg class="icon" aria-hidden="true" focusable="false"><use href="#i-{}"/></svg>', name)


@register.simple_tag
def data_block(data: dict[str, Any]) -> SafeString:
    """A JSON-LD block: data for machines, never run, whatever the strings hold."""
    written = json.dumps(data, ensure_ascii=False).translate(_HARMLESS_IN_SCRIPT)
    return mark_safe(f'<script type="application/ld+json">{written}</script>')  # noqa: S308 (escaped above)


class Speech(NamedTuple):
    """What a language needs to tell a moment; months from 1 on."""

    in_french: bool
    months: tuple[str, ...]


@register.filter
def day(moment: datetime | None) -> str:
    """« 1er septembre 2026 », "1 September 2026"."""
    return "" if moment is None else _day(timezone.localtime(moment), _speech())


@register.filter
def clock(moment: datetime | None) -> str:
    """« 9 h 44 », "09:44"."""
    return "" if moment is None else _clock(timezone.localtime(moment), _speech())


@register.filter
def moment(value: datetime | None) -> str:
    """« 13 septembre 2026 à 9 h 44 », "13 September 2026 at 09:44"."""
    return "" if value is None else _moment(timezone.localtime(value), _speech())


@register.simple_tag
def time(value: datetime, shown: str = "moment") -> SafeString:
    """A <time> element. `shown`: "moment" (day and hour), "day" or "clock"."""
    return times(shown)(value)


def times(shown: str = "moment") -> Callable[[datetime], SafeString]:
    """`time` for many moments of one page: its zone and its language are asked for once."""
    zone, speech = timezone.get_current_timezone(), _speech()
    words = {"moment": _moment, "day": _day, "clock": _clock}[shown]
    return lambda value: _element(value, zone, words, speech)


# What a hot thread shows is asked for again with each of its pages; a few hundred bytes each.
@lru_cache(maxsize=5_000)
def _element(value: datetime, zone: tzinfo, words: Callable[[datetime, Speech], str], speech: Speech) -> SafeString:
    local = timezone.localtime(value, zone)
    # Digits, a month's name and a few letters of our own: nothing to escape, and this stands in every line of a list.
    return mark_safe(f'<time datetime="{local.isoformat()}">{words(local, speech)}</time>')  # noqa: S308


def _speech() -> Speech:
    return _speech_of(translation.get_language() or "")


@lru_cache
def _speech_of(language: str) -> Speech:
    """Of the language in use: what it names the months is asked of the catalogues once."""
    return Speech(language.startswith("fr"), ("", *(str(dates.MONTHS[number]) for number in range(1, 13))))


def _day(local: datetime, speech: Speech) -> str:
    number = f"{local.day}er" if local.day == 1 and speech.in_french else str(local.day)
    return f"{number}{_NO_BREAK}{speech.months[local.month]} {local.year}"


def _clock(local: datetime, speech: Speech) -> str:
    return f"{local.hour}{_NO_BREAK}h{_NO_BREAK}{local.minute:02d}" if speech.in_french else f"{local:%H:%M}"


def _moment(local: datetime, speech: Speech) -> str:
    at = "à" if speech.in_french else "at"
    return f"{_day(local, speech)} {at}{_NO_BREAK}{_clock(local, speech)}"


@register.filter
def typeset(body: str, language: str) -> SafeString:
    """An article's cleaned HTML with French spaces that hold: no paragraph's line begins with a colon or a quote's end.

    For the eye only: what is stored, and headings, keep the spaces that came.
    """
    if not language.startswith("fr"):
        return mark_safe(body)  # noqa: S308 (cleaned when it was imported)
    return mark_safe(_PARAGRAPH.sub(lambda found: _hold(found[0]), body))  # noqa: S308 (as above; only spaces change)


def _hold(paragraph: str) -> str:
    parts = _TAG.split(paragraph)
    parts[::2] = [_LOOSE_SPACE.sub(_NO_BREAK, text) for text in parts[::2]]
    return "".join(parts)


@register.filter
def number(value: int) -> str:
    """« 5 000 » with a space that does not break, "5,000"."""
    return formats.number_format(value, force_grouping=True).replace(" ", _NO_BREAK)
