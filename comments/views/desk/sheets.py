"""The desk: a queue one by one, or as a list, or one comment of it. Reading only; what is done stands in acts."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments import queues
from comments.around import with_context
from comments.models import Comment
from comments.views.desk.cards import TICKED, Card, Place, Typed, ground_choices, home_of, known_queue, read_place
from comments.views.desk.context import context_of
from comments.views.desk.focus import focus_page, sheet_of
from comments.views.desk.frame import answers_below, frame, layout_of, part, settings_of
from comments.views.staff import kept_for, person, wants_part
from newsroom import roles

__all__ = ["Bulk", "card_of", "card_page", "comment_in_context", "desk", "frame", "part", "queue_page"]


@dataclass(frozen=True)
class Bulk:
    """The bar of the ticked comments: what was ticked and typed, and why it was refused."""

    ticked: frozenset[int] = frozenset()
    typed: Typed = field(default_factory=Typed)


@kept_for(roles.DECIDE)
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """`?queue=…&after=…`, filters and `layout=`; without a queue, the most urgent. `?comment=…` is one comment."""
    if "comment" in request.GET:
        return _one(request, request.GET["comment"])
    asked = known_queue(request.GET.get("queue", ""))
    place = read_place(request.GET, queue=asked or queues.most_urgent())
    layout = layout_of(place, settings_of(person(request)))
    return focus_page(request, place) if layout == "focus" else queue_page(request, place)


def queue_page(request: HttpRequest, place: Place, *, status: int = 200, bulk: Bulk | None = None) -> HttpResponse:
    """The list layout."""
    bulk, now, by = bulk or Bulk(), timezone.now(), person(request)
    page = queues.page(place.queue, after=place.after, filters=place.filters, at=now)
    below = answers_below(page.comments)
    context = {
        **frame(by, place, now),
        "cards": [
            Card(
                comment,
                by,
                now,
                place,
                is_ticked=comment.public_id in bulk.ticked,
                answers=below.get(comment.pk, []),
            )
            for comment in page.comments
        ],
        "next": replace(place, after=page.next_cursor) if page.next_cursor else None,
        "may_tick": place.queue in TICKED,
        "bulk": bulk.typed if place.queue in TICKED else None,
        "all_grounds": ground_choices(set()),
    }
    return render(request, "comments/desk/page.html", context, status=status)


def comment_in_context(public_id: int | str) -> Comment:
    """A comment in whatever state, with all that a card shows."""
    try:
        return with_context(Comment.objects.filter(public_id=int(public_id))).get()
    except (Comment.DoesNotExist, ValueError) as missing:
        raise Http404 from missing


def card_of(request: HttpRequest, comment: Comment, *, place: Place | None = None, typed: Typed | None = None) -> Card:
    place, by = place or Place(home_of(comment)), person(request)
    answers = answers_below([comment]).get(comment.pk, [])
    return Card(comment, by, timezone.now(), place, typed or Typed(), answers=answers)


def card_page(request: HttpRequest, card: Card, *, status: int = 200) -> HttpResponse:
    """One card: its part where a script asks, else a page of its own inside the desk."""
    around = frame(card.by, card.place, card.at) | {"card": card}
    if not wants_part(request):
        shown = {"shown_context": context_of(card.comment, user=card.by, at=card.at)}
        return render(request, "comments/desk/one.html", around | shown, status=status)
    if card.place.layout == "focus":
        context = around | {"sheet": sheet_of(card), "layout": "focus"}
        return part(request, "comments/desk/sheet/_focus_one.html", context, status=status)
    return part(request, "comments/desk/sheet/_card.html", around, status=status)


def _one(request: HttpRequest, public_id: str) -> HttpResponse:
    comment = comment_in_context(public_id)
    return card_page(request, card_of(request, comment, place=read_place(request.GET, queue=home_of(comment))))
