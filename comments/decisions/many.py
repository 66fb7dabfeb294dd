"""Several comments: each on the version that was read, each with its own row and its own outcome, in one transaction.

The statements are as many for a thousand as for ten: facts are read for all, and those that go the same way are
written together. Comments are locked in the order of their keys, discussions after them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils.functional import cached_property

from comments.claims import ClaimedByAnother
from comments.decisions.asking import Ask, Step, asked, judged, refuse_strangers
from comments.decisions.refusals import Refused, Stale
from comments.decisions.writing import take_steps
from comments.models import Action, Bulk, Claim, Comment, Decision, Report
from newsroom.models import User

# Keys of comments, each with the version that was read.
Read = dict[int, int]
Refusals = dict[int, Exception]


@dataclass(frozen=True)
class Outcome:
    """What became of one comment of several, as it was before: a decision, or the reason why it was left out."""

    comment: Comment
    decision: Decision | None = None
    refusal: Exception | None = None


def decide_each(
    read: Iterable[tuple[Comment, int]],
    *,
    action: Action | str,
    by: User,
    at: datetime,
    ground: str = "",
    note: str = "",
    bulk: Bulk | None = None,
    unfit: Callable[[list[Comment]], Refusals] | None = None,
) -> list[Outcome]:
    """Decide on several comments. What changed meanwhile, or is claimed by a colleague, is left out and says why.

    `unfit` names further ones to leave out, by key, from the comments as they stand (`reports.resolve_each`).
    Raises NotAStep, Incomplete, PermissionDenied before anything is written.
    """
    versions = {comment.pk: version for comment, version in read}
    return _each(versions, asked(action, by=by, at=at, ground=ground, note=note, bulk=bulk), unfit)


def undo_each(read: Iterable[tuple[int, int]], *, by: User, at: datetime) -> list[Outcome]:
    """Take the newest decision of several comments back, those of others for a chief. Raises PermissionDenied.

    `read` names each comment by its key, with the version that the decision gave it.
    """
    ask = Ask(Action.UNDO, by, at)
    refuse_strangers(ask)
    return _each(dict(read), ask, None)


def _each(read: Read, ask: Ask, unfit: Callable[[list[Comment]], Refusals] | None) -> list[Outcome]:
    if not read:
        return []
    with transaction.atomic():
        now = _as_they_stand(read)
        refusals = _claimed(now, ask) | _changed(read, now) | (unfit(list(now.values())) if unfit else {})
        steps, unable = _judged([comment for key, comment in now.items() if key not in refusals], ask)
        refusals |= unable
        decisions = take_steps(steps, ask)
        refusals |= _overtaken([step for step in steps if step.comment.pk not in decisions], ask)
    return [Outcome(now[key], decisions.get(key), refusals.get(key)) for key in read]


def _as_they_stand(keys: Iterable[int]) -> dict[int, Comment]:
    """By key, in the order of keys. One query, where `in_bulk` asks SQLite twice for a thousand."""
    rows = Comment.objects.filter(pk__in=list(keys)).order_by("pk")
    return {comment.pk: comment for comment in rows}


def _changed(read: Read, now: dict[int, Comment]) -> Refusals:
    return {key: Stale(comment) for key, comment in now.items() if comment.version != read[key]}


def _claimed(comments: Iterable[int], ask: Ask) -> Refusals:
    """Those that a colleague reads now."""
    if ask.person is None or ask.overrides:
        return {}
    held = Claim.objects.filter(comment__in=list(comments), until__gt=ask.at).exclude(holder=ask.person)
    return {claim.comment_id: ClaimedByAnother(claim) for claim in held.select_related("holder")}


def _judged(comments: list[Comment], ask: Ask) -> tuple[list[Step], Refusals]:
    facts = _Known(comments)
    steps: list[Step] = []
    refusals: Refusals = {}
    for comment in comments:
        try:
            steps.append(judged(comment, ask, facts))
        except Refused as refusal:
            refusals[comment.pk] = refusal
    return steps, refusals


def _overtaken(steps: list[Step], ask: Ask) -> Refusals:
    """Why those that were judged could not be decided: changed or claimed between the reading and the writing."""
    if not steps:
        return {}
    now = _as_they_stand(step.comment.pk for step in steps)
    changed = _changed({step.comment.pk: step.comment.version for step in steps}, now)
    return {key: Stale(comment) for key, comment in now.items()} | _claimed(now, ask) | changed


class _Known:
    """The facts of several comments, each read once for all of them, when a rule first wants it."""

    def __init__(self, comments: Iterable[Comment]) -> None:
        self._keys = [comment.pk for comment in comments]

    @cached_property
    def _reported(self) -> set[int]:
        return set(Report.objects.open().filter(comment__in=self._keys).values_list("comment", flat=True))

    @cached_property
    def _flags(self) -> dict[int, Decision]:
        flags = Decision.objects.filter(comment__in=self._keys, action=Action.FLAG).order_by("version")
        return {flag.comment_id: flag for flag in flags}

    @cached_property
    def _newest(self) -> dict[int, Decision]:
        rows = Decision.objects.filter(comment__in=self._keys, version=F("comment__version"))
        return {decision.comment_id: decision for decision in rows}

    def is_reported(self, comment: Comment) -> bool:
        return comment.pk in self._reported

    def flag(self, comment: Comment) -> Decision | None:
        return self._flags.get(comment.pk)

    def newest(self, comment: Comment) -> Decision | None:
        return self._newest.get(comment.pk)
