"""Comments and first decisions of a period, each read once in one pass that keeps sums and waits, never the rows."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from comments.figures import rows
from comments.figures.period import Period, PeriodRefused
from comments.figures.waits import no_waits
from newsroom.models import Section
from newsroom.templatetags.site import number

# Four seconds or so (0.02 ms a row on two busy cores) and a few megabytes. More is refused rather than counted in part:
# half a count would be a wrong one.
MOST_ROWS = 200_000
_CHUNK = 5000


@dataclass(slots=True)
class Received:
    """Comments received: in each hour (keyed by its beginning, UTC), under each section and article (by pk)."""

    by_hour: Counter[datetime] = field(default_factory=Counter)
    by_section: Counter[int | None] = field(default_factory=Counter)
    by_article: Counter[int] = field(default_factory=Counter)


@dataclass(slots=True)
class Decided:
    """First decisions by people in the period, and the waits that ended with them.

    `before` holds those of the period before; `by_day` goes back further than the period where `shown` does.
    """

    by_hour: Counter[datetime] = field(default_factory=Counter)
    waits: array[int] = field(default_factory=no_waits)
    before: array[int] = field(default_factory=no_waits)
    by_day: dict[date, array[int]] = field(default_factory=lambda: defaultdict(no_waits))
    by_section: dict[int | None, array[int]] = field(default_factory=lambda: defaultdict(no_waits))
    by_article: dict[int, array[int]] = field(default_factory=lambda: defaultdict(no_waits))


def read_received(period: Period, *, section: Section | None) -> Received:
    """One query. Raises PeriodRefused beyond MOST_ROWS."""
    found = Received()
    columns = ("submitted_at", "discussion__article__section", "discussion__article")
    for submitted_at, of_section, article in _capped(rows.received(period, section=section), columns):
        found.by_hour[hour_begun(submitted_at, zone=period.zone)] += 1
        found.by_section[of_section] += 1
        found.by_article[article] += 1
    return found


def read_decided(period: Period, *, shown: Period, section: Section | None) -> Decided:
    """One query, from the first day of the period before or of `shown` on. Raises PeriodRefused beyond MOST_ROWS."""
    found, before, start = Decided(), period.before, period.start
    whole = Period(min(before.first, shown.first), period.last, period.zone)
    place = "comment__discussion__article"
    columns = ("at", "comment__submitted_at", f"{place}__section", place)
    for at, submitted_at, of_section, article in _capped(rows.first_judgements(whole, section=section), columns):
        # A clock that was set back makes no wait below nothing.
        wait = max(0, round((at - submitted_at).total_seconds()))
        hour = hour_begun(at, zone=period.zone)
        found.by_day[hour.astimezone(period.zone).date()].append(wait)
        if at >= start:
            found.by_hour[hour] += 1
            found.waits.append(wait)
            found.by_section[of_section].append(wait)
            found.by_article[article].append(wait)
        elif at >= before.start:
            found.before.append(wait)
    return found


def hour_begun(at: datetime, *, zone: tzinfo) -> datetime:
    """The beginning of the hour of that zone's clocks, as an instant: the hour that comes twice in autumn is two.

    Not the hour of UTC, which some zones' clocks cut in halves.
    """
    local = at.astimezone(zone)
    return at - timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)


def _capped(found: QuerySet[Any], columns: tuple[str, ...]) -> Iterator[tuple[Any, ...]]:
    read = found.values_list(*columns)[: MOST_ROWS + 1].iterator(chunk_size=_CHUNK)
    for place, row in enumerate(read):
        if place == MOST_ROWS:
            raise PeriodRefused(
                _("More than %(count)s comments: choose fewer days, or one section.") % {"count": number(MOST_ROWS)},
                "from",
            )
        yield row
