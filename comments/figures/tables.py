"""Figures as tables: what the page draws and writes, and what the CSV holds, come from these same rows."""

from __future__ import annotations

import unicodedata
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comments.figures.counts import Judged, total
from comments.figures.period import Period
from comments.figures.reading import Decided, Received
from comments.figures.waits import waits_of
from comments.models import Action, Ground, Reason, ReportState
from newsroom.models import Article, Section, User

Cell = Any
Row = tuple[Cell, ...]


class Kind(StrEnum):
    """What the cells of a column hold; None stands in any of them for nothing to tell."""

    TEXT = "text"
    DAY = "day"  # a date
    HOUR = "hour"  # an aware datetime of the site's zone, the beginning of the hour
    CLOCK = "clock"  # 0 to 23
    COUNT = "count"
    GAP = "gap"  # a count that may be negative
    SHARE = "share"  # whole percents
    WAIT = "wait"  # whole minutes, rounded up: "9 in 10 within 54 min" stays true


@dataclass(frozen=True, slots=True)
class Column:
    title: str
    kind: Kind = Kind.COUNT


@dataclass(frozen=True, slots=True)
class Table:
    """`code` names it in addresses; the first column heads its rows. `chart` is "pairs", "lines", "bars" or none."""

    code: str
    title: str
    columns: list[Column]
    rows: list[Row]
    note: str = ""
    chart: str = ""


def share(part: int, whole: int) -> int | None:
    """Whole percents, a half rounded up."""
    return (200 * part + whole) // (2 * whole) if whole else None


def minutes(seconds: int | None) -> int | None:
    """Whole minutes, rounded up."""
    return None if seconds is None else -(-seconds // 60)


def hours_table(period: Period, came: Received, decided: Decided, *, at: datetime) -> Table:
    rows = [
        (hour.astimezone(period.zone), *_flow(came.by_hour[hour], decided.by_hour[hour]))
        for hour in period.hours(until=at)
    ]
    return _flow_table("hours", _("Received and decided, hour by hour"), Column(_("Hour"), Kind.HOUR), rows)


def days_table(period: Period, came: Received, decided: Decided) -> Table:
    came_on, decided_on = _by_day(came.by_hour, period), _by_day(decided.by_hour, period)
    rows = [(day, *_flow(came_on[day], decided_on[day])) for day in period.days()]
    return _flow_table("days", _("Received and decided, day by day"), Column(_("Day"), Kind.DAY), rows)


def clock_table(period: Period, came: Received, decided: Decided) -> Table:
    """All days of the period laid over each other; an hour that comes twice in a night counts where it is read."""
    came_at, decided_at = _by_clock(came.by_hour, period), _by_clock(decided.by_hour, period)
    rows = [(hour, *_flow(came_at[hour], decided_at[hour])) for hour in range(24)]
    title = _("Received and decided, by hour of the day")
    return _flow_table("clock", title, Column(_("Hour"), Kind.CLOCK), rows, _("All days of the period together."))


def waits_table(period: Period, decided: Decided) -> Table:
    rows = [(day, *_waits(decided.by_day, day)) for day in period.days()]
    return Table(
        "waits",
        _("Waiting time before decision"),
        [Column(_("Day"), Kind.DAY), *_wait_columns()],
        rows,
        _("From writing to the first decision by a person, on the day of that decision."),
        "lines",
    )


def decisions_table(judged: dict[tuple[str, str], Judged]) -> Table:
    whole = sum(one.count for one in judged.values())
    done = [(label, total(judged, action)) for action, label in _actions().items()]
    return Table(
        "decisions",
        _("Share of each decision"),
        [Column(_("Decision"), Kind.TEXT), Column(_("Decisions")), *_part_columns()],
        [(label, one.count, share(one.count, whole), one.undone) for label, one in done],
        _("By people. A comment decided again counts again. Undone: taken back since."),
        "bars",
    )


def grounds_table(judged: dict[tuple[str, str], Judged]) -> Table:
    """Most frequent first, « Autre » last."""
    found = [(Ground(ground), judged.get((Action.REJECT, ground), Judged())) for ground in Ground.values]
    found.sort(key=lambda pair: (pair[0] == Ground.OTHER, -pair[1].count))
    whole = total(judged, Action.REJECT).count
    return Table(
        "grounds",
        _("Rejections by ground"),
        [Column(_("Ground"), Kind.TEXT), Column(_("Rejections")), *_part_columns()],
        [(str(ground.label), one.count, share(one.count, whole), one.undone) for ground, one in found if one.count],
        _("A rejection has one ground and only one. No automatic finding decides by itself."),
        "bars",
    )


def reports_table(filed: Counter[str], settled: Counter[tuple[str, str]]) -> Table:
    rows = [_report_row(str(reason.label), *_report_counts(reason, filed, settled)) for reason in Reason]
    return Table(
        "reports",
        _("Reports by reason"),
        [
            Column(_("Reason"), Kind.TEXT),
            Column(pgettext("several reports", "Received")),
            Column(pgettext("several reports", "Settled")),
            Column(pgettext("several reports", "Upheld")),
            Column(_("Share upheld"), Kind.SHARE),
        ],
        [row for row in rows if any(row[1:4])],
        _("Settled: by people in the period, and not reopened since. A report is upheld when its comment is rejected."),
    )


def sections_table(sections: Iterable[Section], *, came: Received, judged: Counter, decided: Decided) -> Table:
    named = [(section.pk, section.name) for section in sections] + [(None, _("No section"))]
    rows = [(name, *_activity(pk, came.by_section, judged, decided.by_section)) for pk, name in named]
    return Table("sections", _("By section"), _activity_columns(_("Section")), [row for row in rows if any(row[1:5])])


def articles_table(
    articles: Iterable[Article], *, came: Received, judged: Counter, decided: Decided, note: str
) -> Table:
    """In the order given."""
    rows = [
        (article.headline, *_activity(article.pk, came.by_article, judged, decided.by_article)) for article in articles
    ]
    return Table("articles", _("By article"), _activity_columns(_("Article")), rows, note)


def people_table(people: Iterable[User], judged: Mapping[int, Judged]) -> Table:
    """By name: these figures rank nobody."""
    rows = [(person.shown_name, judged[person.pk].count, judged[person.pk].undone) for person in people]
    rows.sort(key=lambda row: _as_in_a_directory(row[0]))
    return Table(
        "people",
        _("By moderator"),
        [Column(_("Moderator"), Kind.TEXT), Column(_("Decisions")), Column(pgettext("several decisions", "Undone"))],
        rows,
        _("In alphabetical order: no ranking. Undone: taken back since, by themselves or by a chief."),
    )


def _flow_table(code: str, title: str, first: Column, rows: list[Row], note: str = "") -> Table:
    columns = [first, Column(pgettext("several comments", "Received")), Column(pgettext("several comments", "Decided"))]
    return Table(code, title, [*columns, Column(_("Gap"), Kind.GAP)], rows, note, "pairs")


def _flow(came: int, decided: int) -> tuple[int, int, int]:
    return came, decided, decided - came


def _by_day(counts: Counter[datetime], period: Period) -> Counter[date]:
    days: Counter[date] = Counter()
    for hour, count in counts.items():
        days[hour.astimezone(period.zone).date()] += count
    return days


def _by_clock(counts: Counter[datetime], period: Period) -> Counter[int]:
    hours: Counter[int] = Counter()
    for hour, count in counts.items():
        hours[hour.astimezone(period.zone).hour] += count
    return hours


def _activity_columns(first: str) -> list[Column]:
    counts = [pgettext("several comments", "Received"), *_actions().values()]
    return [Column(first, Kind.TEXT), *(Column(title) for title in counts), *_wait_columns()]


def _activity(key: int | None, came: Counter, judged: Counter, waits: Mapping) -> Row:
    return (came[key], *(judged[key, action] for action in _actions()), *_waits(waits, key))


def _waits(collected: Mapping[Any, array[int]], key: Any) -> tuple[int | None, int | None]:
    waits = waits_of(collected.get(key, ()))
    return minutes(waits.median), minutes(waits.ninety)


def _report_counts(reason: Reason, filed: Counter[str], settled: Counter[tuple[str, str]]) -> tuple[int, int, int]:
    upheld = settled[reason, ReportState.UPHELD]
    return filed[reason], upheld + settled[reason, ReportState.DISMISSED], upheld


def _report_row(label: str, filed: int, settled: int, upheld: int) -> Row:
    return label, filed, settled, upheld, share(upheld, settled)


def _as_in_a_directory(name: str) -> str:
    """« Élise » before « Emma »."""
    bare = (letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    return "".join(bare).casefold()


def _actions() -> dict[Action, str]:
    return {
        Action.APPROVE: pgettext("several comments", "Approved"),
        Action.REJECT: pgettext("several comments", "Rejected"),
        Action.FLAG: pgettext("several comments", "Second look"),
    }


def _wait_columns() -> list[Column]:
    return [Column(pgettext("a waiting time", "Median"), Kind.WAIT), Column(_("9 in 10"), Kind.WAIT)]


def _part_columns() -> list[Column]:
    return [
        Column(pgettext("of a whole", "Share"), Kind.SHARE),
        Column(pgettext("several decisions", "Undone")),
    ]
