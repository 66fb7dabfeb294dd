"""Lines of an archive → the database. Twice changes nothing; a run that was broken off is taken up by the next."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db import DatabaseError, transaction
from django.utils.translation import gettext as _

from comments.archive import VERSION
from comments.archive.lines import (
    LINE_MAX,
    Told,
    Unreadable,
    is_uuid,
    maybe_number,
    moment_of,
    number_of,
    parts_of,
    read_line,
    text_of,
)
from comments.archive.told_comments import Around, take
from comments.decisions import set_version
from comments.models import Bulk, Discussion, Mode, Note, Reader, Standing
from comments.plain_text import clean_email
from newsroom import archive as site
from newsroom.importers.showing import Tally
from newsroom.models import Article

# Comments stored in one transaction.
BATCH = 1000


class NotAnArchive(Exception):
    """What was given is no archive, or one of a later version; nothing was read. Its text is a sentence."""


@dataclass
class _Hand:
    place: str
    tally: Tally
    at: datetime
    around: Around = field(default_factory=Around)
    waiting: list[tuple[int, Told]] = field(default_factory=list)
    waiting_numbers: set[object] = field(default_factory=set)
    versions: dict[int, int] = field(default_factory=dict)
    # How many were new (True), and how many were here (False).
    articles: Counter[bool] = field(default_factory=Counter)
    read: Counter[str] = field(default_factory=Counter)


def read(lines: Iterable[str], *, place: str, tally: Tally, at: datetime) -> Counter[bool]:
    """Bring an archive in. Refusals and warnings go into `tally`; a bad line does not stop the others.

    Returns how many articles were new (True) and how many were here (False); comments are counted in `tally`.
    Raises NotAnArchive before anything is written.
    """
    hand, ended = _Hand(place, tally, at), False
    for number, line in enumerate(lines, start=1):
        if number == 1:
            _refuse_another_kind(line)
            continue
        try:
            told = _told(line)
            ended = told["kind"] == "end"
            _take(number, told, hand)
        except (Unreadable, site.Misfit) as refusal:
            tally.refuse(place, str(refusal), number)
        except DatabaseError:
            tally.refuse(place, _("The database does not take this line as it is told."), number)
    _flush(hand)
    if ended:
        for discussion, version in hand.versions.items():
            set_version(discussion, version)
    else:
        tally.warn(place, _("The archive ends early: its last line is missing. Read the whole file again."))
    return hand.articles


def _refuse_another_kind(line: str) -> None:
    try:
        told = _told(line)
    except Unreadable as error:
        raise NotAnArchive(_("This is no archive: its first line does not say so.")) from error
    version = told.get("version")
    if told["kind"] != "archive" or not isinstance(version, int):
        raise NotAnArchive(_("This is no archive: its first line does not say so."))
    if version > VERSION:
        raise NotAnArchive(
            _("This archive is of version %(version)s; this release reads up to %(newest)s.")
            % {"version": version, "newest": VERSION}
        )


def _told(line: str) -> Told:
    if len(line) > LINE_MAX:
        raise Unreadable(_("This line is longer than any comment or article."))
    return read_line(line)


def _take(number: int, told: Told, hand: _Hand) -> None:
    kind = told.pop("kind")
    hand.read[kind] += 1
    if kind == "comment":
        _wait(number, told, hand)
    elif kind == "end":
        _compare(told, hand)
    elif kind in _TAKERS:
        with transaction.atomic():
            _TAKERS[kind](told, hand)
    else:
        raise Unreadable(_("Nothing of this kind stands in an archive: %(kind)s.") % {"kind": kind[:40]})


def _wait(number: int, told: Told, hand: _Hand) -> None:
    """A batch is stored when it is full, or when a comment answers one that waits in it."""
    own, answered = number_of(told, "number"), maybe_number(told, "answers")
    if len(hand.waiting) >= BATCH or {own, answered} & hand.waiting_numbers:
        _flush(hand)
    hand.waiting.append((number, told))
    hand.waiting_numbers.add(own)


def _flush(hand: _Hand) -> None:
    take(hand.waiting, around=hand.around, place=hand.place, tally=hand.tally)
    hand.waiting.clear()
    hand.waiting_numbers.clear()


def _compare(told: Told, hand: _Hand) -> None:
    named = {"person": "people"}
    for kind, found in hand.read.items():
        announced = number_of(told, named.get(kind, f"{kind}s"))
        if kind != "end" and announced != found:
            sentence = _("The archive announces %(announced)s lines of the kind “%(kind)s”; %(found)s found.")
            hand.tally.warn(hand.place, sentence % {"announced": announced, "kind": kind, "found": found})


def _take_section(told: Told, _hand: _Hand) -> None:
    site.take_section(told)


def _take_person(told: Told, _hand: _Hand) -> None:
    site.take_person(told)


def _take_article(told: Told, hand: _Hand) -> None:
    hand.articles[site.take_article(told, at=hand.at)] += 1


def _take_reader(told: Told, hand: _Hand) -> None:
    email = clean_email(text_of(told, "email"))
    if not 3 <= len(email) <= 254:
        raise Unreadable(_("This e-mail cannot be one."))
    reader, new = Reader.objects.get_or_create(email=email, defaults={"first_seen_at": _moment(told, "first_seen_at")})
    if not new:
        return
    stored: list[Standing] = []
    for one in parts_of(told, "measures"):
        lifts = maybe_number(one, "lifts")
        if text_of(one, "measure") not in Standing.Kind.values or (lifts is not None and lifts >= len(stored)):
            raise Unreadable(_("A measure on this reader is none, or lifts one there is not."))
        measure = Standing(
            reader=reader,
            kind=text_of(one, "measure"),
            reason=text_of(one, "reason"),
            until=moment_of(one, "until"),
            set_by=hand.around.person(text_of(one, "by")),
            set_at=_moment(one, "at"),
            lifts=None if lifts is None else stored[lifts],
        )
        measure.save(force_insert=True)
        stored.append(measure)


def _take_note(told: Told, hand: _Hand) -> None:
    by, at, text = hand.around.person(text_of(told, "by")), _moment(told, "at"), text_of(told, "text")
    if Note.objects.filter(written_by=by, written_at=at, text=text).exists():
        return
    taken_down = text_of(told, "taken_down_by")
    Note.objects.create(
        text=text,
        article=_article(told) if text_of(told, "article") else None,
        reader=_reader(told) if text_of(told, "reader") else None,
        written_by=by,
        written_at=at,
        until=moment_of(told, "until"),
        taken_down_by=hand.around.person(taken_down) if taken_down else None,
        taken_down_at=moment_of(told, "taken_down_at"),
    )


def _take_discussion(told: Told, hand: _Hand) -> None:
    mode, closed_by = text_of(told, "mode"), text_of(told, "closed_by")
    if mode not in Mode.values:
        raise Unreadable(_("A discussion has no such mode: %(mode)s.") % {"mode": mode[:40]})
    discussion, _new = Discussion.objects.get_or_create(
        article=_article(told),
        defaults={
            "mode": mode,
            "closed_at": moment_of(told, "closed_at"),
            "closed_by": hand.around.person(closed_by) if closed_by else None,
            "closed_reason": text_of(told, "closed_reason")[:300],
            "instructions": text_of(told, "instructions")[:2000],
        },
    )
    hand.versions[discussion.pk] = number_of(told, "version")


def _take_bulk(told: Told, hand: _Hand) -> None:
    if not is_uuid(text_of(told, "id")):
        raise Unreadable(_("A bulk has no such id."))
    Bulk.objects.get_or_create(
        pk=text_of(told, "id"),
        defaults={
            "made_by": hand.around.person(text_of(told, "by")),
            "made_at": _moment(told, "at"),
            "undone_at": moment_of(told, "undone_at"),
        },
    )


_TAKERS: dict[str, Callable[[Told, _Hand], None]] = {
    "section": _take_section,
    "person": _take_person,
    "article": _take_article,
    "reader": _take_reader,
    "note": _take_note,
    "discussion": _take_discussion,
    "bulk": _take_bulk,
}


def _article(told: Told) -> Article:
    article = Article.objects.filter(source_key=text_of(told, "article")).first()
    if article is None:
        raise Unreadable(_("Its article is not there (%(key)s).") % {"key": text_of(told, "article")[:100]})
    return article


def _reader(told: Told) -> Reader:
    reader = Reader.objects.filter(email=text_of(told, "reader")).first()
    if reader is None:
        raise Unreadable(_("Its reader is not there."))
    return reader


def _moment(told: Told, name: str) -> datetime:
    at = moment_of(told, name)
    if at is None:
        raise Unreadable(_("A date and time is missing (“%(name)s”).") % {"name": name})
    return at
