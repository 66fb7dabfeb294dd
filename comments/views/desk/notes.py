"""Handover notes: pinned to the desk, to an article or to a reader; and taken down."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from comments import notes
from comments.models import Note, Reader
from comments.views.desk.reader import Typed
from comments.views.desk.reader import show as show_reader
from comments.views.staff import kept_for, person
from comments.views.way_back import way_back
from newsroom import roles
from newsroom.models import Article

# The page shows this many; older notes are taken down, or have an end.
MOST = 200
YEARS = range(1970, 2200)


@kept_for(roles.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def notes_page(request: HttpRequest) -> HttpResponse:
    """GET: all that hangs anywhere. POST pins `text` until the end of the day `until`, to `article` or `reader`."""
    return _pin(request) if request.method == "POST" else _show(request)


@kept_for(roles.DECIDE)
@require_POST
def take_down(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own note, or anybody's for a chief."""
    notes.take_down(get_object_or_404(Note, pk=pk), by=person(request), at=timezone.now())
    messages.success(request, _("The note is taken down."))
    return way_back(request, otherwise=reverse("notes"))


def _pin(request: HttpRequest) -> HttpResponse:
    sent, at = request.POST, timezone.now()
    article = get_object_or_404(Article, slug=sent["article"]) if sent.get("article") else None
    reader = get_object_or_404(Reader, pk=_number(sent["reader"])) if sent.get("reader") else None
    text, until = sent.get("text", ""), sent.get("until", "")
    try:
        notes.pin(text, by=person(request), at=at, until=_end_of(until), article=article, reader=reader)
    except notes.Unfit as unfit:
        typed = Typed(measure="NOTE", text=text, until=until, sentence=str(unfit), field=unfit.field)
        if reader is not None:
            return show_reader(request, reader, typed=typed, status=422)
        return _show(request, article=article, typed=typed, status=422)
    messages.success(request, _("The note is pinned."))
    return way_back(request, otherwise=reverse("notes"))


def _show(
    request: HttpRequest, *, article: Article | None = None, typed: Typed | None = None, status: int = 200
) -> HttpResponse:
    now = timezone.now()
    pinned = Note.objects.pinned(at=now).select_related("written_by", "article", "reader")[:MOST]
    context = {
        "here": "desk",
        "now": now,
        "user": person(request),
        "notes": pinned,
        "note_article": article,
        "typed": typed or Typed(),
        "back": reverse("notes"),
    }
    return render(request, "comments/desk/notes.html", context, status=status)


def _end_of(day: str) -> datetime | None:
    """The end of that day here. Nothing written: no end. Raises Unfit where it is no day."""
    if not day.strip():
        return None
    try:
        after = date.fromisoformat(day.strip()) + timedelta(days=1)
    except (ValueError, OverflowError) as malformed:
        raise notes.Unfit(_("Write the day as a date."), "until") from malformed
    if after.year not in YEARS:
        raise notes.Unfit(_("Write the day as a date."), "until")
    return timezone.make_aware(datetime.combine(after, time.min))


def _number(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0
