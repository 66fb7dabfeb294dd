"""What stands around the desk's sheets: queues with their sizes, what was just done, how this person likes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from comments import queues
from comments.counted import SIZE_CAP, sizes_of
from comments.decisions import UNDOABLE
from comments.models import Comment, Decision, DeskSettings, Status
from comments.models.desk_settings import settings_told
from comments.templatetags.desk_keys import GO_FOR_SCRIPTS, Keys
from comments.views.desk.cards import Place
from newsroom.models import User

# Longer ago, a decision is found in its queue; beside the next one it would only mislead.
JUST_DONE = timedelta(hours=1)
# The queues that hold work; the others are looked up.
AWAITING = ("reported", "pending", "suspects", "flagged")
# Nobody reads more before rejecting them along with what they answer.
ANSWERS_SHOWN = 50
_NOT_YET_REJECTED = (Status.PENDING, Status.FLAGGED, Status.APPROVED)


def frame(by: User, place: Place, now: datetime) -> dict[str, Any]:
    """What stands around the sheet: queues with their capped sizes, the oldest, what was just done."""
    settings = settings_of(by)
    sizes, left = sizes_for(by, place, now, layout_of(place, settings))
    return {
        "now": now,
        "here": "desk",
        "place": place,
        "queue": queues.QUEUES[place.queue],
        "filters": place.filters,
        "left": left,
        # Whether anything waits here that is not for this person.
        "waits": left or queues.size(place.queue, filters=place.filters, at=now),
        "cap": SIZE_CAP,
        "rail": [(queue, sizes[code]) for code, queue in queues.QUEUES.items()],
        "elsewhere": [
            (queue, sizes[code])
            for code, queue in queues.QUEUES.items()
            if sizes[code] and code != place.queue and code in AWAITING
        ],
        "oldest": queues.oldest_waiting_since(),
        "last": last_act(by, now),
        "desk_settings": settings,
        "keys": Keys.of(settings),
        "go": GO_FOR_SCRIPTS,
        "layout": "list",
    }


def sizes_for(by: User, place: Place, now: datetime, layout: str) -> tuple[dict[str, int], int]:
    """Of every queue, and what is left here of those that pass the filters; each capped. One statement.

    Who reads one by one does not meet what they have skipped, nor what a colleague holds; the list shows all. The
    other queues are told whole: a filter that leaves nothing of a queue is known only when all of it was read.
    """
    reader = by if layout == "focus" else None
    questions = [queues.question(code) for code in queues.QUEUES]
    here = queues.question(place.queue, filters=place.filters, for_moderator=reader, at=now)
    *sizes, left = sizes_of([*questions, here])
    return dict(zip(queues.QUEUES, sizes, strict=True)), left


def layout_of(place: Place, settings: DeskSettings) -> str:
    """The one that was asked for, else the one this person has chosen."""
    return place.layout or settings.layout.lower()


def settings_of(by: User) -> DeskSettings:
    """How one moderator likes the desk; a missing row reads as the defaults. Signed in, they brought it along."""
    if not DeskSettings.user.field.remote_field.is_cached(by) and hasattr(by, "desk_settings_row"):
        by.desk_settings = settings_told(by.desk_settings_row) or DeskSettings(user=by)
    try:
        return by.desk_settings
    except DeskSettings.DoesNotExist:
        return DeskSettings(user=by)


def last_act(by: User, now: datetime) -> Decision | None:
    """This person's newest decision, while it can still be taken back."""
    rows = Decision.objects.filter(moderator=by, at__gt=now - JUST_DONE).select_related("comment")
    last = rows.order_by("-at", "-pk").first()
    return last if last and last.action in UNDOABLE and last.version == last.comment.version else None


def part(request: HttpRequest, template: str, context: dict[str, Any], *, status: int) -> HttpResponse:
    """A piece that takes the card's place, whatever the status (the desk's scripts let this header through)."""
    response = render(request, template, context, status=status)
    response["HX-Reswap"] = "outerHTML"
    return response


def answers_below(comments: Iterable[Comment]) -> dict[int, list[Comment]]:
    """Of several comments at once, by key: the answers that rejecting each could take along (`bulks`). Three queries.

    One query where nothing was answered, as in most pages.
    """
    rows = {comment.pk: comment for comment in comments}
    parents = Comment.objects.filter(parent__in=rows).order_by().values_list("parent", flat=True).distinct()
    answered = {pk for pk in parents if pk is not None}
    if not answered:
        return {}
    owners = _owners(answered, {rows[pk].root_id or pk for pk in answered})
    below: dict[int, list[Comment]] = defaultdict(list)
    for answer in Comment.objects.filter(pk__in=owners, status__in=_NOT_YET_REJECTED).order_by("pk"):
        for owner in owners[answer.pk]:
            below[owner].append(answer)
    return below


def _owners(answered: set[int], roots: set[int]) -> dict[int, set[int]]:
    """Which of the comments each answer hangs below. An answer's key is higher than its parent's: one pass will do."""
    above: dict[int, set[int]] = {pk: {pk} for pk in answered}
    branch = Comment.objects.filter(root__in=roots).order_by("pk").values_list("pk", "parent_id")
    told: dict[int, int] = defaultdict(int)
    owners: dict[int, set[int]] = {}
    for pk, parent in branch.iterator():
        over = above.get(parent or 0, set())
        if over:
            above[pk] = above.get(pk, set()) | over
            if shown := {owner for owner in over if told[owner] < ANSWERS_SHOWN}:
                owners[pk] = shown
                for owner in shown:
                    told[owner] += 1
    return owners
