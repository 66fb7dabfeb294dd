"""What stands beside a comment: its article's instructions, its reader, the same text elsewhere, its history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from comments import alike, notes
from comments.around import with_context
from comments.counted import Counted, in_states
from comments.models import Action, Claim, Comment, Decision, Discussion, Report, Status
from comments.templatetags.desk import DONE, on_the_desk
from comments.views.desk.reader import measures_for, panel_of
from comments.views.staff import kept_for, person
from newsroom import roles
from newsroom.models import User
from newsroom.templatetags.site import clock

# What a decision on one comment can be on the same text elsewhere; a second look is asked of each by itself.
_REPEATABLE = (Action.APPROVE, Action.REJECT)


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a comment's history. `note` is what a colleague wrote with it."""

    at: datetime
    words: str
    note: str = ""


@kept_for(roles.DECIDE)
@require_safe
def comment_context(request: HttpRequest, public_id: int) -> HttpResponse:
    """The pane alone, for a comment that is not in focus yet."""
    comment = get_object_or_404(with_context(Comment.objects.filter(public_id=public_id)))
    context = context_of(comment, user=person(request), at=timezone.now())
    return render(request, "comments/desk/context/pane.html", {"context": context, "comment": comment})


def context_of(comment: Comment, *, user: User, at: datetime) -> dict[str, Any]:
    """What `comments/desk/context/_context.html` shows of a comment that came from `around.with_context`.

    A fixed number of queries, whatever the comment has behind it.
    """
    article, discussion = comment.discussion.article, comment.discussion
    pinned = notes.pinned_for(at=at, article=article)
    found = alike.like(comment)
    newest = next(iter(comment.decisions.all()), None)
    return {
        "comment": comment,
        "anchor": str(comment.public_id),
        "article": article,
        "discussion": discussion,
        "now": at,
        "user": user,
        "back": on_the_desk(comment.public_id),
        "counts": _counts(discussion),
        "article_notes": [note for note in pinned if note.article_id],
        "panel": panel_of(comment.reader, at=at) if comment.reader else None,
        "measures": measures_for(user, at=at),
        "alike": found,
        "alike_waiting": [one.comment for one in found if one.comment.is_pending],
        "newest": newest,
        "same_action": newest.action if newest and newest.action in _REPEATABLE else "",
        "may_decide_both": comment.is_pending,
        "bulk_id": uuid4(),
        "timeline": timeline(comment, user=user, at=at),
    }


def timeline(comment: Comment, *, user: User, at: datetime) -> list[Event]:
    """Written, screened, reported, decided, edited, undone, and who holds it now; the oldest first. One query."""
    decisions = list(comment.decisions.all())
    events = [Event(comment.submitted_at, _written(comment))]
    if not any(decision.policy == "import" for decision in decisions):
        events.append(Event(comment.submitted_at, _screened(comment)))
    events += [_reported(report) for report in Report.objects.filter(comment=comment)]
    events += [_decided(decision) for decision in reversed(decisions)]
    events.sort(key=lambda event: event.at)
    claim = _claim(comment, at=at)
    return [*events, Event(at, _held(claim, user))] if claim else events


def _counts(discussion: Discussion) -> list[tuple[str, Counted]]:
    """Of the article's comments by status; withdrawn ones are nobody's work."""
    of = in_states([discussion])[discussion.pk]
    return [(status, count) for status, count in of.items() if status != Status.WITHDRAWN]


def _written(comment: Comment) -> str:
    if comment.parent is None:
        return _("Written")
    return _("Written, in answer to %(name)s") % {"name": comment.parent.shown_name}


def _screened(comment: Comment) -> str:
    count = sum(finding.revision == 1 for finding in comment.findings.all())
    if not count:
        return _("Screened: nothing found")
    return ngettext("Screened: %(count)s finding", "Screened: %(count)s findings", count) % {"count": count}


def _reported(report: Report) -> Event:
    return Event(report.filed_at, _("Reported: %(reason)s") % {"reason": report.get_reason_display()}, report.detail)


def _decided(decision: Decision) -> Event:
    words = str(DONE[decision.action]) % {"name": decision.decided_by}
    if decision.ground:
        words = _("%(done)s: %(ground)s") % {"done": words, "ground": decision.get_ground_display()}
    return Event(decision.at, words, decision.note)


def _claim(comment: Comment, *, at: datetime) -> Claim | None:
    try:
        claim = comment.claim
    except ObjectDoesNotExist:
        return None
    return claim if claim.until > at else None


def _held(claim: Claim, user: User) -> str:
    if claim.holder_id == user.pk:
        return _("Reserved for you until %(hour)s") % {"hour": clock(claim.until)}
    return _("Reserved by %(name)s until %(hour)s") % {"name": claim.holder.shown_name, "hour": clock(claim.until)}
