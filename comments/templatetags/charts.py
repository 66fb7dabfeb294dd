"""Tables of figures as drawings: where each bar, point and word stands. SVG attributes only, so no inline style.

A drawing is 720 units wide. Its numbers are written with a full stop whatever the language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django import template
from django.utils import dates
from django.utils.translation import gettext as _

from comments.figures import Kind, Table
from comments.templatetags.figures import A_DAY, AN_HOUR, cell, hour_of_day, percents, wait
from newsroom.templatetags.site import number

register = template.Library()

WIDTH = 720.0
# Below this many units a pair of bars is thinner than a line drawn instead.
THINNEST_PAIR = 7.0
# As many words under the axis as stand there without touching.
MOST_LABELS = 12
MOST_BARE_LABELS = 31
# With more than these, the name of a month touches the days beside it.
MOST_SPACED_LABELS = 15
_NO_BREAK = "\u00a0"


@dataclass(frozen=True, slots=True)
class Bar:
    x: str
    y: str
    width: str
    height: str
    series: str


@dataclass(frozen=True, slots=True)
class Word:
    x: str
    y: str
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Rule:
    y: str
    label: Word


@dataclass(frozen=True, slots=True)
class Line:
    """A path with its points; `ends` are the value's words at the right."""

    path: str
    points: list[tuple[str, str]]
    series: str


@dataclass(frozen=True, slots=True)
class Drawing:
    template: str
    desc: str
    height: str
    left: str
    right: str
    base: str
    key: tuple[str, str] = ("", "")
    rules: list[Rule] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)
    lines: list[Line] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    values: list[Word] = field(default_factory=list)
    names: list[Word] = field(default_factory=list)


@register.simple_tag
def drawing(table: Table) -> Drawing | None:
    """None where a table is not drawn, or where there is nothing to draw."""
    draw = {"pairs": _pairs, "lines": _waits, "bars": _shares}.get(table.chart)
    return draw(table) if draw and any(_numbers(table, 1) + _numbers(table, 2)) else None


# ── Received and decided ──────────────────────────────────────────────────
def _pairs(table: Table) -> Drawing:
    came, decided = _numbers(table, 1), _numbers(table, 2)
    top, step = _scale(max(*came, *decided))
    left, base, height = 20.0 + 7 * len(number(top)), 384.0, 410.0
    band = (WIDTH - left) / len(table.rows)
    lift = (base - 12) / top
    drawn: dict[str, Any] = {}
    if band < THINNEST_PAIR:
        xs = [left + band * (place + 0.5) for place in range(len(came))]
        drawn["lines"] = [
            _line(xs, [base - lift * n for n in came], "2"),
            _line(xs, [base - lift * n for n in decided], "1"),
        ]
    else:
        bars = [
            _pair(left + band * place, band, base, lift * a, lift * b)
            for place, (a, b) in enumerate(zip(came, decided, strict=True))
        ]
        drawn["bars"] = [bar for pair in bars for bar in pair]
    return Drawing(
        template="comments/figures/_pairs.html",
        desc=_flow_in_words(table),
        height=_unit(height),
        left=_unit(left),
        right=_unit(WIDTH),
        base=_unit(base),
        key=(table.columns[1].title, table.columns[2].title),
        rules=[_rule(base - lift * tick, left, number(tick)) for tick in range(0, top + 1, step)],
        words=_under(table, [left + band * (place + 0.5) for place in range(len(came))], base + 18),
        **drawn,
    )


def _pair(x: float, band: float, base: float, came: float, decided: float) -> list[Bar]:
    width = band * 0.34
    start = x + band * 0.15
    return [
        # Half a unit in on each side: its edge is drawn around it.
        Bar(_unit(start + 0.5), _unit(base - came), _unit(max(width - 1, 0.5)), _unit(came), "2"),
        Bar(_unit(start + width + band * 0.02), _unit(base - decided), _unit(width), _unit(decided), "1"),
    ]


def _flow_in_words(table: Table) -> str:
    words = {}
    for place, name in ((1, "received"), (2, "decided")):
        row = max(table.rows, key=lambda one: one[place])
        words[name], words[f"{name}_when"] = number(row[place]), cell(row[0], table.columns[0].kind)
    return (
        _(
            "Most received: %(received)s (%(received_when)s). Most decided: %(decided)s (%(decided_when)s). "
            "The table beside it gives every value."
        )
        % words
    )


# ── Waiting times ─────────────────────────────────────────────────────────
def _waits(table: Table) -> Drawing:
    median, ninety = ([row[place] for row in table.rows] for place in (1, 2))
    unit = _unit_of_time(max(value for value in ninety if value is not None))
    top, step = _scale(-(-max(value for value in ninety if value is not None) // unit))
    left, right, base, height = 68.0, 656.0, 284.0, 310.0
    band, lift = (right - left) / len(table.rows), (base - 12) / (top * unit)
    xs = [left + band * (place + 0.5) for place in range(len(table.rows))]
    heights = [[None if value is None else base - lift * value for value in values] for values in (median, ninety)]
    return Drawing(
        template="comments/figures/_lines.html",
        desc=_waits_in_words(median, ninety),
        height=_unit(height),
        left=_unit(left),
        right=_unit(right),
        base=_unit(base),
        key=(table.columns[1].title, table.columns[2].title),
        rules=[_rule(base - lift * tick * unit, left, _tick(tick, top, unit)) for tick in range(0, top + 1, step)],
        lines=[_line(xs, heights[1], "2"), _line(xs, heights[0], "1")],
        words=_under(table, xs, base + 18),
        values=_last_values(xs, heights, (median, ninety)),
    )


def _unit_of_time(most: int) -> int:
    """Minutes, hours or days, in minutes: whichever gives the axis short numbers."""
    if most <= 3 * AN_HOUR:
        return 1
    return AN_HOUR if most <= 3 * A_DAY else A_DAY


def _tick(tick: int, top: int, unit: int) -> str:
    """The topmost says the unit."""
    if tick != top:
        return number(tick)
    words = {1: _("%(count)s min"), AN_HOUR: _("%(count)s h"), A_DAY: _("%(count)s d")}
    return words[unit] % {"count": number(tick)}


def _last_values(xs: list[float], heights: list[list[Any]], values: tuple[list[Any], list[Any]]) -> list[Word]:
    """What the newest day says, beside its points; two that would touch step apart."""
    if values[0][-1] is None:
        return []
    low, high = heights[0][-1], heights[1][-1]
    apart = max(0.0, 14 - (low - high)) / 2
    places = [(low + apart, values[0][-1]), (high - apart, values[1][-1])]
    return [Word(_unit(xs[-1] + 12), _unit(y + 4), wait(value), "start") for y, value in places]


def _waits_in_words(median: list[Any], ninety: list[Any]) -> str:
    some, most = ([value for value in values if value is not None] for values in (median, ninety))
    return _(
        "The median goes from %(low)s to %(high)s. Nine comments in ten were decided within %(fast)s to %(slow)s, "
        "depending on the day. The table beside it gives every value."
    ) % {"low": wait(min(some)), "high": wait(max(some)), "fast": wait(min(most)), "slow": wait(max(most))}


# ── Shares ────────────────────────────────────────────────────────────────
def _shares(table: Table) -> Drawing:
    counted, shares = _numbers(table, 1), _numbers(table, 2)
    left = min(220.0, 24.0 + 7 * max(len(str(row[0])) for row in table.rows))
    stretch = (WIDTH - left - 120) / max(counted)
    height = 28.0 * len(table.rows) + 6
    ends = [left + stretch * count for count in counted]
    feet = [18.0 + 28 * place for place in range(len(counted))]
    return Drawing(
        template="comments/figures/_bars.html",
        desc=_shares_in_words(table),
        height=_unit(height),
        left=_unit(left),
        right=_unit(left),
        base=_unit(height),
        bars=[Bar(_unit(left), _unit(y - 12), _unit(x - left), "16", "1") for x, y in zip(ends, feet, strict=True)],
        names=[Word(_unit(left - 12), _unit(y), str(row[0]), "end") for row, y in zip(table.rows, feet, strict=True)],
        values=[Word(_unit(x + 8), _unit(y), number(n), "start") for x, y, n in zip(ends, feet, counted, strict=True)],
        words=[
            Word(_unit(x + 20 + 8 * len(number(n))), _unit(y), percents(part), "start")
            for x, y, n, part in zip(ends, feet, counted, shares, strict=True)
        ],
    )


def _shares_in_words(table: Table) -> str:
    row = max(table.rows, key=lambda one: one[1])
    return _("Most frequent: %(name)s, %(count)s of %(total)s. The table beside it gives every value.") % {
        "name": row[0],
        "count": number(row[1]),
        "total": number(sum(_numbers(table, 1))),
    }


# ── What all drawings share ───────────────────────────────────────────────
def _numbers(table: Table, place: int) -> list[int]:
    return [row[place] or 0 for row in table.rows]


def _scale(most: int) -> tuple[int, int]:
    """(top of the axis, step): at most six rules at 1, 2 or 5 times a power of ten."""
    step = next(
        factor * 10**power for power in range(12) for factor in (1, 2, 5) if factor * 10**power * 5 >= max(most, 1)
    )
    return -(-max(most, 1) // step) * step, step


def _rule(y: float, left: float, label: str) -> Rule:
    return Rule(_unit(y), Word(_unit(left - 8), _unit(y + 4), label, "end"))


def _line(xs: list[float], ys: Sequence[float | None], series: str) -> Line:
    """Where there is no value the line is lifted: nothing is drawn that nobody waited."""
    path, is_down, points = "", False, []
    for x, y in zip(xs, ys, strict=True):
        if y is not None:
            path += f"{'L' if is_down else 'M'}{_unit(x)} {_unit(y)}"
            points.append((_unit(x), _unit(y)))
        is_down = y is not None
    return Line(path, points if len(points) <= MOST_BARE_LABELS else [], series)


def _under(table: Table, xs: list[float], y: float) -> list[Word]:
    labels = [row[0] for row in table.rows]
    bare = len(labels) <= MOST_BARE_LABELS
    step = 1 if bare else -(-len(labels) // MOST_LABELS)
    words = [_short(value, before, bare=bare) for value, before in zip(labels, [None, *labels], strict=False)]
    if bare and len(labels) > MOST_SPACED_LABELS and table.columns[0].kind == Kind.DAY:
        words = _room_for_months(words)
    return [Word(_unit(x), _unit(y), word) for x, word in list(zip(xs, words, strict=True))[::step] if word]


def _room_for_months(words: list[str]) -> list[str]:
    """Where days stand close, the neighbours of a longer word keep silent."""
    longer = {place for place, word in enumerate(words) if len(word) > 2}
    return ["" if {place - 1, place + 1} & longer and place not in longer else w for place, w in enumerate(words)]


def _short(value: Any, before: Any, *, bare: bool) -> str:
    """« 6 h », then 7, 8…; « 10 sept. », then 11, 12…, and the month again where it changes."""
    if isinstance(value, datetime):
        return str(value.hour) if before else hour_of_day(value.hour)
    if isinstance(value, int):
        return str(value) if before is not None else hour_of_day(value)
    if bare and before is not None and before.month == value.month:
        return str(value.day)
    return f"{value.day}{_NO_BREAK}{dates.MONTHS_AP[value.month]}"


def _unit(value: float) -> str:
    return f"{value:.1f}"
