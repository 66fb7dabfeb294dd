"""Comments that come back from an archive with all that was decided on them: the chain is played again, and must hold.

What an archive tells is believed only as far as the steps allow: a status is where its decisions lead, never a claim.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from comments.decisions.refusals import Refused
from comments.decisions.steps import POLICIES, STEPS, UNDOABLE
from comments.models import Action, Comment, Decision, Discussion, Ground, Report, ReportState, Status
from newsroom.models import User


class DoesNotReplay(Refused):
    """A chain of decisions that cannot have happened; its text is a sentence."""


@dataclass(frozen=True, slots=True)
class Told:
    """One decision as an archive tells it. `undoes` is the version that the undone decision gave."""

    version: int
    action: str
    to_status: str
    revision: int
    at: datetime
    ground: str = ""
    note: str = ""
    moderator: User | None = None
    policy: str | None = None
    bulk: str | None = None
    undoes: int | None = None


@dataclass(slots=True)
class Replayed:
    """A comment with its chain and its reports, none of them stored yet. `settled` holds a version for each report."""

    comment: Comment
    chain: list[Decision]
    undone: dict[int, int]
    reports: list[Report]
    settled: list[int | None]


def replay(comment: Comment, told: Sequence[Told], reports: Sequence[tuple[Report, int | None]] = ()) -> Replayed:
    """Play the decisions on a new comment: status, version and moment come of them. Raises DoesNotReplay."""
    comment.status, comment.version = Status.PENDING, 1
    played = Replayed(comment, [], {}, [report for report, _by in reports], [by for _report, by in reports])
    for one in told:
        _follow(comment, one, played)
    _refuse_unsettled(played)
    return played


def write_replayed(batch: Sequence[Replayed]) -> None:
    """Store them, in the caller's transaction: comments, decisions, reports, counters. What they answer is stored."""
    Comment.objects.bulk_create([one.comment for one in batch])
    # An undo names the stored row that it takes back.
    Decision.objects.bulk_create(row for one in batch for row in _decisions(one) if row.action != Action.UNDO)
    Decision.objects.bulk_create(row for one in batch for row in _decisions(one) if row.action == Action.UNDO)
    Report.objects.bulk_create(report for one in batch for report in _reports(one))
    _count(batch)


def set_version(discussion: int, version: int) -> None:
    """The version the archive tells, once all comments of it are in. One that went further here stays where it is."""
    Discussion.objects.filter(pk=discussion, version__lt=version).update(version=version)


def _follow(comment: Comment, told: Told, played: Replayed) -> None:
    from_status = Status(comment.status)
    if told.version != comment.version + 1:
        raise _fault(told, _("it does not follow from the one before"))
    if told.action == Action.UNDO:
        newest = played.chain[-1] if played.chain else None
        if newest is None or newest.version != told.undoes or newest.action not in UNDOABLE:
            raise _fault(told, _("it undoes another decision than the newest"))
        played.undone[told.version] = newest.version
        leads_to: str | None = newest.from_status
    else:
        leads_to = STEPS[Action(told.action)].get(from_status) if told.action in Action.values else None
    if leads_to is None or leads_to != told.to_status:
        raise _fault(told, _("there is no such step"))
    _refuse_incomplete(told)
    comment.status, comment.version, comment.decided_at = Status(leads_to), told.version, told.at
    played.chain.append(
        Decision(
            version=told.version,
            action=told.action,
            from_status=from_status,
            to_status=leads_to,
            revision=told.revision,
            ground=told.ground,
            note=told.note,
            moderator=told.moderator,
            policy=told.policy,
            bulk_id=told.bulk,
            at=told.at,
        )
    )


def _refuse_incomplete(told: Told) -> None:
    if (told.moderator is None) == (told.policy is None) or told.policy not in {None, *POLICIES}:
        raise _fault(told, _("it says neither who decided nor by which rule, or both"))
    if told.action == Action.REJECT and told.ground not in Ground.values:
        raise _fault(told, _("a rejection has a ground"))
    if told.action == Action.FLAG and not told.note:
        raise _fault(told, _("a second look has a note"))


def _refuse_unsettled(played: Replayed) -> None:
    versions = {row.version for row in played.chain}
    for report, by in zip(played.reports, played.settled, strict=True):
        if (by is None) != (report.state == ReportState.OPEN) or by not in {None, *versions}:
            raise DoesNotReplay(_("A report of this comment is settled by no decision of it."))
        if by is None and played.comment.status in (Status.REJECTED, Status.WITHDRAWN):
            raise DoesNotReplay(_("A report is open on a comment that is settled."))


def _fault(told: Told, why: str) -> DoesNotReplay:
    return DoesNotReplay(
        _("The decision that gives version %(version)s cannot have happened: %(why)s.")
        % {"version": told.version, "why": why}
    )


def _decisions(one: Replayed) -> list[Decision]:
    given = {row.version: row for row in one.chain}
    for row in one.chain:
        row.comment = one.comment
        if row.action == Action.UNDO:
            row.undoes = given[one.undone[row.version]]
    return one.chain


def _reports(one: Replayed) -> list[Report]:
    given = {row.version: row for row in one.chain}
    for report, by in zip(one.reports, one.settled, strict=True):
        report.comment, report.settled_by = one.comment, given[by] if by else None
    return one.reports


def _count(batch: Sequence[Replayed]) -> None:
    """Each comment that came to be seen took a version where it stood, and takes one here: no page kept meanwhile has
    the version of another thread, and what the archive tells is not passed."""
    visible = [one.comment for one in batch if one.comment.status == Status.APPROVED]
    below = Counter(comment.root_id for comment in visible if comment.root_id)
    for gained, tops in _by_gain(below).items():
        Comment.objects.filter(pk__in=tops).update(visible_answers=F("visible_answers") + gained)
    for gained, discussions in _by_gain(Counter(comment.discussion_id for comment in visible)).items():
        Discussion.objects.filter(pk__in=discussions).update(
            visible_count=F("visible_count") + gained, version=F("version") + gained
        )


def _by_gain(counted: Counter[int]) -> dict[int, list[int]]:
    """One statement for all that gain as many."""
    keys = defaultdict(list)
    for key, gained in sorted(counted.items()):
        keys[gained].append(key)
    return keys
