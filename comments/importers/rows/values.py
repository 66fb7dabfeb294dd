"""Single values of other systems, as ours: moments, names, e-mails, numbers."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from comments.importers.rows.bad_row import BadRow
from comments.models.comment import NAME_MAX
from comments.models.reader import EMAIL_MAX
from newsroom.moments import has_room

_EMAIL = re.compile(r"[^@\s\0]+@[^@\s\0]+")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# What stands in nobody's mailbox: systems write it where they know no address.
_NOBODY = {"noreply@blogger.com"}


def moment(words: str) -> datetime:
    """ISO 8601; without a zone, the site's. In UTC. Raises BadRow."""
    try:
        told = parse_datetime(words.strip())
        if told is None or not has_room(told):
            raise ValueError(words)
        return (timezone.make_aware(told) if timezone.is_naive(told) else told).astimezone(UTC)
    except ValueError as error:
        raise BadRow(_("“%(words)s” is no date and time (ISO 8601).") % {"words": words[:40]}) from error


def moment_in_utc(words: str) -> datetime:
    """As `moment`, for systems that write UTC without saying so. Raises BadRow."""
    return moment(words.strip() + "Z") if re.fullmatch(r"\s*[\d-]+[ T][\d:.]+\s*", words) else moment(words)


def moment_of_seconds(seconds: object) -> datetime:
    """Seconds since 1970, with parts of a second. Raises BadRow."""
    try:
        told = _EPOCH + timedelta(seconds=float(seconds))  # type: ignore[arg-type]
        if not has_room(told):
            raise ValueError(seconds)
        return told
    except (TypeError, ValueError, OverflowError) as error:
        raise BadRow(_("“%(words)s” is no date and time (seconds).") % {"words": str(seconds)[:40]}) from error


def name_of(raw: str) -> str:
    """On one line, cut to what a name here may have: a long name is no reason to lose what was said."""
    name = " ".join(raw.split())
    return name if len(name) <= NAME_MAX else name[: NAME_MAX - 1].rstrip() + "…"


def email_of(raw: str) -> str:
    """An address that can be one, else nothing: other systems let anything be typed."""
    email = raw.strip()
    fits = len(email) <= EMAIL_MAX and _EMAIL.fullmatch(email) and email.isprintable()
    return email if fits and email.lower() not in _NOBODY else ""


def id_of(system: str, raw: object) -> str:
    """`disqus:4`: two systems number from 1, and both may have commented on one article. Empty stays empty."""
    told = "" if raw is None else " ".join(str(raw).split())
    if len(told) > 200 or not told.isprintable():
        raise BadRow(_("This is no number of a comment: “%(words)s”.") % {"words": told[:40]})
    return f"{system}:{told}" if told else ""


def count_of(raw: object) -> int:
    """A number of votes; what is none counts as none."""
    return abs(raw) if isinstance(raw, int) and not isinstance(raw, bool) and abs(raw) < 10**9 else 0
