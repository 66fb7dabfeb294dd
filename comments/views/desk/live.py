"""What a page of the desk asks every ten seconds: have the queues changed? Usually not: 304, for three look-ups."""

from __future__ import annotations

import json
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from comments import queues
from comments.counted import sizes_of
from comments.models import Comment, Decision, Report
from comments.templatetags.desk import capped
from comments.views.desk.cards import Place, read_place
from comments.views.desk.frame import layout_of, settings_of, sizes_for
from comments.views.staff import kept_for, person
from newsroom import roles
from newsroom.models import User


@kept_for(roles.DECIDE)
@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """JSON: `sizes` of all queues and `left` in this one, each (number, as shown); `oldest`; `newer` since `since`.

    `?queue=…` and filters as on the page; `since` is when it was painted. ETag; 304 where nothing has changed.
    """
    now, place = timezone.now(), read_place(request.GET, queue="pending")
    since = _moment(request.GET.get("since", ""))
    known_state, _dot, known_facts = request.headers.get("If-None-Match", "").strip('"').partition(".")
    state = _state(request, now)
    if known_state == state:
        return _answer(HttpResponse(status=304), state, known_facts)
    facts = _facts(person(request), place, since, now)
    digest = sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]
    if known_facts == digest:
        return _answer(HttpResponse(status=304), state, digest)
    return _answer(JsonResponse(facts), state, digest)


def _answer(response: HttpResponse, state: str, digest: str) -> HttpResponse:
    response["ETag"] = f'"{state}.{digest}"'
    return response


def _state(request: HttpRequest, now: datetime) -> str:
    """A queue changes with a comment, a decision or a report, and of each the newest key is one index look-up.

    And with the minute: a row with a lower key may be committed later, and some filters ask how long it has been.
    """
    newest = [model.objects.aggregate(key=Max("pk"))["key"] for model in (Comment, Decision, Report)]
    asked = (*newest, now.replace(second=0, microsecond=0), request.GET.urlencode(), get_language())
    return sha256(repr(asked).encode()).hexdigest()[:16]


def _facts(by: User, place: Place, since: datetime | None, now: datetime) -> dict[str, Any]:
    sizes, left = sizes_for(by, place, now, layout_of(place, settings_of(by)))
    oldest = queues.oldest_waiting_since()
    return {
        "sizes": {code: (size, capped(size)) for code, size in sizes.items()},
        "left": (left, capped(left)),
        "oldest": oldest.isoformat() if oldest else "",
        "newer": _newer(place, since, now) if since else 0,
    }


def _newer(place: Place, since: datetime, now: datetime) -> int:
    """How many have come into this queue since the page was painted, by the queue's own clock."""
    clock = next(name.lstrip("-") for name in queues.QUEUES[place.queue].order if name.endswith(("_at", "_since")))
    rows = queues.rows_of(place.queue, filters=place.filters, at=now).filter(**{f"{clock}__gt": since})
    return sizes_of([rows.order_by()])[0]


def _moment(written: str) -> datetime | None:
    try:
        moment = parse_datetime(written)
    except ValueError:
        return None
    return moment if moment and timezone.is_aware(moment) else None
