"""Lines of an archive that tell comments → rows: a batch at a time, each comment with all that was decided on it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from comments import alike, search
from comments.archive.lines import (
    Told,
    Unreadable,
    is_uuid,
    maybe_number,
    moment_of,
    number_of,
    parts_of,
    text_of,
)
from comments.decisions import DoesNotReplay, Replayed, replay, write_replayed
from comments.decisions import Told as ToldDecision
from comments.models import Bulk, Comment, Discussion, Finding, Ground, Reader, Reason, Report, ReportState, Revision
from comments.models.comment import NAME_MAX, TEXT_MAX
from comments.models.report import DETAIL_MAX, URGENT
from comments.plain_text import clean_email, clean_name, clean_text
from comments.submission import place_below
from newsroom.archive import is_storable
from newsroom.importers.showing import Tally
from newsroom.models import User

Line = tuple[int, Told]
_FINGERPRINT = re.compile("[0-9a-f]{64}")


@dataclass
class Around:
    """What comments name and is stored: members by username, discussions by their article's key, ids of bulks."""

    people: dict[str, User] = field(default_factory=dict)
    discussions: dict[str, int] = field(default_factory=dict)
    bulks: set[str] = field(default_factory=set)

    def person(self, username: str) -> User:
        if username not in self.people:
            found = User.objects.filter(username=username).first()
            if found is None:
                raise Unreadable(_("Nobody of that name is a member of the newsroom: %(name)s.") % {"name": username})
            self.people[username] = found
        return self.people[username]

    def discussion(self, source_key: str) -> int:
        if source_key not in self.discussions:
            found = Discussion.objects.filter(article__source_key=source_key).first()
            if found is None:
                raise Unreadable(_("Its discussion is not there (%(key)s).") % {"key": source_key[:100]})
            self.discussions[source_key] = found.pk
        return self.discussions[source_key]

    def bulk(self, told: Told) -> str | None:
        named = text_of(told, "bulk")
        if named and named not in self.bulks:
            if not is_uuid(named) or not Bulk.objects.filter(pk=named).exists():
                raise Unreadable(_("The bulk that it names is not there."))
            self.bulks.add(named)
        return named or None


@dataclass(frozen=True, slots=True)
class _Stored:
    """What of this batch's neighbours stands in the database already."""

    numbers: set[int]
    fingerprints: set[str]
    answered: dict[int, Comment]
    readers: dict[str, int]


@dataclass(slots=True)
class _Whole:
    """A comment ready to be stored, and the line it was told on."""

    line: int
    played: Replayed
    revisions: list[Revision]
    findings: list[Finding]


def take(lines: Sequence[Line], *, around: Around, place: str, tally: Tally) -> None:
    """Store a batch in one transaction. A line that does not fit is refused by its number. What they answer is stored,
    or is refused with them."""
    stored = _stored(lines)
    ready: list[_Whole] = []
    for number, told in lines:
        if told.get("number") in stored.numbers:
            tally.counts["UNCHANGED"] += 1
            continue
        try:
            ready.append(_whole(number, told, stored, around))
        except (Unreadable, DoesNotReplay) as refusal:
            tally.refuse(place, str(refusal), number)
    _write(ready, place=place, tally=tally)


def _stored(lines: Sequence[Line]) -> _Stored:
    told = [told for _line, told in lines]
    numbers, answered = _numbers(told, "number"), _numbers(told, "answers")
    emails = {email for one in told if is_storable(email := one.get("email"))}
    rows = Comment.objects.filter(public_id__in=answered).only("public_id", "discussion", "root", "limb", "depth")
    return _Stored(
        set(Comment.objects.filter(public_id__in=numbers).values_list("public_id", flat=True)),
        set(
            Comment.objects.filter(fingerprint__in={_fingerprint(one) for one in told}).values_list(
                "fingerprint", flat=True
            )
        ),
        {row.public_id: row for row in rows},
        dict(Reader.objects.filter(email__in=emails).values_list("email", "pk")),
    )


def _write(ready: list[_Whole], *, place: str, tally: Tally) -> None:
    if not ready:
        return
    try:
        with transaction.atomic():
            _store(ready)
    except DatabaseError:
        if len(ready) == 1:
            tally.refuse(place, _("The database does not take this comment as it is told."), ready[0].line)
            return
        # One of them does not fit: the others come in without it.
        for one in ready:
            _write([one], place=place, tally=tally)
        return
    tally.counts["NEW"] += len(ready)


def _store(ready: list[_Whole]) -> None:
    for one in ready:
        # A second try: what the first one numbered was rolled back, and may be somebody else's by now.
        for row in (one.played.comment, *one.played.chain, *one.played.reports, *one.revisions, *one.findings):
            row.pk = None
    write_replayed([one.played for one in ready])
    comments = [one.played.comment for one in ready]
    for one in ready:
        for revision in one.revisions:
            revision.comment = one.played.comment
        for finding in one.findings:
            finding.comment = one.played.comment
    Revision.objects.bulk_create(chain.from_iterable(one.revisions for one in ready))
    Finding.objects.bulk_create(chain.from_iterable(one.findings for one in ready))
    search.index_each(comments)
    alike.record_each(comments)


def _whole(line: int, told: Told, stored: _Stored, around: Around) -> _Whole:
    number = number_of(told, "number")
    text, name = clean_text(text_of(told, "text")), clean_name(text_of(told, "name"))
    if not number or not 1 <= len(text) <= TEXT_MAX or len(name) > NAME_MAX:
        raise Unreadable(_("This comment has no number or no text, or is too long."))
    if _fingerprint(told) in stored.fingerprints:
        raise Unreadable(_("This comment is here already under another number."))
    comment = Comment(
        public_id=number,
        discussion_id=around.discussion(text_of(told, "article")),
        reader_id=_reader(told, stored),
        author_name=name,
        text=text,
        submitted_at=_needed_moment(told),
        revision=number_of(told, "revision", 1),
        is_suspect=told.get("suspect") is True,
        fingerprint=_fingerprint(told),
    )
    _hang(comment, told, stored)
    decisions = [_decision(one, around) for one in parts_of(told, "decisions")]
    reports = [_report(one, place, number) for place, one in enumerate(parts_of(told, "reports"))]
    played = replay(comment, decisions, reports)
    if comment.status != told.get("status"):
        raise Unreadable(_("Its decisions lead elsewhere than to the status that it tells."))
    return _Whole(line, played, _revisions(told), _findings(told))


def _hang(comment: Comment, told: Told, stored: _Stored) -> None:
    answers = maybe_number(told, "answers")
    if answers is None:
        return
    above = stored.answered.get(answers)
    if above is None or above.discussion_id != comment.discussion_id:
        raise Unreadable(_("The comment it answers is not there."))
    for name, value in place_below(above).items():
        setattr(comment, name, value)


def _reader(told: Told, stored: _Stored) -> int | None:
    email = text_of(told, "email")
    if email and email not in stored.readers:
        raise Unreadable(_("Its reader is not there."))
    return stored.readers[email] if email else None


def _decision(told: Told, around: Around) -> ToldDecision:
    by = text_of(told, "by")
    return ToldDecision(
        version=number_of(told, "version"),
        action=text_of(told, "action"),
        to_status=text_of(told, "status"),
        revision=number_of(told, "revision", 1),
        at=_needed_moment(told),
        ground=text_of(told, "ground"),
        note=text_of(told, "note"),
        moderator=around.person(by) if by else None,
        policy=text_of(told, "policy") or None,
        bulk=around.bulk(told),
        undoes=maybe_number(told, "undoes"),
    )


def _report(told: Told, place: int, number: int) -> tuple[Report, int | None]:
    reason, state, detail = text_of(told, "reason"), text_of(told, "state"), clean_text(text_of(told, "detail"))
    if reason not in Reason.values or state not in ReportState.values or len(detail) > DETAIL_MAX:
        raise Unreadable(_("A report of this comment has no reason, or a state there is not."))
    # Without e-mails nothing that was made from one: a reporter is then told apart by place alone.
    reporter = text_of(told, "reporter") or _hash(f"reporter\0{number}\0{place}")
    report = Report(
        reason=reason,
        is_urgent=reason in URGENT,
        detail=detail,
        email=clean_email(text_of(told, "email")),
        reporter=reporter,
        revision=number_of(told, "revision", 1),
        text=clean_text(text_of(told, "text")),
        filed_at=_needed_moment(told),
        state=state,
    )
    return report, maybe_number(told, "settled_by")


def _revisions(told: Told) -> list[Revision]:
    return [
        Revision(number=number_of(one, "number", 1), text=clean_text(text_of(one, "text")), at=_needed_moment(one))
        for one in parts_of(told, "revisions")
    ]


def _findings(told: Told) -> list[Finding]:
    return [_finding(one) for one in parts_of(told, "findings")]


def _finding(told: Told) -> Finding:
    ground, seen_in = text_of(told, "ground"), text_of(told, "field")
    if ground not in {"", *Ground.values} or seen_in not in Finding.Field.values:
        raise Unreadable(_("A finding of this comment names a ground or a place there is not."))
    return Finding(
        revision=number_of(told, "revision", 1),
        rule=text_of(told, "rule")[:32],
        ground=ground,
        field=seen_in,
        start=maybe_number(told, "start"),
        end=maybe_number(told, "end"),
        detail=text_of(told, "detail")[:200],
    )


def _needed_moment(told: Told) -> datetime:
    at = moment_of(told, "at")
    if at is None:
        raise Unreadable(_("A date and time is missing (“at”)."))
    return at


def _fingerprint(told: Told) -> str:
    """The one it had; without e-mails, one of its number. A made-up one of another shape counts as none."""
    fingerprint = told.get("fingerprint")
    if isinstance(fingerprint, str) and _FINGERPRINT.fullmatch(fingerprint):
        return fingerprint
    return _hash(f"archive\0{told.get('number')}")


def _hash(words: str) -> str:
    return hashlib.sha256(words.encode()).hexdigest()


def _numbers(told: Sequence[Told], name: str) -> set[int]:
    return {value for one in told if type(value := one.get(name)) is int and value < 2**63}
