"""What is done on the desk to one comment: decide, undo, settle its reports, reserve it."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from django import forms
from django.core.exceptions import BadRequest
from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comments import bulks, claims, decisions, reports
from comments.claims import ClaimedByAnother
from comments.decisions import Refused
from comments.filters import Filters
from comments.forms import DecisionForm, UndoForm, error_sentences
from comments.models import Action, Comment, Decision
from comments.queues import ALL
from comments.views.desk.answers import Asked, done, incomplete, passed_over, refused
from comments.views.desk.cards import Place, home_of, known_layout, known_queue
from comments.views.desk.sheets import card_of, card_page, comment_in_context
from comments.views.staff import kept_for, person, wants_part
from newsroom import roles
from newsroom.composed import KEY, Composed

# What a person can get wrong; anything else in these forms was written by the page itself.
_TYPED = {"ground", "note"}


@kept_for(roles.DECIDE)
@require_POST
def decide(request: HttpRequest, public_id: int) -> HttpResponse:
    return _decide(request, public_id, decisions.decide, keeps=False)


@kept_for(roles.DECIDE)
@require_POST
def settle_reports(request: HttpRequest, public_id: int) -> HttpResponse:
    """Keep the comment and dismiss its open reports, or reject it and uphold them."""
    return _decide(request, public_id, reports.resolve, keeps=True)


@kept_for(roles.DECIDE)
@require_POST
def undo(request: HttpRequest, public_id: int) -> HttpResponse:
    comment, form = _comment(public_id), UndoForm(request.POST)
    if not form.is_valid():
        raise BadRequest(" ".join(map(str, error_sentences(form))))
    version, key = form.cleaned_data["version"], form.cleaned_data["idempotency_key"]
    asked = Asked(public_id, Action.UNDO, version, place_of(request, comment))
    return _tell(
        request,
        asked,
        lambda: decisions.undo(comment, version=version, by=person(request), at=timezone.now(), key=key or None),
    )


@kept_for(roles.DECIDE)
@require_POST
def claim(request: HttpRequest, public_id: int) -> HttpResponse:
    """Reserve the comment for ten minutes; `release=1` gives it back."""
    comment = _comment(public_id)
    asked = Asked(public_id, "", comment.version, place_of(request, comment))
    try:
        if request.POST.get("release"):
            claims.release(comment, by=person(request))
        else:
            claims.take(comment, by=person(request), at=timezone.now())
    except ClaimedByAnother as held:
        return refused(request, asked, held)
    if wants_part(request):
        return card_page(request, card_of(request, comment_in_context(public_id), place=asked.place))
    return HttpResponseRedirect(f"{asked.place.url}#card-{public_id}", status=303)


@kept_for(roles.DECIDE)
@require_POST
def skip(request: HttpRequest, public_id: int) -> HttpResponse:
    """Not this one, not now: hidden from this moderator for an hour."""
    comment = _comment(public_id)
    claims.skip(comment, by=person(request), at=timezone.now())
    return passed_over(request, place_of(request, comment))


def place_of(request: HttpRequest, comment: Comment | None = None) -> Place:
    """The queue the form was sent from; for one that names none, the queue the comment stands in."""
    code = known_queue(request.POST.get("queue", ""))
    if not code and comment is not None:
        code = home_of(comment_in_context(comment.public_id))
    told = request.POST.get("filters", "")
    filters = Filters.read(QueryDict(told)) if told else ALL
    layout = known_layout(request.POST.get("layout", ""))
    return Place(code or "pending", request.POST.get("after", ""), filters, layout)


def _decide(request: HttpRequest, public_id: int, verb: Callable[..., Decision], *, keeps: bool) -> HttpResponse:
    comment, form = _comment(public_id), DecisionForm(request.POST)
    if not form.is_valid():
        return _mistyped(request, comment, form, keeps=keeps)
    sent = form.cleaned_data
    asked = _asked(request, comment, sent["action"], sent["version"], sent["ground"], sent["note"], keeps)
    answers = answers_ticked(request, comment) if asked.action == Action.REJECT else []
    how: dict[str, Any] = {"action": asked.action, "ground": asked.ground, "note": asked.note, "by": person(request)}
    key = sent["idempotency_key"] or None
    return _tell(
        request,
        asked,
        lambda: verb(comment, version=asked.version, at=timezone.now(), key=key, **how),
        lambda: decisions.decide_each(answers, at=timezone.now(), **how) if answers else [],
    )


def answers_ticked(request: HttpRequest, comment: Comment) -> list[tuple[Comment, int]]:
    """The answers to reject along with what they answer (`answers=<public id>.<version>`), as they were read.

    What does not hang below this comment, or needs no rejecting any more, is left alone.
    """
    ticked = request.POST.getlist("answers")
    if not ticked:
        return []
    try:
        read = {int(one): int(version) for one, version in (value.split(".") for value in ticked)}
    except ValueError as malformed:
        raise BadRequest from malformed
    return [(row, read[row.public_id]) for row in bulks.answers_to_reject(comment) if row.public_id in read]


def _tell(
    request: HttpRequest,
    asked: Asked,
    verb: Callable[[], Decision],
    along: Callable[[], list[decisions.Outcome]] = list,
) -> HttpResponse:
    """`along` is what follows where `verb` came through; a retry decides nothing twice, as versions have moved."""
    try:
        decision = verb()
    except (Refused, ClaimedByAnother) as refusal:
        return refused(request, asked, refusal)
    return done(request, asked, decision, along())


def _mistyped(request: HttpRequest, comment: Comment, form: forms.Form, *, keeps: bool) -> HttpResponse:
    if not set(form.errors) <= _TYPED:
        raise BadRequest(" ".join(map(str, error_sentences(form))))
    field = next(iter(form.errors))
    sentence = _("Choose one of the grounds.") if field == "ground" else str(error_sentences(form)[0])
    sent = form.cleaned_data
    note = request.POST.get("note", "")
    asked = _asked(request, comment, sent["action"], sent["version"], sent.get("ground", ""), note, keeps)
    return incomplete(request, asked, sentence, field)


def _asked(
    request: HttpRequest, comment: Comment, action: str, version: int, ground: str, note: str, keeps: bool
) -> Asked:
    place = place_of(request, comment)
    return Asked(comment.public_id, action, version, place, ground=ground, note=note, keeps=keeps)


def _comment(public_id: int) -> Comment:
    found = _by_number(connection.vendor).asked([public_id]) if public_id.bit_length() < 64 else []
    if not found:
        raise Http404
    return found[0]


@cache
def _by_number(_vendor: str) -> Composed:
    return Composed(Comment.objects.filter(public_id=KEY), [KEY])
