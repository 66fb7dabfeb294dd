"""Before deciding on all that match: how many, in which articles, the first ten; and what was counted, signed.

The page carries the list of (key, version) that it counted, signed for the person who asked. A question asked again
at the time of deciding ("all that match, up to this key") would take in comments edited or moved into the queue since,
which nobody counted; a thousand pairs weigh about ten kilobytes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import uuid4

from django.core import signing
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from comments import alike, bulks, queues, readers
from comments.decisions import STEPS
from comments.models import Action, Comment, Reader, Status
from comments.views.desk.acts import place_of
from comments.views.desk.cards import Place, Typed, ground_choices, read_place
from comments.views.staff import kept_for, person
from newsroom import roles
from newsroom.models import User

SHOWN = 10
# A page left open over lunch still decides; one found the next day does not.
LASTS = 12 * 3600
_SALT = "comments.bulk"
Read = list[tuple[Comment, int]]


@dataclass(frozen=True)
class Wanted:
    """What a confirmation page is about: the comments as read, where one goes back to, whether there were more."""

    read: Read
    place: Place
    reader: Reader | None = None
    is_cut: bool = False


@kept_for(roles.DECIDE)
@require_safe
def bulk_all(request: HttpRequest) -> HttpResponse:
    """`?queue=…` with its filters, `?reader=…`: all that waits of one, `?alike=…`: a comment and its likes."""
    return _page(request, _wanted(request), Typed())


def again(request: HttpRequest, read: Read, typed: Typed) -> HttpResponse:
    """The same page with the same comments, and what is missing."""
    return _page(request, Wanted(read, place_of(request)), typed, status=422)


def counted(request: HttpRequest) -> Read:
    """The comments that the confirmation page counted, each with its version then. Not the page's own list: 400."""
    try:
        pairs = dict(signing.loads(request.POST["snapshot"], salt=_salt(person(request)), max_age=LASTS))
    except (signing.BadSignature, KeyError) as foreign:
        raise BadRequest from foreign
    found = Comment.objects.in_bulk(pairs)
    return [(found[pk], version) for pk, version in pairs.items() if pk in found]


def by_article(headlines: Iterable[str]) -> list[tuple[str, int]]:
    """(headline, how many), the most concerned first."""
    return Counter(headlines).most_common()


def _wanted(request: HttpRequest) -> Wanted:
    asked = request.GET
    if asked.get("reader"):
        reader = get_object_or_404(Reader, pk=_key(asked["reader"]))
        read = readers.pending_of(reader)
        return Wanted(read[: bulks.MOST], Place("pending"), reader, is_cut=len(read) > bulks.MOST)
    if asked.get("alike"):
        return Wanted(_alike(_key(asked["alike"])), Place("pending"))
    place = read_place(asked, queue="pending")
    rows = queues.rows_of(place.queue, filters=place.filters, for_moderator=person(request), at=timezone.now())
    found = list(rows[: bulks.MOST + 1])
    read = [(comment, comment.version) for comment in found[: bulks.MOST]]
    return Wanted(read, place, is_cut=len(found) > bulks.MOST)


def _alike(public_id: int) -> Read:
    """The comment and those with the same text, of which all still wait."""
    comment = get_object_or_404(Comment, public_id=public_id)
    rows = [comment, *(one.comment for one in alike.like(comment, limit=bulks.MOST - 1))]
    return [(one, one.version) for one in rows if one.is_pending]


def _page(request: HttpRequest, wanted: Wanted, typed: Typed, *, status: int = 200) -> HttpResponse:
    keys = [comment.pk for comment, _version in wanted.read]
    known = Comment.objects.select_related("discussion__article")
    headlines = Comment.objects.filter(pk__in=keys).values_list("discussion__article__headline", flat=True)
    shown = known.in_bulk(keys[:SHOWN])
    context = {
        "here": "desk",
        "now": timezone.now(),
        "place": wanted.place,
        "reader": wanted.reader,
        "count": len(keys),
        "is_cut": wanted.is_cut,
        "articles": by_article(headlines),
        "rows": [shown[key] for key in keys[:SHOWN] if key in shown],
        "offers": _offers(comment for comment, _version in wanted.read),
        "snapshot": _signed(request, wanted.read),
        "bulk_id": request.POST.get("bulk_id") or uuid4(),
        "typed": typed,
        "all_grounds": ground_choices(set()),
    }
    return render(request, "comments/desk/bulks/bulk_all.html", context, status=status)


def _offers(comments: Iterable[Comment]) -> set[str]:
    """The acts that at least one of them can take."""
    statuses = {Status(comment.status) for comment in comments}
    return {action.value for action in (Action.APPROVE, Action.REJECT, Action.FLAG) if statuses & STEPS[action].keys()}


def _signed(request: HttpRequest, read: Read) -> str:
    pairs = [(comment.pk, version) for comment, version in read]
    return signing.dumps(pairs, salt=_salt(person(request)), compress=True)


def _salt(user: User) -> str:
    """A list signed for one person is of no use to another."""
    return f"{_SALT}.{user.pk}"


def _key(written: str) -> int:
    return int(written) if written.isascii() and written.isdigit() and len(written) < 19 else 0
