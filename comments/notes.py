"""What moderators tell each other: notes pinned to the desk, to an article or to a reader, until a date."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from comments.models import Note, Reader
from comments.models.note import NOTE_MAX
from comments.plain_text import clean_text
from newsroom import roles
from newsroom.models import Article, User


class Unfit(Exception):
    """A note that cannot be pinned; its text is a sentence. `field` is what is missing or wrong."""

    def __init__(self, sentence: str, field: str) -> None:
        self.field = field
        super().__init__(sentence)


def pin(
    text: str,
    *,
    by: User,
    at: datetime,
    until: datetime | None = None,
    article: Article | None = None,
    reader: Reader | None = None,
) -> Note:
    """Pin a note to an article or to a reader; to neither, to the desk. Raises Unfit, PermissionDenied."""
    if not by.has_perm(roles.DECIDE):
        raise PermissionDenied
    text = clean_text(text).strip()
    if not text:
        raise Unfit(_("The note is empty."), "text")
    if len(text) > NOTE_MAX:
        raise Unfit(_("A note has %(most)s characters at most.") % {"most": NOTE_MAX}, "text")
    if until is not None and until <= at:
        raise Unfit(_("Choose an end that is still to come."), "until")
    return Note.objects.create(text=text, article=article, reader=reader, written_by=by, written_at=at, until=until)


def take_down(note: Note, *, by: User, at: datetime) -> Note:
    """One's own note, or anybody's for a chief. Taking down twice keeps who did first. Raises PermissionDenied."""
    own = note.written_by_id == by.pk
    if not by.has_perm(roles.DECIDE) or not (own or by.has_perm(roles.OVERRIDE)):
        raise PermissionDenied
    Note.objects.filter(pk=note.pk, taken_down_at__isnull=True).update(taken_down_at=at, taken_down_by=by)
    note.refresh_from_db()
    return note


def pinned_for(*, at: datetime, article: Article | None = None, reader: Reader | None = None) -> QuerySet[Note]:
    """What hangs on the desk, and on this article and this reader where they are given; the newest first."""
    places = Q(article__isnull=True, reader__isnull=True)
    if article is not None:
        places |= Q(article=article)
    if reader is not None:
        places |= Q(reader=reader)
    return Note.objects.pinned(at=at).filter(places).select_related("written_by", "article", "reader")


def pinned_on(reader: Reader, *, at: datetime) -> QuerySet[Note]:
    """What hangs on one reader alone; the newest first."""
    return Note.objects.pinned(at=at).filter(reader=reader).select_related("written_by")
