"""What the desk answers to an act: done, incomplete, somebody was faster, somebody reads it, not yours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from comments import queues
from comments.claims import ClaimedByAnother
from comments.decisions import Incomplete, NotYours, Outcome, Refused, Stale
from comments.models import Action, Decision, Ground
from comments.templatetags.desk import ago, capped
from comments.views.desk.cards import Card, Place, Typed
from comments.views.desk.frame import layout_of, settings_of
from comments.views.desk.sheets import card_of, card_page, comment_in_context, frame, part
from comments.views.staff import person, wants_part
from comments.views.way_back import address_back
from newsroom.models import User

# Answers rejected along with their comment are decided right after it; the server may be slow over many.
TOGETHER = timedelta(minutes=1)


@dataclass(frozen=True)
class Asked:
    """What was asked of which version: shown beside what has been decided meanwhile."""

    public_id: int
    action: str
    version: int
    place: Place
    ground: str = ""
    note: str = ""
    keeps: bool = False

    @property
    def words(self) -> str:
        label = _("Keep") if self.keeps and self.action == Action.APPROVE else str(Action(self.action).label)
        return f"{label} ({Ground(self.ground).label})" if self.ground in Ground.values else label

    @property
    def typed(self) -> Typed:
        return Typed(self.action, self.ground, self.note)


def done(request: HttpRequest, asked: Asked, decision: Decision, along: Sequence[Outcome] = ()) -> HttpResponse:
    """The card as it stands now, or back to the queue. Says what was done and how many are left.

    `along` are the answers that were to be rejected too. A script that has already shown the next comment wants JSON.
    """
    said = " ".join(
        (_said(asked, decision), *_along(along), *_answers_stay(decision), _left(person(request), asked.place))
    )
    if wants_word(request):
        return JsonResponse({"said": said, "version": decision.version})
    if not wants_part(request):
        messages.success(request, said)
        return HttpResponseRedirect(address_back(request, otherwise=asked.place.url), status=303)
    card = _card(request, asked)
    context = frame(card.by, asked.place, card.at) | {"card": card, "said": said}
    return part(request, "comments/desk/acts/_done.html", context, status=200)


def passed_over(request: HttpRequest, place: Place) -> HttpResponse:
    """Skipped: nothing is decided, and it comes back."""
    said = _("Skipped: it comes back in an hour.")
    if wants_word(request):
        return JsonResponse({"said": said})
    messages.success(request, said)
    return HttpResponseRedirect(place.url, status=303)


def wants_word(request: HttpRequest) -> bool:
    """The script goes on by itself: it needs to know that the act came through, not how the card looks."""
    return request.headers.get("Accept") == "application/json"


def refused(request: HttpRequest, asked: Asked, refusal: Exception) -> HttpResponse:
    """Each named exception becomes its sentence, with ways on."""
    if isinstance(refusal, Incomplete):
        return incomplete(request, asked, str(refusal), refusal.field)
    card = _card(request, asked)
    if isinstance(refusal, Stale):
        newest = card.newest
        heading = what_happened(newest, card) if newest else str(refusal)
        return _answer(request, "conflict", 409, card, asked, heading=heading, newest=newest)
    if isinstance(refusal, ClaimedByAnother):
        return _answer(request, "claimed", 423, card, asked, claim=refusal.claim, heading=str(refusal))
    status = 403 if isinstance(refusal, NotYours) else 409
    assert isinstance(refusal, Refused)  # noqa: S101 (nothing else is caught)
    return _answer(request, "refused", status, card, asked, heading=str(refusal))


def incomplete(request: HttpRequest, asked: Asked, sentence: str, field: str) -> HttpResponse:
    typed = Typed(asked.action, asked.ground, asked.note, sentence, field)
    comment = comment_in_context(asked.public_id)
    return card_page(request, card_of(request, comment, place=asked.place, typed=typed), status=422)


def what_happened(decision: Decision, card: Card) -> str:
    """« Ce commentaire a été approuvé par Samira B. il y a 12 secondes. »"""
    said = {"name": decision.decided_by, "ago": ago(decision.at, card.at)}
    if decision.moderator_id == card.by.pk:
        return _OWN[Action(decision.action)]() % said
    return _HAPPENED[Action(decision.action)]() % said


_HAPPENED = {
    Action.APPROVE: lambda: _("This comment was approved by %(name)s %(ago)s."),
    Action.REJECT: lambda: _("This comment was rejected by %(name)s %(ago)s."),
    Action.FLAG: lambda: _("%(name)s asked for a second look at this comment %(ago)s."),
    Action.EDIT: lambda: _("This comment was changed by its author %(ago)s."),
    Action.WITHDRAW: lambda: _("This comment was withdrawn by its author %(ago)s."),
    Action.UNDO: lambda: _("%(name)s took the last decision on this comment back %(ago)s."),
}
_OWN = _HAPPENED | {
    Action.APPROVE: lambda: _("You approved this comment yourself %(ago)s."),
    Action.REJECT: lambda: _("You rejected this comment yourself %(ago)s."),
    Action.FLAG: lambda: _("You asked for a second look at this comment yourself %(ago)s."),
    Action.UNDO: lambda: _("You took the last decision on this comment back yourself %(ago)s."),
}


def _said(asked: Asked, decision: Decision) -> str:
    if asked.keeps and decision.action == Action.APPROVE:
        return _("Kept: its reports are dismissed.")
    return str(_SAID[Action(decision.action)])


_SAID = {
    Action.APPROVE: gettext_lazy("Approved."),
    Action.REJECT: gettext_lazy("Rejected."),
    Action.FLAG: gettext_lazy("Held for a second look."),
    Action.UNDO: gettext_lazy("Decision taken back."),
}


def _along(outcomes: Sequence[Outcome]) -> list[str]:
    """How many answers were rejected too, and how many stay as they are."""
    count = sum(outcome.decision is not None for outcome in outcomes)
    left_out = len(outcomes) - count
    said = [ngettext("%(count)s answer rejected too.", "%(count)s answers rejected too.", count)] if count else []
    kept = ngettext(
        "%(count)s answer had changed and was left as it is.",
        "%(count)s answers had changed and were left as they are.",
        left_out,
    )
    return [words % {"count": count} for words in said] + ([kept % {"count": left_out}] if left_out else [])


def _answers_stay(decision: Decision) -> list[str]:
    """Rejecting took answers along; taking it back touches its own comment alone, so say where theirs stand."""
    undone = decision.undoes
    if undone is None or undone.action != Action.REJECT:
        return []
    rejected = Decision.objects.filter(action=Action.REJECT, moderator=undone.moderator_id, undone_by__isnull=True)
    along = rejected.filter(comment__parent=decision.comment_id, at__gte=undone.at, at__lt=undone.at + TOGETHER)
    return [_("Its answers stay rejected: take them back in My decisions.")] if along.exists() else []


def _left(by: User, place: Place) -> str:
    reader = by if layout_of(place, settings_of(by)) == "focus" else None
    left = queues.size(place.queue, filters=place.filters, for_moderator=reader)
    return _("%(count)s left in this queue.") % {"count": capped(left)}


def _card(request: HttpRequest, asked: Asked) -> Card:
    return card_of(request, comment_in_context(asked.public_id), place=asked.place)


def _answer(request: HttpRequest, answer: str, status: int, card: Card, asked: Asked, **context: Any) -> HttpResponse:
    context |= {"card": card, "asked": asked, "part": f"comments/desk/answers/_{answer}.html", "now": timezone.now()}
    if wants_part(request):
        template = "_answer_one" if asked.place.layout == "focus" else "_answer"
        return part(request, f"comments/desk/answers/{template}.html", context, status=status)
    around = frame(card.by, asked.place, card.at)
    return render(request, "comments/desk/answer.html", around | context, status=status)
