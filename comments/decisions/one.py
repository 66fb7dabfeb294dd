"""One comment: decide on it, or take its newest decision back."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comments.claims import ClaimedByAnother, refuse_if_claimed
from comments.decisions.asking import Ask, asked, judged, refuse_strangers
from comments.decisions.refusals import KeyReused, Refused, Stale, newest_decision
from comments.decisions.steps import Decider
from comments.decisions.writing import take_steps
from comments.models import Action, Comment, Decision


def decide(
    comment: Comment,
    *,
    action: Action | str,
    version: int,
    by: Decider,
    at: datetime,
    ground: str = "",
    note: str = "",
    key: str | None = None,
    text: str | None = None,
) -> Decision:
    """Decide on the version that was read. A retry with the same `key` gets its first answer.

    `by` is a person or the name of a policy. REJECT needs a `ground`, FLAG a `note`, EDIT a `text` (already clean).
    Raises NotAStep, Incomplete, NotYours, Stale, KeyReused, claims.ClaimedByAnother, PermissionDenied.
    """
    return _once(comment, version, asked(action, by=by, at=at, ground=ground, note=note, key=key, text=text))


def undo(comment: Comment, *, version: int, by: Decider, at: datetime, key: str | None = None) -> Decision:
    """Take the newest decision back: one's own, or anybody's for a chief. Reopens the reports it settled.

    Raises Stale, NothingToUndo (both 409), NotYours, claims.ClaimedByAnother, PermissionDenied.
    """
    ask = Ask(Action.UNDO, by, at, key=key)
    refuse_strangers(ask)
    return _once(comment, version, ask)


class _Asking:
    """The facts of one comment, asked of the database when a rule wants them."""

    def is_reported(self, comment: Comment) -> bool:
        return comment.reports.open().exists()

    def flag(self, comment: Comment) -> Decision | None:
        flags = comment.decisions.filter(action=Action.FLAG, version__lte=comment.version)
        return flags.order_by("-version").first()

    def newest(self, comment: Comment) -> Decision | None:
        return newest_decision(comment)


def _once(comment: Comment, version: int, ask: Ask) -> Decision:
    """Run one decision; where the same key has already decided, give that decision back."""
    try:
        with transaction.atomic():
            return _decided(comment, version, ask)
    except (Refused, ClaimedByAnother, IntegrityError) as refusal:
        # A retry, or two posts of one key at once: the loser finds the winner's row, now committed.
        if first := _first_answer(comment, ask):
            return first
        if isinstance(refusal, IntegrityError):
            raise Stale(Comment.objects.get(pk=comment.pk)) from refusal
        raise


def _first_answer(comment: Comment, ask: Ask) -> Decision | None:
    if not ask.key or ask.person is None:
        return None
    first = Decision.objects.select_related("moderator").filter(moderator=ask.person, idempotency_key=ask.key).first()
    if first and (first.comment_id != comment.pk or first.action != ask.action):
        raise KeyReused(_("This form has already been used for another decision. Reload the page."))
    return first


def _decided(comment: Comment, version: int, ask: Ask) -> Decision:
    """A version says what a comment is: the one that was read with it is not read again, the database compares."""
    as_read = comment if comment.version == version else _unchanged(comment, version)
    try:
        step = judged(as_read, ask, _Asking())
    except Refused:
        # What has changed meanwhile, and who reads it, comes before what could be done with it.
        _refuse_changed_or_claimed(comment, version, ask)
        raise
    if decision := take_steps([step], ask).get(comment.pk):
        return decision
    _refuse_changed_or_claimed(comment, version, ask)
    raise Stale(_unchanged(comment, version))


def _refuse_changed_or_claimed(comment: Comment, version: int, ask: Ask) -> None:
    _unchanged(comment, version)
    if ask.person is not None:
        refuse_if_claimed(comment, by=ask.person, at=ask.at)


def _unchanged(comment: Comment, version: int) -> Comment:
    """The comment as it stands. Raises Stale where that is no more the version that was read."""
    now = Comment.objects.get(pk=comment.pk)
    if now.version != version:
        raise Stale(now)
    return now
