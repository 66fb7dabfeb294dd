"""Values of the figures' tables as people read them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from typing import Any

from django import template
from django.utils import dates, timezone
from django.utils.translation import gettext as _

from comments.figures import Kind, Table
from newsroom.templatetags.site import day, number

register = template.Library()

# In minutes.
AN_HOUR, A_DAY = 60, 1440


@register.filter
def cell(value: Any, kind: str) -> str:
    """A value as people read it; a dash where there is nothing to tell."""
    return "–" if value is None else _WORDS[Kind(kind)](value)


@register.filter
def wait(minutes: int | None) -> str:
    """« 54 min », « 2 h 11 », « 3 j 4 h »."""
    if minutes is None:
        return "–"
    if minutes < 2 * AN_HOUR:
        return _("%(count)s min") % {"count": minutes}
    hours, rest = divmod(minutes, AN_HOUR)
    if minutes < 2 * A_DAY:
        return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{rest:02d}"}
    return _("%(days)s d %(hours)s h") % {"days": hours // 24, "hours": hours % 24}


@register.filter
def columns_of(row: Sequence[Any], table: Table) -> Iterable[tuple[Any, str]]:
    """The cells of a row after its head, each with its kind."""
    return zip(row[1:], (column.kind.value for column in table.columns[1:]), strict=True)


def percents(value: int) -> str:
    return _("%(percent)s%%") % {"percent": value}


def hour_of_day(hour: int) -> str:
    return _("%(hour)s:00") % {"hour": hour}


def _gap(value: int) -> str:
    return f"+{number(value)}" if value > 0 else number(value).replace("-", "−")


def _day(value: date) -> str:
    """« lundi 1er septembre »: the page's title tells the year."""
    noon = timezone.make_aware(datetime.combine(value, time(12)))
    return f"{dates.WEEKDAYS[value.weekday()]} {day(noon).rpartition(' ')[0]}"


def _hour(value: datetime) -> str:
    """The hour that comes twice when the clocks go back says so."""
    return _("%(hour)s (again)") % {"hour": hour_of_day(value.hour)} if value.fold else hour_of_day(value.hour)


_WORDS: dict[Kind, Any] = {
    Kind.TEXT: str,
    Kind.DAY: _day,
    Kind.HOUR: _hour,
    Kind.CLOCK: hour_of_day,
    Kind.COUNT: number,
    Kind.GAP: _gap,
    Kind.SHARE: percents,
    Kind.WAIT: wait,
}
