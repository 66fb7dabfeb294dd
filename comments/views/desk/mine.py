"""« Mes décisions du jour »: what somebody decided today, each with its undo while it can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, time
from urllib.parse import urlencode

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments.bulks import decisions_of
from comments.decisions import UNDOABLE
from comments.keyset import beyond, moment
from comments.models import Action, Decision
from comments.views.staff import kept_for, person
from newsroom import roles

PAGE = 50
_ORDER = ("-at", "-pk")


@dataclass(frozen=True)
class Done:
    """A decision of mine. `can_be_undone`: nothing newer stands on its comment."""

    decision: Decision

    @property
    def can_be_undone(self) -> bool:
        decision = self.decision
        return decision.action in UNDOABLE and decision.version == decision.comment.version


@kept_for(roles.DECIDE)
@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """Since midnight here, the newest first, by `?after=…`."""
    now, by = timezone.now(), person(request)
    today = decisions_of(by, since=_midnight(now))
    rows = today.select_related("moderator").order_by(*_ORDER)
    at, _tilde, pk = request.GET.get("after", "").partition("~")
    with suppress(ValueError):  # no cursor of ours: the first page
        rows = rows.filter(beyond(_ORDER, [moment(at), int(pk)]))
    found = list(rows[: PAGE + 1])
    last = found[PAGE - 1] if len(found) > PAGE else None
    cursor = urlencode({"after": f"{last.at.isoformat()}~{last.pk}"}) if last else ""
    context = {
        "here": "mine",
        "now": now,
        "counts": _counts(today.order_by().values_list("action").annotate(Count("pk"))),
        "rows": [Done(decision) for decision in found[:PAGE]],
        "is_further": bool(request.GET.get("after")),
        "next": f"?{cursor}" if cursor else "",
        "back": reverse("mine"),
    }
    return render(request, "comments/desk/mine.html", context)


def _counts(rows: Iterable[tuple[str, int]]) -> list[tuple[str, int]]:
    """(what was done, how many), in the order of the acts."""
    counted = dict(rows)
    return [(str(action.label), counted[action]) for action in Action if action in counted]


def _midnight(now: datetime) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(now), time.min))
