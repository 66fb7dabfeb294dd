"""The days that are looked at, in the site's own time zone. Arithmetic only: the caller brings the clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from django.utils import timezone
from django.utils.translation import gettext as _

# A year and its leap day. More would make bars thinner than a pixel, and tables that nobody reads.
MOST_DAYS = 366
# What the page offers as links, in days up to today.
OFFERED = {"today": 1, "7d": 7, "30d": 30}
HOUR = timedelta(hours=1)


class PeriodRefused(Exception):
    """What was asked for is no period; its text is a sentence, `field` the name of the field to mend."""

    def __init__(self, sentence: str, field: str) -> None:
        self.field = field
        super().__init__(sentence)


@dataclass(frozen=True, slots=True)
class Period:
    """Whole days of one time zone, both ends included. `start` and `end` are instants; `end` is not part of it."""

    first: date
    last: date
    zone: tzinfo

    @property
    def start(self) -> datetime:
        return _midnight(self.first, self.zone)

    @property
    def end(self) -> datetime:
        return _midnight(self.last + timedelta(days=1), self.zone)

    @property
    def length(self) -> int:
        """In days."""
        return (self.last - self.first).days + 1

    @property
    def is_one_day(self) -> bool:
        return self.first == self.last

    @property
    def before(self) -> Period:
        """As many days, just before."""
        days = timedelta(days=self.length)
        return Period(self.first - days, self.last - days, self.zone)

    def widened_to(self, days: int) -> Period:
        """The same last day, and at least so many days."""
        return Period(min(self.first, self.last - timedelta(days=days - 1)), self.last, self.zone)

    def days(self) -> Iterator[date]:
        return (self.first + timedelta(days=number) for number in range(self.length))

    def hours(self, *, until: datetime | None = None) -> Iterator[datetime]:
        """The beginning of each hour, in UTC: 23 or 25 on a day when the clocks change.

        `until` leaves out the hours that begin after it: they are yet to come.
        """
        hour = self.start
        while hour < self.end and (until is None or hour <= until):
            yield hour
            hour += HOUR


def chosen_period(*, at: datetime, code: str = "", first: str = "", last: str = "") -> Period:
    """The period of a query: `code` is a key of OFFERED; `first` and `last` are ISO dates and go before it.

    One date alone is that day. Days to come are left out. Raises PeriodRefused.
    """
    zone = timezone.get_default_timezone()
    today = at.astimezone(zone).date()
    if not first and not last:
        return Period(today - timedelta(days=OFFERED.get(code, 1) - 1), today, zone)
    from_day, to_day = _read(first or last, "from"), _read(last or first, "to")
    if from_day > to_day:
        raise PeriodRefused(_("The first day comes after the last one."), "from")
    if from_day > today:
        raise PeriodRefused(_("This day is still to come."), "from")
    to_day = min(to_day, today)
    if (to_day - from_day).days >= MOST_DAYS:
        raise PeriodRefused(_("Choose at most %(days)s days.") % {"days": MOST_DAYS}, "from")
    return Period(from_day, to_day, zone)


def _read(value: str, field: str) -> date:
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise PeriodRefused(_("Write the day as year-month-day: 2026-09-23."), field) from None
    # Before it no newspaper had comments; near the calendar's first day, a time zone or a period before has no date.
    if day.year < 1990:
        raise PeriodRefused(_("There are no comments that old."), field)
    return day


def _midnight(day: date, zone: tzinfo) -> datetime:
    """In UTC: differences between moments of one zone would ignore a change of its clocks."""
    return datetime.combine(day, time.min, tzinfo=zone).astimezone(UTC)
