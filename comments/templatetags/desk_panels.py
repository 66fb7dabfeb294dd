"""What stands around the desk and asks for itself: filters, saved views, notes, threats."""

from __future__ import annotations

from datetime import datetime, timedelta

from django import template
from django.utils import dateformat, formats, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString

from comments import notes, threats
from comments.models import Note, Standing, Status
from comments.templatetags.desk import state_icon
from newsroom import roles
from newsroom.models import User
from newsroom.templatetags.site import clock, day, moment

register = template.Library()


@register.simple_tag
def briefly(value: datetime, now: datetime) -> SafeString:
    """A <time> for a narrow column: the hour today, « 19 sept. » this year, else the year too."""
    local, today = timezone.localtime(value), timezone.localtime(now)
    if local.date() == today.date():
        words = clock(value)
    elif local.year == today.year:
        words = f"{local.day}\u00a0{dateformat.format(local, 'N')}"
    else:
        words = formats.date_format(local, "SHORT_DATE_FORMAT")
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), moment(value), words)


@register.filter
def last_day(until: datetime) -> str:
    """The day on which something ends: midnight is the end of the day before."""
    return day(until - timedelta(microseconds=1))


@register.simple_tag
def desk_notes() -> list[Note]:
    """What hangs on the desk, the newest first. One query."""
    return list(notes.pinned_for(at=timezone.now()))


@register.filter
def may_be_taken_down_by(note: Note, user: User) -> bool:
    return note.written_by_id == user.pk or user.has_perm(roles.OVERRIDE)


@register.filter
def may_be_lifted_by(measure: Standing, user: User) -> bool:
    return measure.set_by_id == user.pk or user.has_perm(roles.STAND_LONG)


@register.simple_tag
def state_mark(status: str) -> SafeString:
    """A status where there is no room for its word: its shape, and the word for who does not see it."""
    known = Status(status)
    return format_html(
        '<span class="status status-{}">{}<span class="unseen">{}</span></span>',
        known.lower(),
        state_icon(known),
        known.label,
    )


@register.filter
def alone(note: Note) -> list[Note]:
    """A list of one, for the piece that shows several."""
    return [note]


@register.simple_tag
def threats_waiting() -> threats.Threats:
    """For chiefs. Two queries."""
    return threats.threats()
