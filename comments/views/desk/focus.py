"""One comment at a time: the one in focus, and the next five behind it, so that a key shows the next one at once.

Nothing is written by looking: the script reserves what it shows by `claim_shown`; without scripts nothing is reserved,
and of two who read the same comment the second is told so when deciding.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comments import claims, queues
from comments.claims import ClaimedByAnother
from comments.models import Comment
from comments.templatetags.desk_keys import Keys
from comments.views.desk.cards import Card, Place, read_place
from comments.views.desk.context import context_of
from comments.views.desk.frame import answers_below, frame, settings_of
from comments.views.staff import kept_for, person
from newsroom import roles
from newsroom.models import User
from newsroom.templatetags.site import clock

SHOWN = 1 + claims.AHEAD
# What one page has met: beyond this the oldest are forgotten, and met again if they still wait.
SEEN_MOST = 200
PUBLIC_ID_END = 2**53


@dataclass
class Sheet:
    """A card as the focus layout shows it. `context` is its pane; empty: the script asks for it when it comes near."""

    card: Card
    context: dict[str, Any] = field(default_factory=dict)
    is_hidden: bool = False


def sheet_of(card: Card, *, is_hidden: bool = False) -> Sheet:
    """With its pane where it is shown at once: a pane costs a dozen queries, and most of the five are soon decided."""
    context = {} if is_hidden else context_of(card.comment, user=card.by, at=card.at)
    return Sheet(card, context, is_hidden)


def focus_page(request: HttpRequest, place: Place) -> HttpResponse:
    by, now = person(request), timezone.now()
    cards = _cards(_next(by, place, now), by, place, now)
    sheets = [sheet_of(card, is_hidden=number > 0) for number, card in enumerate(cards)]
    context = frame(by, place, now) | {"sheets": sheets, "layout": "focus"}
    return render(request, "comments/desk/focus.html", context)


@kept_for(roles.DECIDE)
@require_safe
def ahead(request: HttpRequest) -> HttpResponse:
    """The next sheets behind those that the page has met (`seen=…`, several), all hidden."""
    by, now = person(request), timezone.now()
    place = read_place(request.GET, queue="pending")
    cards = _cards(_next(by, place, now, seen=_numbers(request.GET, "seen")), by, place, now)
    context = {
        "sheets": [sheet_of(card, is_hidden=True) for card in cards],
        "place": place,
        "now": now,
        "keys": Keys.of(settings_of(by)),
        "layout": "focus",
    }
    return render(request, "comments/desk/sheet/_focus_ones.html", context)


@kept_for(roles.DECIDE)
@require_POST
def claim_shown(request: HttpRequest) -> JsonResponse:
    """Reserve what a page shows: `focus` for ten minutes, `ahead` for two; or give `release` back, on leaving.

    Answers {"until": sentence, "taken": [ids that a colleague holds], "told": sentence about the one in focus}.
    """
    by, now = person(request), timezone.now()
    focus, following = _numbers(request.POST, "focus")[:1], _numbers(request.POST, "ahead")[: claims.AHEAD]
    released = _numbers(request.POST, "release")[:SHOWN]
    for row in Comment.objects.filter(public_id__in=released) if released else ():
        claims.release(row, by=by)
    rows = {row.public_id: row for row in Comment.objects.filter(public_id__in=focus + following)}
    answer: dict[str, Any] = {"until": "", "taken": [], "told": ""}
    try:
        for one in focus:
            if one in rows:
                until = claims.take(rows[one], by=by, at=now).until
                answer["until"] = _("Yours until %(hour)s") % {"hour": clock(until)}
    except ClaimedByAnother as held:
        answer |= {"taken": focus, "told": str(held)}
    behind = [rows[one] for one in following if one in rows]
    mine = {row.public_id for row in claims.take_ahead(behind, by=by, at=now)}
    answer["taken"] = answer["taken"] + [row.public_id for row in behind if row.public_id not in mine]
    return JsonResponse(answer)


def _next(by: User, place: Place, now: datetime, *, seen: list[int] | None = None) -> list[Comment]:
    """What nobody else holds and this person has not skipped, in the queue's order."""
    return queues.first_of(place.queue, for_moderator=by, at=now, filters=place.filters, size=SHOWN, beside=seen or ())


def _cards(comments: list[Comment], by: User, place: Place, now: datetime) -> list[Card]:
    below = answers_below(comments)
    return [Card(comment, by, now, place, answers=below.get(comment.pk, [])) for comment in comments]


def _numbers(query: QueryDict, name: str) -> list[int]:
    """Public ids, the newest asked for last; anything else was not written by the page."""
    try:
        numbers = [int(value) for value in query.getlist(name)[-SEEN_MOST:]]
    except ValueError as malformed:
        raise BadRequest from malformed
    return [number for number in numbers if 0 <= number < PUBLIC_ID_END]
