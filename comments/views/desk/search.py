"""Search across all comments, in every state.

What somebody types is posted: an e-mail must stand in no address, where logs and histories keep it. A reader found by
e-mail goes on by key; everything else goes on as `?q=`, which can be kept and sent to a colleague.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from comments import search
from comments.keyset import beyond, cursor_of, read_cursor
from comments.models import Comment, Reader
from comments.plain_text import clean_email, clean_text
from comments.views.staff import kept_for
from newsroom import roles

PAGE = 20
# Characters before and after the first word that was found.
BEFORE, AFTER = 60, 180
_ORDER = ("-submitted_at", "-pk")
_EMAIL = re.compile(r"[^\s@\"]+@[^\s@\"]+\.[^\s@\"]+")


@dataclass(frozen=True)
class Found:
    """A comment, and the piece of its text around what was asked for."""

    comment: Comment
    text: str


@kept_for(roles.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def search_page(request: HttpRequest) -> HttpResponse:
    """POST `q`: on to the address of its results. GET `?q=…&reader=…&after=…`: one page of them, newest first."""
    return _ask(request) if request.method == "POST" else _show(request)


def _ask(request: HttpRequest) -> HttpResponse:
    asked = clean_text(request.POST.get("q", ""))[: search.QUERY_MAX].strip()
    written = _EMAIL.search(asked)
    if written is None:
        return HttpResponseRedirect(_address({"q": asked}), status=303)
    reader = Reader.objects.filter(email=clean_email(written[0])).first()
    rest = " ".join(_EMAIL.sub(" ", asked).split())
    if reader is None:
        return render(request, "comments/desk/search.html", _frame(rest) | {"unknown": True})
    return HttpResponseRedirect(_address({"q": rest, "reader": str(reader.pk)}), status=303)


def _show(request: HttpRequest) -> HttpResponse:
    asked = clean_text(request.GET.get("q", ""))[: search.QUERY_MAX].strip()
    if _EMAIL.search(asked):
        # It came in an address; answering would invite to keep it there.
        return render(request, "comments/desk/search.html", _frame("") | {"is_email": True})
    reader = _reader(request.GET.get("reader", ""))
    context = _frame(asked) | {"reader": reader}
    if asked or reader:
        comments, cursor = _page(_rows(asked, reader), request.GET.get("after", ""))
        kept = {"q": asked} | ({"reader": str(reader.pk)} if reader else {})
        context |= {
            "has_asked": True,
            "misread": search.understood(asked).misread,
            "found": [Found(comment, excerpt(comment.text, asked)) for comment in comments],
            "first_url": _address(kept),
            "is_further": bool(request.GET.get("after")),
            "next_url": _address(kept | {"after": cursor}) if cursor else "",
        }
    return render(request, "comments/desk/search.html", context)


def excerpt(text: str, asked: str) -> str:
    """The text around the first word asked for that stands in it as it was typed; else its beginning."""
    folded = text.casefold()
    words = (phrase[0] for phrase in search.understood(asked).phrases)
    start = next((at for word in words if (at := folded.find(word.casefold())) >= 0), 0)
    first, last = max(0, start - BEFORE), start + AFTER
    return f"{'…' if first else ''}{text[first:last]}{'…' if last < len(text) else ''}"


def _frame(asked: str) -> dict[str, object]:
    return {"here": "desk", "now": timezone.now(), "q": asked}


def _rows(asked: str, reader: Reader | None) -> QuerySet[Comment]:
    rows = Comment.objects.filter(reader=reader) if reader else Comment.objects.all()
    return search.narrow(rows, asked) if asked else rows


def _page(rows: QuerySet[Comment], after: str) -> tuple[list[Comment], str]:
    """The keys first: joined to their articles SQLite would start from these, and read and sort all comments."""
    rows = rows.order_by(*_ORDER)
    if (last := read_cursor(after, _ORDER)) is not None:
        rows = rows.filter(beyond(_ORDER, last))
    found = list(rows.only("submitted_at")[: PAGE + 1])
    told = Comment.objects.select_related("discussion__article").in_bulk([comment.pk for comment in found[:PAGE]])
    cursor = cursor_of(found[PAGE - 1], _ORDER) if len(found) > PAGE else ""
    return [told[comment.pk] for comment in found[:PAGE] if comment.pk in told], cursor


def _reader(written: str) -> Reader | None:
    known = written.isascii() and written.isdigit() and len(written) < 19
    return Reader.objects.filter(pk=int(written)).first() if known else None


def _address(query: dict[str, str]) -> str:
    asked = urlencode({name: value for name, value in query.items() if value})
    return f"{reverse('search')}?{asked}" if asked else reverse("search")
