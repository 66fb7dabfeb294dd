"""The results as a page: docs/reference/faults.md."""

from __future__ import annotations

import os
import platform
import re
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from tests.faults.result import Result

Row = list[str]
_HEAD = """# What was kept when things broke

`{command}` on {date}, {machine}.

Two gunicorn workers with production's settings, asked over HTTP from outside; afterwards the database was read in
another process. "Seconds" are of the whole run, with starting and counting. Rows of what this command
did not run are of earlier ones.

In every run: no acknowledged comment or decision lost, none doubled, no comment seen before its approval was asked for,
every counter equal to a recount, every chain of decisions replayed, every answer a 2xx, 3xx, 409, 429 or 503 with
`Retry-After` (a 404 where a comment is not visible, and only there), and never a stack trace. "Looks" are answers of
public pages that were read for comments. "No answer" is a connection that broke with its process: readers send again.

{columns}
"""
_TWINS = """
## Sabotage twins

The same runs, shorter, with one guard taken away. Each must turn red.

{columns}
"""
_LEFT_OUT = "\n## Left out\n\n"
_FIGURES = ("acknowledged", "decisions", "lost", "doubled", "unvalidated seen", "differ from a recount")
_RUN = ("what happens", "database", "day", "seconds", *_FIGURES, "answers", "more", "")
_TWIN = ("what happens", "database", "day", "guard taken away", "what was found", "")


def page(results: Iterable[Result], missing: dict[str, str], *, command: str, old: str = "") -> str:
    """`old` is a page whose rows stay, but those of a scenario and a database that `results` know."""
    results, day = list(results), f"{datetime.now(UTC):%Y-%m-%d}"
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    machine += f", SQLite {sqlite3.sqlite_version}, load {os.getloadavg()[2]:.0f} over the last quarter of an hour"
    runs = _renewed(_rows(old, len(_RUN)), [_run(result, day) for result in results if not result.sabotage])
    twins = _renewed(_rows(old, len(_TWIN)), [_twin(result, day) for result in results if result.sabotage])
    said = _HEAD.format(command=command, date=day, machine=machine, columns=_columns(_RUN)) + _written(runs)
    said += _TWINS.format(columns=_columns(_TWIN)) + _written(twins)
    if missing:
        said += _LEFT_OUT + "".join(f"- {what}: {why}\n" for what, why in missing.items())
    return said


def _columns(names: Iterable[str]) -> str:
    names = list(names)
    return f"{_line(names)}\n{'|---' * len(names)}|"


def _line(cells: Row) -> str:
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


def _written(rows: list[Row]) -> str:
    return "".join(f"{_line(row)}\n" for row in rows)


def _rows(page: str, width: int) -> list[Row]:
    """The rows of a page's table that has so many columns. One of before a row told its day has the page's."""
    cells = [[cell.strip() for cell in line[1:-1].split("|")] for line in page.splitlines() if line.startswith("| ")]
    if dated := re.search(r" on (\d{4}-\d{2}-\d{2}), ", page):
        cells = [row if _is_dated(row) else [*row[:2], dated[1], *row[2:]] for row in cells]
    return [row for row in cells if len(row) == width and row[0] != _RUN[0]]


def _is_dated(row: Row) -> bool:
    return re.fullmatch(r"\d{4}-\d{2}-\d{2}", row[2]) is not None


def _renewed(old: list[Row], new: list[Row]) -> list[Row]:
    """Each of the new where the old of its scenario and database stood; what had none comes last."""
    rows: list[Row] = []
    left = list(new)
    for row in old:
        same = [one for one in left if one[:2] == row[:2]]
        left = [one for one in left if one not in same]
        known = any(one[:2] == row[:2] for one in new)
        rows += same if known else [row]
    return rows + left


def _run(result: Result, day: str) -> Row:
    told = dict(result.figures)
    figures = [str(told.pop(column, "")) for column in _FIGURES]
    answers = ", ".join(f"{count} × {_named(status)}" for status, count in told.pop("answers").items())
    more = ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in told.items() if value)
    verdict = "kept" if result.is_green else "**broken**: " + "; ".join(result.reds[:3])
    return [result.scenario, result.database, day, f"{result.seconds:.0f}", *figures, answers, more, verdict]


def _twin(result: Result, day: str) -> Row:
    verdict = "red, as it must be" if result.reds else "**not caught**"
    found = "; ".join(result.reds[:2])
    return [result.scenario, result.database, day, result.sabotage.replace("_", " "), found, verdict]


def _named(status: str) -> str:
    return "no answer" if status == "none" else status
