"""Leases on comments: take, renew, release; and skips. Deciding needs no lease; somebody else's stops it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comments.models import Claim, Comment, Skip
from newsroom import prepared, roles
from newsroom.models import User

CLAIM_LASTS = timedelta(minutes=10)
# Of the comments behind the one in focus: they are reached within seconds or not at all.
AHEAD = 5
AHEAD_LASTS = timedelta(minutes=2)
SKIP_LASTS = timedelta(hours=1)


class ClaimedByAnother(Exception):
    """A colleague is reading this comment. Carries the claim: `holder`, `until`."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        super().__init__(_("%(name)s is reading this comment.") % {"name": claim.holder.shown_name})


def live_claim(comment: Comment, *, at: datetime) -> Claim | None:
    """The lease that holds now, whoever has it."""
    return Claim.objects.select_related("holder").filter(comment=comment, until__gt=at).first()


def refuse_if_claimed(comment: Comment, *, by: User, at: datetime) -> None:
    """Raises ClaimedByAnother unless the lease is `by`'s own, has run out, or `by` is a chief."""
    claim = live_claim(comment, at=at)
    if claim and claim.holder_id != by.pk and not by.has_perm(roles.OVERRIDE):
        raise ClaimedByAnother(claim)


def take(comment: Comment, *, by: User, at: datetime) -> Claim:
    """Take the lease, or renew one's own. A lease that has run out, or a chief's wish, moves it.

    Raises ClaimedByAnother. One statement: of two who take at once, one is told.
    """
    while True:
        lease([comment.pk], by=by, until=at + CLAIM_LASTS, at=at, moves_others=by.has_perm(roles.OVERRIDE))
        held = Claim.objects.select_related("holder").filter(comment=comment).first()
        if held and held.holder_id == by.pk:
            return held
        if held:
            raise ClaimedByAnother(held)
        # Given back between the two statements: it is free now.


def take_ahead(comments: Iterable[Comment], *, by: User, at: datetime) -> list[Comment]:
    """Short leases on what comes next, so that nobody else starts it. Gives those that were free; moves nobody's."""
    ahead = list(comments)[:AHEAD]
    mine = lease([comment.pk for comment in ahead], by=by, until=at + AHEAD_LASTS, at=at)
    return [comment for comment in ahead if comment.pk in mine]


def lease(keys: Iterable[int], *, by: User, until: datetime, at: datetime, moves_others: bool = False) -> set[int]:
    """Lease comments by key, in one statement; gives the keys that are `by`'s now.

    What somebody else holds stays theirs unless `moves_others`; a lease of one's own is never cut short.
    """
    # In the order of keys: two who lease the same comments at once wait for each other one way only.
    rows = [(key, by.pk, _stored(until)) for key in sorted(keys)]
    if not rows:
        return set()
    table, comment, holder, ends = (
        connection.ops.quote_name(name) for name in (Claim._meta.db_table, "comment_id", "holder_id", "until")
    )
    free = "TRUE" if moves_others else f"{table}.{holder} = excluded.{holder} OR {table}.{ends} <= %s"
    with prepared.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} ({comment}, {holder}, {ends})"  # noqa: S608
            f" VALUES {', '.join(['(%s, %s, %s)'] * len(rows))} ON CONFLICT ({comment}) DO UPDATE SET"
            f" {ends} = CASE WHEN {table}.{holder} = excluded.{holder} AND {table}.{ends} > excluded.{ends}"
            f" THEN {table}.{ends} ELSE excluded.{ends} END, {holder} = excluded.{holder}"
            f" WHERE {free} RETURNING {comment}",
            [value for row in rows for value in row] + ([] if moves_others else [_stored(at)]),
        )
        return {key for (key,) in cursor.fetchall()}


def release(comment: Comment, *, by: User) -> None:
    """Give one's own lease back."""
    Claim.objects.filter(comment=comment, holder=by).delete()


def release_all(*, by: User) -> int:
    """On leaving the desk. Gives how many leases were given back."""
    return Claim.objects.filter(holder=by).delete()[0]


def skip(comment: Comment, *, by: User, at: datetime) -> None:
    """Hide a comment from this moderator for an hour, and give its lease back: others still meet it."""
    with transaction.atomic():
        Skip.objects.update_or_create(comment=comment, moderator=by, defaults={"until": at + SKIP_LASTS})
        release(comment, by=by)


def unskip_all(*, by: User) -> int:
    """Meet again what one has skipped. Gives how many."""
    return Skip.objects.filter(moderator=by).delete()[0]


def left_to(rows: QuerySet[Comment], moderator: User, *, at: datetime) -> QuerySet[Comment]:
    """Of these comments, those that no colleague holds and that this moderator has not skipped."""
    # One short list, read once, not two look-ups for each comment that waits.
    held = Claim.objects.filter(until__gt=at).exclude(holder=moderator)
    skipped = Skip.objects.filter(moderator=moderator, until__gt=at)
    return rows.exclude(pk__in=held.values("comment").union(skipped.values("comment"), all=True))


def forget_past_skips(*, at: datetime) -> int:
    """Rows whose hour is over are of no use to anybody."""
    return Skip.objects.filter(until__lt=at).delete()[0]


def forget_past_claims(*, at: datetime) -> int:
    """The same of leases: who left without giving back leaves a row that holds nothing."""
    return Claim.objects.filter(until__lt=at).delete()[0]


def _stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
