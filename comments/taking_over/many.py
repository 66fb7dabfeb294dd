"""A batch, in one transaction and a fixed number of statements; the same rows as one by one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from time import perf_counter
from typing import NamedTuple

from django.db import DataError, IntegrityError, transaction
from django.utils.translation import gettext as _

from comments import alike, search
from comments.decisions.taken_over import TakenOver, write_taken_over
from comments.imprints.beside import Imprints, ImprintsBeside, imprints_here
from comments.models import Comment, Finding, Reader
from comments.rows import add_rows, next_keys, rows_with
from comments.screening.policy import Policy
from comments.submission import Refused, findings_of, place_below
from comments.taking_over.arrival import Arrival, Arrived, Timing, fingerprint_of, public_id_of, readied, verdict_on
from comments.taking_over.one import arrive

# Rows of findings a statement.
FINDINGS_AT_ONCE = 1_000
_KNOWN, _NEW, _ORPHAN = Arrived(), Arrived(is_new=True), Arrived(is_new=True, is_orphan=True)


class _Known(NamedTuple):
    """Where a stored comment hangs: what an answer below it needs."""

    pk: int
    discussion_id: int
    root_id: int | None
    limb_id: int | None
    depth: int


@dataclass(slots=True)
class Ready:
    """What can be stored, with what it is known by, and its parent (empty: none)."""

    arrival: Arrival
    fingerprint: str
    public_id: int
    above: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What is handed over at once, in its order; `imprints` of those that are ready, perhaps still being made."""

    several: Sequence[Ready | Arrived]
    imprints: Imprints

    def __len__(self) -> int:
        return len(self.several)


def take_over_many(
    arrivals: Iterable[Arrival], *, at: datetime, policy: Policy | None = None, timing: Timing | None = None
) -> list[Arrived]:
    """Take them over in their order, all in one transaction; what an answer hangs below comes before it."""
    return take_over_ready(make_ready(arrivals), at=at, policy=policy, timing=timing)


def make_ready(arrivals: Iterable[Arrival], *, beside: ImprintsBeside | None = None) -> Batch:
    """Each as it can be stored, or its refusal. Touches no table: it may be done ahead."""
    several = [_readied(arrival) for arrival in arrivals]
    texts = (one.arrival.text for one in several if isinstance(one, Ready))
    return Batch(several, (beside.of if beside else imprints_here)(texts))


def take_over_ready(
    several: Batch, *, at: datetime, policy: Policy | None = None, timing: Timing | None = None
) -> list[Arrived]:
    """What take_over_many does. One answer for each.

    An answer to what is neither stored nor before it stands at the top, and is told (`is_orphan`). Where the database
    refuses the batch (another import of the same file, at the same time), each comes by itself and costs itself alone.
    """
    ready = [one for one in several.several if isinstance(one, Ready)]
    try:
        with transaction.atomic():
            came = _bring_in(ready, several.imprints, at, policy, timing or Timing())
    except (IntegrityError, DataError):
        came = [_alone(one, at, policy) for one in ready]
    left = iter(came)
    return [next(left) if isinstance(one, Ready) else one for one in several.several]


def _readied(arrival: Arrival) -> Ready | Arrived:
    try:
        one = readied(arrival)
    except Refused as refusal:
        return Arrived(refusal=str(refusal))
    fingerprint = fingerprint_of(one.source_key)
    return Ready(one, fingerprint, public_id_of(fingerprint), fingerprint_of(one.parent_key) if one.parent_key else "")


def _bring_in(
    ready: Sequence[Ready], imprints: Imprints, at: datetime, policy: Policy | None, timing: Timing
) -> list[Arrived]:
    began = perf_counter()
    known: dict[str, _Known | TakenOver] = dict(_stored(ready))
    new = {one.fingerprint: one for one in reversed(ready) if one.fingerprint not in known}
    keys, readers = iter(next_keys(Comment, len(new))), _readers(ready, new)
    batch: list[TakenOver] = []
    places: list[int] = []
    came: list[Arrived] = []
    findings: list[Finding] = []
    for place, one in enumerate(ready):
        if one.fingerprint in known:
            came.append(_KNOWN)
            continue
        above = known.get(one.above)
        if above and above.discussion_id != one.arrival.discussion:
            above = None
        row, seen = _row(one, next(keys), above, readers, policy)
        known[one.fingerprint] = row
        batch.append(row)
        places.append(place)
        findings += seen
        came.append(_ORPHAN if one.above and above is None else _NEW)
    write_taken_over(batch, at=at)
    Finding.objects.bulk_create(findings, batch_size=FINDINGS_AT_ONCE)
    written = perf_counter()
    search.index_each(batch)
    if batch:
        made = imprints()
        alike.record_new((row.id, made[place]) for row, place in zip(batch, places, strict=True))
    timing.rows += written - began
    timing.findable += perf_counter() - written
    return came


def _row(
    one: Ready, key: int, above: _Known | TakenOver | None, readers: dict[str, int], policy: Policy | None
) -> tuple[TakenOver, list[Finding]]:
    arrival, verdict = one.arrival, verdict_on(one.arrival, policy)
    hangs = place_below(above)
    row = TakenOver(
        id=key,
        public_id=one.public_id,
        discussion_id=arrival.discussion,
        parent_id=above.pk if above else None,
        root_id=hangs.get("root_id"),
        limb_id=hangs.get("limb_id"),
        depth=hangs.get("depth", 0),
        reader_id=readers.get(arrival.email),
        author_name=arrival.author_name,
        text=arrival.text,
        is_suspect=verdict.is_suspect,
        submitted_at=arrival.submitted_at,
        fingerprint=one.fingerprint,
        action=arrival.action,
        ground=arrival.ground,
    )
    return row, list(findings_of(key, verdict.findings)) if verdict.findings else []


def _stored(ready: Sequence[Ready]) -> dict[str, _Known]:
    """Of these and of those they answer, the ones that are in the database: by fingerprint."""
    asked = {one.fingerprint for one in ready} | {one.above for one in ready if one.above}
    told = ("fingerprint", "id", "discussion_id", "root_id", "limb_id", "depth")
    return {row[0]: _Known(*row[1:]) for row in rows_with(Comment, "fingerprint", asked, told=told)}


def _readers(ready: Sequence[Ready], new: dict[str, Ready]) -> dict[str, int]:
    """E-mail → reader, for the comments that are new; made where there was none, first seen when that was written."""
    first: dict[str, datetime] = {}
    for one in ready:
        if one.arrival.email and new.get(one.fingerprint) is one:
            first.setdefault(one.arrival.email, one.arrival.submitted_at)
    found = dict(rows_with(Reader, "email", first, told=("email", "id")))
    if missing := [(email, moment) for email, moment in first.items() if email not in found]:
        add_rows(Reader, ("email", "first_seen_at"), missing)
        found |= dict(rows_with(Reader, "email", [email for email, _moment in missing], told=("email", "id")))
    return found


def _alone(one: Ready, at: datetime, policy: Policy | None) -> Arrived:
    above = Comment.objects.filter(fingerprint=one.above, discussion=one.arrival.discussion).first()
    try:
        _comment, is_new = arrive(one.arrival, parent=above, at=at, policy=policy)
    except Refused as refusal:
        return Arrived(refusal=str(refusal))
    except (IntegrityError, DataError):
        return Arrived(refusal=_("The database does not take this comment."))
    return Arrived(is_new=is_new, is_orphan=is_new and bool(one.above) and above is None)
