"""The results as a page: docs/reference/faults.md."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime

from tests.faults.result import Result

_HEAD = """# What was kept when things broke

`{command}` on {date}, {machine}.

Two gunicorn workers with production's settings, asked over HTTP from outside; afterwards the database was read in
another process. "Seconds" are of the whole run, with starting and counting.

In every run: no acknowledged comment or decision lost, none doubled, no comment seen before its approval was asked for,
every counter equal to a recount, every chain of decisions replayed, every answer a 2xx, 3xx, 409, 429 or 503 with
`Retry-After`, and never a stack trace. "No answer" is a connection that broke with its process: readers send again.

{columns}
"""
_TWINS = """
## Sabotage twins

The same runs, shorter, with one guard taken away. Each must turn red.

| what happens | database | guard taken away | what was found | |
|---|---|---|---|---|
"""
_COLUMNS = ("acknowledged", "decisions", "lost", "doubled", "unvalidated seen", "differ from a recount")


def page(results: Iterable[Result], missing: dict[str, str], *, command: str) -> str:
    results = list(results)
    machine = f"{os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    machine += f", SQLite {sqlite3.sqlite_version}, load {os.getloadavg()[2]:.0f} over the last quarter of an hour"
    columns = ("what happens", "database", "seconds", *_COLUMNS, "answers", "more", "")
    table = f"| {' | '.join(columns)} |\n{'|---' * len(columns)}|"
    said = _HEAD.format(command=command, date=f"{datetime.now(UTC):%Y-%m-%d}", machine=machine, columns=table)
    said += "".join(_row(result) for result in results if not result.sabotage)
    said += _TWINS + "".join(_twin(result) for result in results if result.sabotage)
    if missing:
        said += "\n## Left out\n\n" + "".join(f"- {what}: {why}\n" for what, why in missing.items())
    return said


def _row(result: Result) -> str:
    told = dict(result.figures)
    cells = [str(told.pop(column, "")) for column in _COLUMNS]
    answers = ", ".join(f"{count} × {_named(status)}" for status, count in told.pop("answers").items())
    more = ", ".join(f"{name} {value}" for name, value in told.items() if value)
    verdict = "kept" if result.is_green else "**broken**: " + "; ".join(result.reds[:3])
    cells = [result.scenario, result.database, f"{result.seconds:.0f}", *cells, answers, more, verdict]
    return f"| {' | '.join(cells)} |\n"


def _twin(result: Result) -> str:
    verdict = "red, as it must be" if result.reds else "**not caught**"
    found = "; ".join(result.reds[:2])
    return f"| {result.scenario} | {result.database} | {result.sabotage.replace('_', ' ')} | {found} | {verdict} |\n"


def _named(status: str) -> str:
    return "no answer" if status == "none" else status
