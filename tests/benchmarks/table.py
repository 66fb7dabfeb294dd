"""What was measured, as a page: goals beside figures, and the machine they were measured on."""

from __future__ import annotations

import os
import platform
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

NAMES = {"postgresql": "PostgreSQL", "sqlite": "SQLite"}
Found = dict[str, Any]


@dataclass(frozen=True)
class Row:
    """One line. `is_met` None: there is no goal."""

    what: str
    goal: str
    figure: str
    is_met: bool | None = None

    def __str__(self) -> str:
        met = {None: "", True: "met", False: "**missed**"}[self.is_met]
        return f"| {self.what} | {self.goal} | {self.figure} | {met} |"


def page(found: list[Found], *, command: str) -> str:
    """The whole of docs/reference/performance-desk.md."""
    parts = [_HEAD.format(command=command, machine=machine()), *(_section(one) for one in found), _FOOT]
    return "\n\n".join(parts) + "\n"


def _section(found: Found) -> str:
    head = (
        f"## {NAMES[found['vendor']]} {found['version']}, {found['pending']:,} pending, {found['decided']:,} decided"
        "\n\n"
        f"Filled in {found['filled_in']:.0f} s. Load average over one minute: {found['load_before']:.1f} before the"
        f" moderators began, {found['load_after']:.1f} at the end."
    )
    lines = ["| what | goal | figure | |", "|---|---|---|---|", *map(str, _rows(found))]
    return f"{head}\n\n" + "\n".join(lines)


def _rows(found: Found) -> Iterator[Row]:
    rush, steady, people = found["rush"], found["steady"], found["moderators"]
    yield _next(f"next comment, {people} moderators without a pause, p95", rush)
    yield Row("the same, p50", "", f"{rush['p50']:.0f} ms")
    yield Row("the same, decisions a second by all", "", f"{rush['a_second']:.0f}")
    yield _next(f"next comment, {people} moderators who pause 0.5 s after each decision, p95", steady)
    for told, run in (("without a pause", rush), ("with a pause", steady)):
        kept = run["to_two"] == 0 and run["decided"] == run["rows"] == run["asked"] and not run["faults"]
        figure = f"{run['to_two']} given to two; {run['asked']} asked for, {run['rows']} decision rows"
        yield Row(
            f"no comment to two, {told}", "0", figure + "".join(f"; {fault}" for fault in run["faults"][:2]), kept
        )
    for layout, told in (("focus", "one by one"), ("list", "list")):
        few, many = found["few"][layout], found["many"][layout]
        figure = f"{many / few:.2f} ({few:.0f} ms, {many:.0f} ms)"
        yield _against(
            f"desk page ({told}), server time with 1,000 pending against all", "≤ 1.5", many / few, 1.5, figure
        )
    for told, took in found["parts"].items():
        yield _against(f"{told}, without drawing it", "≤ 20 ms", took, 20, f"{took:.1f} ms")
        before = found["few_parts"][told]
        figure = f"{took / before:.2f} ({before:.1f} ms, {took:.1f} ms)"
        yield _against("the same, with 1,000 pending against all", "≤ 1.5", took / before, 1.5, figure)
    for words, took in found["searches"].items():
        figure = f"{took:.0f} ms; {took / found['few_searches'][words]:.2f} of that with 1,000 pending"
        yield _against(f"search: `{words}`", "≤ 300 ms", took, 300, figure)
    yield from _keyboard(found.get("keyboard"))


def _keyboard(typed: Found | None) -> Iterator[Row]:
    if typed is None:
        return
    yield _against(
        "key to next comment painted in Chromium, p95", "≤ 50 ms", typed["p95"], 50, f"{typed['p95']:.0f} ms"
    )
    yield Row("the same, p50", "", f"{typed['p50']:.0f} ms")
    minute = typed["a_minute"]
    yield Row("decisions a minute by one scripted keyboard", "≥ 120", f"{minute:.0f}", minute >= 120)
    figure = f"{typed['decided']} typed, {typed['rows']} decision rows"
    yield Row("what was typed has been decided", "all", figure, typed["decided"] == typed["rows"])


def _next(what: str, run: Found) -> Row:
    return _against(what, "≤ 150 ms", run["p95"], 150, f"{run['p95']:.0f} ms")


def _against(what: str, goal: str, value: float, limit: float, figure: str) -> Row:
    return Row(what, goal, figure, value <= limit)


def machine() -> str:
    facts = [
        f"{os.cpu_count()} cores{_from('/proc/cpuinfo', 'model name', lambda said: f' ({said})')}",
        f"{_from('/proc/meminfo', 'MemTotal', lambda said: f'{int(said.split()[0]) / 1e6:.0f} GB')} of memory",
        f"{platform.system()} {platform.release()}",
        f"Python {platform.python_version()}",
    ]
    return f"{datetime.now(UTC):%Y-%m-%d}, on {', '.join(facts)}"


def _from(file: str, name: str, told: Callable[[str], str]) -> str:
    """One line of Linux's own account of the machine; empty elsewhere."""
    if not Path(file).exists():
        return ""
    lines = (line.partition(":") for line in Path(file).read_text().splitlines())
    return next((told(value.strip()) for key, _colon, value in lines if key.strip() == name), "")


_HEAD = """# How fast the desk is
`{command}` wrote this page on {machine}.
Server, database, moderators and browser shared the machine: at a load above the number of cores they, and other work on
it, waited for each other, and that waiting is part of the figures."""

_FOOT = """## How it is measured
- **Next comment**: each moderator is a process that asks `queues.next_for` for the next six, which leases them, and
  approves the first, again and again. The time is that of asking. Without a pause is harder than any newsroom: it
  shows what the database gives when it is asked without end. Who waits half a second decides 120 a minute.
- **No comment to two**: everything one moderator was given, five ahead included, is compared with what the others were.
- **Desk page**: the median of 15 requests inside the server's process, session and templates included.
- **Key to next comment painted**: from the key's arrival in the page until after the first frame in which another
  comment's heading stands. Gunicorn with three workers serves the page; one key in five rejects (`r`, then a digit).
- **Decisions a minute**: until the last one is acknowledged. Keys in the first 250 ms of a comment are ignored on
  purpose, so that no keyboard reaches 240.
- **Without drawing it**: what the databases and Django's models take, in the server's process. What the desk page takes
  beyond that is the drawing of its forms.
- The comments are of 20,000 readers under 400 articles, every tenth that waits with a finding and every fiftieth a
  suspect, each with a text of its own, its imprint and its words; one in 200 that are visible was reported."""
