"""One reader as moderators know them: what they wrote, what became of it, the measures on them, colleagues' notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from comments import readers, standing
from comments.keyset import beyond, moment
from comments.models import Comment, Ground, Reader, Standing, Status
from comments.plain_text import clean_text
from comments.readers import ReaderFacts
from comments.views.staff import kept_for, person
from comments.views.way_back import way_back
from newsroom import roles
from newsroom.models import User

PAGE = 20
_ORDER = ("-submitted_at", "-pk")
Kind = Standing.Kind
# What the panel offers, as (measure, days); no days is for good. Who may not take one is not offered it.
MEASURES: dict[str, tuple[str, int | None, str | Promise]] = {
    "HOLD-1": (Kind.HOLD, 1, _("Hold everything for 1 day")),
    "HOLD-3": (Kind.HOLD, 3, _("Hold everything for 3 days")),
    "HOLD-7": (Kind.HOLD, 7, _("Hold everything for 7 days")),
    "HOLD-30": (Kind.HOLD, 30, _("Hold everything for 30 days")),
    "MUTE-1": (Kind.MUTE, 1, _("Mute for 1 day")),
    "MUTE-7": (Kind.MUTE, 7, _("Mute for 7 days")),
    "MUTE-30": (Kind.MUTE, 30, _("Mute for 30 days")),
    "MUTE": (Kind.MUTE, None, _("Mute for good")),
}
WATCH = "WATCH"


@dataclass(frozen=True)
class Typed:
    """A measure or a note that was refused: what was typed is kept beside the sentence."""

    measure: str = ""
    reason: str = ""
    text: str = ""
    until: str = ""
    sentence: str = ""
    field: str = ""
    lifted: int = 0

    @property
    def is_watch(self) -> bool:
        return self.measure == WATCH

    @property
    def is_measure(self) -> bool:
        return bool(self.sentence) and self.measure not in (WATCH, "NOTE") and not self.lifted


@dataclass(frozen=True)
class Panel:
    """What a page shows of `readers.facts`."""

    facts: ReaderFacts

    @property
    def reader(self) -> Reader:
        return self.facts.reader

    @property
    def by_ground(self) -> list[tuple[str, int]]:
        """Rejections that stand, the commonest first."""
        return [(str(Ground(code).label), count) for code, count in self.facts.by_ground.items()]

    @property
    def name(self) -> str:
        """The name of the latest comment: a reader has an e-mail, and as many names as they like."""
        return self.facts.last[0].shown_name if self.facts.last else ""

    @property
    def pending(self) -> int:
        return self.facts.by_status.get(Status.PENDING, 0)

    @property
    def is_watched(self) -> bool:
        return any(measure.kind == Kind.WATCH for measure in self.facts.standings)


def panel_of(reader: Reader, *, at: datetime) -> Panel:
    """Seven queries, however much the reader has written."""
    return Panel(readers.facts(reader, at=at))


def measures_for(user: User, *, at: datetime) -> list[tuple[str, str]]:
    """(code, label) of the measures this person may take."""
    return [
        (code, str(label))
        for code, (kind, days, label) in MEASURES.items()
        if standing.may_set(kind, until=_end(days, at), by=user, at=at)
    ]


@kept_for(roles.DECIDE)
@require_safe
def reader_page(request: HttpRequest, pk: int) -> HttpResponse:
    """All the reader wrote, newest first, by `?after=…`; the measures, who took them, why and until when."""
    return show(request, _reader(pk))


def show(request: HttpRequest, reader: Reader, *, typed: Typed | None = None, status: int = 200) -> HttpResponse:
    at, by = timezone.now(), person(request)
    written, cursor = _written(reader, request.GET.get("after", ""))
    context = {
        "here": "desk",
        "now": at,
        "panel": panel_of(reader, at=at),
        "measures": measures_for(by, at=at),
        "user": by,
        "history": standing.history(reader),
        "written": written,
        "is_further": bool(request.GET.get("after")),
        "next": f"?{urlencode({'after': cursor})}" if cursor else "",
        "typed": typed or Typed(),
        "back": reverse("reader", args=[reader.pk]),
    }
    return render(request, "comments/desk/reader.html", context, status=status)


@kept_for(roles.DECIDE)
@require_POST
def set_standing(request: HttpRequest, pk: int) -> HttpResponse:
    """Take the measure `measure` for the reason `reason`; more than this role may: 403."""
    reader, code, at = _reader(pk), request.POST.get("measure", ""), timezone.now()
    reason = clean_text(request.POST.get("reason", ""))
    kind, days, _label = MEASURES.get(code, (Kind.WATCH if code == WATCH else "", None, ""))
    try:
        standing.set_standing(reader, kind=kind, days=days, reason=reason, by=person(request), at=at)
    except standing.Unfit as unfit:
        typed = Typed(measure=code, reason=reason, sentence=str(unfit), field=unfit.field)
        return show(request, reader, typed=typed, status=422)
    return way_back(request, otherwise=reverse("reader", args=[reader.pk]))


@kept_for(roles.DECIDE)
@require_POST
def lift(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a measure back before its time: one's own, or anybody's for a chief."""
    measure = get_object_or_404(Standing.objects.select_related("reader"), pk=pk)
    reason = clean_text(request.POST.get("reason", ""))
    try:
        standing.lift(measure, by=person(request), reason=reason, at=timezone.now())
    except standing.Unfit as unfit:
        typed = Typed(lifted=measure.pk, reason=reason, sentence=str(unfit), field=unfit.field)
        return show(request, measure.reader, typed=typed, status=422)
    return way_back(request, otherwise=reverse("reader", args=[measure.reader_id]))


def _reader(pk: int) -> Reader:
    return get_object_or_404(Reader, pk=pk)


def _end(days: int | None, at: datetime) -> datetime | None:
    return None if days is None else at + timedelta(days=days)


def _written(reader: Reader, after: str) -> tuple[list[Comment], str]:
    """One page of what a reader wrote, and the cursor of the next."""
    rows = Comment.objects.filter(reader=reader).select_related("discussion__article").order_by(*_ORDER)
    if (last := _last_seen(after)) is not None:
        rows = rows.filter(beyond(_ORDER, last))
    found = list(rows[: PAGE + 1])
    last_shown = found[PAGE - 1] if len(found) > PAGE else None
    cursor = f"{last_shown.submitted_at.isoformat()}~{last_shown.pk}" if last_shown else ""
    return found[:PAGE], cursor


def _last_seen(cursor: str) -> list[Any] | None:
    at, _tilde, pk = cursor.partition("~")
    try:
        return [moment(at), int(pk)]
    except ValueError:
        return None
