"""Several comments decided in one act: the ticked ones, or those that a confirmation page counted; and taken back."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from comments import bulks
from comments.around import with_context
from comments.decisions import Incomplete, NotYours, Outcome, Stale
from comments.models import Action, Bulk, Comment
from comments.queues import PAGE
from comments.views.desk import bulk_all
from comments.views.desk.acts import place_of
from comments.views.desk.answers import what_happened
from comments.views.desk.cards import Card, Typed
from comments.views.desk.sheets import Bulk as Bar
from comments.views.desk.sheets import frame, queue_page
from comments.views.staff import kept_for, person
from comments.views.way_back import address_back
from newsroom import roles

# Nobody has read more than a few pages of cards when ticking them.
MOST = 5 * PAGE
SHOWN = 10


@dataclass(frozen=True)
class LeftOut:
    card: Card
    why: str


@kept_for(roles.DECIDE)
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Decide on each ticked comment (`comment=<public id>.<version>`), or on a confirmed `snapshot`.

    Tells by name which were left out, and why.
    """
    confirmed = "snapshot" in request.POST
    read = bulk_all.counted(request) if confirmed else _ticked(request)
    action, ground = request.POST.get("action", ""), request.POST.get("ground", "")
    if action not in (Action.APPROVE, Action.REJECT, Action.FLAG):
        raise BadRequest
    if not confirmed and (sentence := _refusal(len(read))):
        return _again(request, sentence, "comment")
    try:
        by, note = person(request), request.POST.get("note", "")[:2000]
        act, outcomes = bulks.decide_bulk(
            read, action=action, by=by, at=timezone.now(), ground=ground, note=note, bulk_id=_bulk_id(request)
        )
    except Incomplete as missing:
        if confirmed:
            return bulk_all.again(request, read, _typed(request, str(missing), missing.field))
        return _again(request, str(missing), missing.field)
    return _tell(request, act, action, outcomes, confirmed=confirmed)


@kept_for(roles.DECIDE)
@require_safe
def bulk_done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What one act on several comments did, with its one undo."""
    return _done(request, get_object_or_404(Bulk.objects.select_related("made_by"), pk=pk))


@kept_for(roles.DECIDE)
@require_POST
def undo_bulk(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take the whole act back: one's own, or anybody's for a chief. Those changed since stay, and are listed."""
    act = get_object_or_404(Bulk, pk=pk)
    try:
        outcomes = bulks.undo_bulk(act, by=person(request), at=timezone.now())
    except NotYours as refusal:
        return _done(request, act, refusal=str(refusal), status=403)
    undone = sum(outcome.decision is not None for outcome in outcomes)
    said = ngettext("%(count)s decision taken back.", "%(count)s decisions taken back.", undone) % {"count": undone}
    left_out = _left_out(request, outcomes)
    if left_out:
        return _done(request, act, said=said, left_out=left_out)
    messages.success(request, said)
    return HttpResponseRedirect(address_back(request, otherwise=reverse("bulk_done", args=[act.pk])), status=303)


def _refusal(count: int) -> str:
    if not count:
        return _("Tick at least one comment.")
    return _("Tick %(most)s comments at most.") % {"most": MOST} if count > MOST else ""


def _ticked(request: HttpRequest) -> list[tuple[Comment, int]]:
    """The ticked comments, each with the version that was shown; in the order of their keys, as locks are taken."""
    try:
        pairs = [value.split(".") for value in request.POST.getlist("comment")]
        versions = {int(public_id): int(version) for public_id, version in pairs}
    except ValueError as malformed:
        raise BadRequest from malformed
    rows = Comment.objects.filter(public_id__in=[one for one in versions if one < 2**53]).order_by("pk")
    return [(comment, versions[comment.public_id]) for comment in rows[: MOST + 1]]


def _bulk_id(request: HttpRequest) -> UUID | None:
    """The page's own number of this act: sent twice, it is one act."""
    sent = request.POST.get("bulk_id", "")
    try:
        return UUID(sent) if sent else None
    except ValueError as malformed:
        raise BadRequest from malformed


def _typed(request: HttpRequest, sentence: str, field: str) -> Typed:
    sent = request.POST
    return Typed(sent.get("action", ""), sent.get("ground", ""), sent.get("note", ""), sentence, field)


def _again(request: HttpRequest, sentence: str, field: str) -> HttpResponse:
    ticked = frozenset(comment.public_id for comment, _version in _ticked(request))
    return queue_page(request, place_of(request), status=422, bulk=Bar(ticked, _typed(request, sentence, field)))


def _tell(request: HttpRequest, act: Bulk, action: str, outcomes: list[Outcome], *, confirmed: bool) -> HttpResponse:
    place = place_of(request)
    said = _count(action, sum(outcome.decision is not None for outcome in outcomes))
    if left_out := _left_out(request, outcomes):
        context = frame(person(request), place, timezone.now()) | {"said": said, "left_out": left_out, "act": act}
        return render(request, "comments/desk/bulks/bulk.html", context)
    done = reverse("bulk_done", args=[act.pk])
    if confirmed:
        messages.success(request, said)
        return HttpResponseRedirect(done, status=303)
    # Back to work at once; its one undo is a link away.
    messages.success(request, format_html('{} <a href="{}">{}</a>', said, done, _("See it, or take it back")))
    return HttpResponseRedirect(address_back(request, otherwise=place.url), status=303)


def _done(
    request: HttpRequest,
    act: Bulk,
    *,
    said: str = "",
    refusal: str = "",
    left_out: list[LeftOut] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = act.decisions.select_related("comment__discussion__article", "undone_by").order_by("comment")
    by = person(request)
    context = {
        "here": "desk",
        "now": timezone.now(),
        "act": act,
        "count": rows.count(),
        "standing": rows.filter(undone_by__isnull=True).count(),
        "first": rows.first(),
        "rows": rows[:SHOWN],
        "articles": bulk_all.by_article(rows.values_list("comment__discussion__article__headline", flat=True)),
        "may_undo": act.made_by_id == by.pk or by.has_perm(roles.OVERRIDE),
        "said": said,
        "refusal": refusal,
        "left_out": left_out or [],
    }
    return render(request, "comments/desk/bulks/bulk_done.html", context, status=status)


def _count(action: str, decided: int) -> str:
    if action == Action.APPROVE:
        return ngettext("%(count)s comment approved.", "%(count)s comments approved.", decided) % {"count": decided}
    if action == Action.FLAG:
        return ngettext(
            "%(count)s comment held for a second look.", "%(count)s comments held for a second look.", decided
        ) % {"count": decided}
    return ngettext("%(count)s comment rejected.", "%(count)s comments rejected.", decided) % {"count": decided}


def _left_out(request: HttpRequest, outcomes: list[Outcome]) -> list[LeftOut]:
    """Those that stay as they are, with who changed them, or who reads them."""
    refused = {outcome.comment.pk: outcome.refusal for outcome in outcomes if outcome.refusal}
    if not refused:
        return []
    at, by, place = timezone.now(), person(request), place_of(request)
    # Read again: what they have become since is what is told.
    rows = with_context(Comment.objects.filter(pk__in=refused)).order_by("pk")
    cards = [Card(comment, by, at, place) for comment in rows]
    return [LeftOut(card, _why(card, refused[card.comment.pk])) for card in cards]


def _why(card: Card, refusal: Exception | None) -> str:
    changed = isinstance(refusal, Stale) and card.newest is not None
    return what_happened(card.newest, card) if changed and card.newest else str(refusal)
