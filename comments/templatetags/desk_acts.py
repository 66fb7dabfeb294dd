"""The acts at the foot of a sheet, drawn once for each shape they take and filled in for each comment.

Six sheets a page, or twenty, differ in a number, a version, a name; to draw the same forms anew for each took a third
of the page's time. What is kept holds no comment, no person and no address: a stand-in takes their places.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from copy import copy
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from django import template
from django.template import Context, Engine
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from comments.templatetags.desk import fresh_key

register = template.Library()

# No comment has such a number or version; no text, once drawn, holds such a character but where it was put.
_NUMBER, _VERSION = 9_100_000_000_000_000_001, 9_100_000_000_000_000_002
_NAME, _KEY, _TOKEN, _AFTER, _FILTERS = "\ue000", "\ue001", "\ue002", "\ue003", "\ue004"
_PLACES = re.compile(f"{_NUMBER}|{_VERSION}|[{_NAME}-{_FILTERS}]")
SHAPES_MOST = 200
_drawn: dict[Hashable, str] = {}


@register.simple_tag(takes_context=True)
def acts(context: Context, card: Any, drawn_by: str) -> SafeString:
    """What `drawn_by` (a template) shows of a card (comments/views/desk/cards.py).

    What was typed and refused, answers below and somebody's lease are one card's own: drawn anew.
    """
    path = f"comments/desk/acts/{drawn_by}.html"
    if card.typed.action or card.typed.sentence or card.answers or card.is_held:
        with context.push(card=card, comment=card.comment):
            return Engine.get_default().get_template(path).render(context)
    keys = context.get("keys")
    shape = (path, get_language(), keys, card.shape)
    # Another thread may empty what is kept at any moment.
    drawn = _drawn.get(shape)
    if drawn is None:
        drawn = Engine.get_default().get_template(path).render(Context(_standing_in(card) | {"keys": keys}))
        if len(_drawn) >= SHAPES_MOST:
            _drawn.clear()
        _drawn[shape] = drawn
    return _filled(drawn, card, str(context.get("csrf_token", "")))


def _standing_in(card: Any) -> dict[str, object]:
    comment = copy(card.comment)
    comment.public_id, comment.version, comment.author_name = _NUMBER, _VERSION, _NAME
    filters = SimpleNamespace(query=_FILTERS)
    place = SimpleNamespace(queue=card.place.queue, after=_AFTER, filters=filters, layout=card.place.layout)
    return {
        "card": replace(card, comment=comment, place=place),
        "comment": comment,
        "csrf_token": _TOKEN,
        "key_of_a_form": _KEY,
    }


def _filled(drawn: str, card: Any, token: str) -> SafeString:
    """A key of its own for each form; everything else is the card's, escaped."""
    told = {
        str(_NUMBER): str(card.comment.public_id),
        str(_VERSION): str(card.comment.version),
        _NAME: conditional_escape(card.comment.shown_name),
        _TOKEN: conditional_escape(token),
        _AFTER: conditional_escape(card.place.after),
        _FILTERS: conditional_escape(card.place.filters.query),
    }
    filled = _PLACES.sub(lambda place: fresh_key({}) if place[0] == _KEY else told[place[0]], drawn)
    return mark_safe(filled)  # noqa: S308 (a template's own output, and values escaped above)
