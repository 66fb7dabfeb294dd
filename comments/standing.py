"""What a reader may do for now: watched, held, muted. Each measure is a row with who and why; it runs out by itself.

A measure hangs on an unverified e-mail: it may cost its reader something, never earn them anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from comments.models import Reader, Standing
from comments.models.standing import REASON_MAX
from newsroom import roles
from newsroom.models import User

Kind = Standing.Kind
# What a moderator may do without a chief. Watching is a label and stops nobody.
LONGEST = timedelta(days=7)


class Unfit(Exception):
    """A measure that cannot be taken or lifted; its text is a sentence. `field` is what is missing or wrong."""

    def __init__(self, sentence: str, field: str = "") -> None:
        self.field = field
        super().__init__(sentence)


def set_standing(
    reader: Reader,
    *,
    kind: str,
    reason: str,
    by: User,
    at: datetime,
    until: datetime | None = None,
    days: int | None = None,
) -> Standing:
    """Take a measure until a moment or for some days; with neither, for good.

    A moderator holds or mutes for seven days at most; longer, or for good, is a chief's (roles.STAND_LONG).
    Raises Unfit, PermissionDenied.
    """
    reason = reason.strip()
    until = at + timedelta(days=days) if days is not None else until
    _refuse_unfit(kind, reason, until, at)
    if not may_set(kind, until=until, by=by, at=at):
        raise PermissionDenied
    return Standing.objects.create(reader=reader, kind=kind, reason=reason, until=until, set_by=by, set_at=at)


def may_set(kind: str, *, until: datetime | None, by: User, at: datetime) -> bool:
    """Whether this person may take the measure, so that a page offers no more than that."""
    long = kind != Kind.WATCH and (until is None or until > at + LONGEST)
    return by.has_perm(roles.DECIDE) and (not long or by.has_perm(roles.STAND_LONG))


def lift(standing: Standing, *, by: User, reason: str, at: datetime) -> Standing:
    """Take a measure back before its time: one's own, or anybody's for a chief. Gives the row that lifts it.

    Raises Unfit (no reason, or nothing to lift any more), PermissionDenied.
    """
    if not by.has_perm(roles.DECIDE) or (standing.set_by_id != by.pk and not by.has_perm(roles.STAND_LONG)):
        raise PermissionDenied
    reason = reason.strip()
    _refuse_reason(reason)
    gone = Unfit(_("This measure is already over."))
    if not Standing.objects.in_force(at=at).filter(pk=standing.pk).exists():
        raise gone
    try:
        with transaction.atomic():
            return Standing.objects.create(
                reader_id=standing.reader_id, kind=Kind.LIFT, reason=reason, set_by=by, set_at=at, lifts=standing
            )
    except IntegrityError as lifted:
        raise gone from lifted


def in_force(reader: Reader | None, *, at: datetime) -> list[Standing]:
    """The measures that hold now, the newest first. Nobody knows the author of an imported comment: none."""
    if reader is None:
        return []
    return list(Standing.objects.in_force(at=at).filter(reader=reader).select_related("set_by"))


def in_force_for(email: str, *, at: datetime) -> list[Standing]:
    """The same for a post that comes in: its reader may not be known yet. One query."""
    return list(Standing.objects.in_force(at=at).filter(reader__email=email)) if email else []


def strictest(standings: Iterable[Standing], kind: str) -> Standing | None:
    """Of the measures of one kind, the one that lasts longest; one for good outlasts all."""
    of_kind = [standing for standing in standings if standing.kind == kind]
    endless = [standing for standing in of_kind if standing.until is None]
    return endless[0] if endless else max(of_kind, key=lambda standing: standing.until or standing.set_at, default=None)


def history(reader: Reader) -> list[Standing]:
    """Every measure and every lifting, the newest first. One query."""
    return list(reader.standings.select_related("set_by", "lifts", "lifted_by__set_by"))


def _refuse_unfit(kind: str, reason: str, until: datetime | None, at: datetime) -> None:
    if kind not in (Kind.WATCH, Kind.HOLD, Kind.MUTE):
        raise Unfit(_("This is not a measure."), "kind")
    if until is not None and until <= at:
        raise Unfit(_("Choose an end that is still to come."), "until")
    _refuse_reason(reason)


def _refuse_reason(reason: str) -> None:
    if not reason:
        raise Unfit(_("Write why: colleagues read it beside the reader."), "reason")
    if len(reason) > REASON_MAX:
        raise Unfit(_("The reason has %(most)s characters at most.") % {"most": REASON_MAX}, "reason")
