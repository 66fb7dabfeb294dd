"""`make bench`: all that is measured, in one run, into docs/reference/performance.md. A command, not a test.

ARGS="--short" for a run of some minutes; ARGS="--parts importing" for one part. isso and
django-comments-xtd are measured beside where they install (into environments of their own, forgotten afterwards). The
desk has a page of its own: `make bench-desk`.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

from tests.benchmarks import importing, reading, writing
from tests.benchmarks.peers import Peers, installed
from tests.benchmarks.peers import told as told_of
from tests.benchmarks.table import NAMES, Row, machine
from tests.faults.machines import Missing

PAGE = writing.PROJECT / "docs" / "reference" / "performance.md"
_HEAD = """# How fast the site is
`{command}` wrote this page on {machine}.
Load average over one minute: {before:.1f} before, {after:.1f} after, on {cores} cores. Server, database and clients
share the machine: above the number of cores they wait for each other and for other work, and that is part of the
figures. Then ratios within one run say more than rates.

{peers}

The desk: [performance-desk.md](performance-desk.md). What one machine holds by these figures:
[scale](../howto/scale.md)."""
_FOOT = """## How it is measured
- **Databases** lie in memory where the machine has `/dev/shm`, so that the disk's fsync, which differs by forty times
  between machines and minutes, is no part of the figures. SQLite is a new file, PostgreSQL a cluster of its own.
- **Rates** are the median of three rounds, of a thousand at once that of three acts; pages of all sizes and the floor
  take turns.
- **Peers** ran with two gunicorn workers too, on SQLite files in memory, with comments of the same text, four in ten of
  them answers. They give out whole threads; here a page holds fifty branches.
- **Import**: `seeding` writes an export of JSON lines (lengths log-normal, 40 % answers, few hot articles and many cold
  ones, 5 % pending, 8 % rejected), `manage.py import_comments` reads it in a process of its own. Both rates are the
  command's own: all told, and without the seconds that the search rows and the imprints took.
- **Memory** is the most that the command and the processes it started held together (PSS, looked at five times a
  second): what they share is counted once.
- **Bytes a comment** are those of the database with all its tables and indexes, after less before."""


def main() -> None:
    asked = _arguments()
    before = os.getloadavg()[0]
    began = time.monotonic()
    with nullcontext(dict[str, Path]()) if asked.without_peers else installed() as peers:
        parts = {name: list(_measured(part, asked, peers)) for name, part in _PARTS.items() if name in asked.parts}
        told = _HEAD.format(
            command=f"make bench{_given()}",
            machine=machine(),
            before=before,
            after=os.getloadavg()[0],
            cores=os.cpu_count(),
            peers=told_of(peers, were_asked_for=not asked.without_peers),
        )
    sections = [_section(name, rows) for name, rows in parts.items()]
    asked.to.write_text("\n\n".join([told, *sections, _FOOT]) + "\n")
    sys.stdout.write(f"{asked.to.read_text()}\n{asked.to}: {time.monotonic() - began:.0f} s\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench", description=__doc__)
    parser.add_argument("--short", action="store_true", help="few comments, few seconds")
    parser.add_argument("--parts", nargs="+", choices=list(_PARTS), default=list(_PARTS))
    parser.add_argument("--databases", nargs="+", choices=list(NAMES), default=["sqlite", "postgresql"])
    parser.add_argument("--comments", type=int, help="how many are imported (1,000,000; short: 20,000)")
    parser.add_argument("--without-peers", action="store_true", help="do not install isso and django-comments-xtd")
    parser.add_argument("--to", type=Path, default=PAGE, help="the file to write")
    return parser.parse_args()


def _given() -> str:
    return f' ARGS="{" ".join(sys.argv[1:])}"' if sys.argv[1:] else ""


def _reading(asked: argparse.Namespace, peers: Peers) -> list[Row]:
    how: dict[str, Any] = {"sizes": (100, 1_000, 10_000), "seconds": 2} if asked.short else {}
    return reading.run(databases=asked.databases, peers=peers, **how)


def _writing(asked: argparse.Namespace, peers: Peers) -> list[Row]:
    how: dict[str, Any] = {"stored": 1_000, "pending": 5_000, "seconds": 2} if asked.short else {}
    return writing.run(databases=asked.databases, peers=peers, **how)


def _importing(asked: argparse.Namespace, _peers: Peers) -> list[Row]:
    return importing.run(databases=asked.databases, comments=asked.comments or (20_000 if asked.short else 1_000_000))


Part = Callable[[argparse.Namespace, Peers], list[Row]]
_PARTS: dict[str, Part] = {"reading": _reading, "writing": _writing, "importing": _importing}


def _measured(part: Part, asked: argparse.Namespace, peers: Peers) -> Iterator[Row]:
    try:
        yield from part(asked, peers)
    except Missing as missing:
        yield Row("left out", "", str(missing))


def _section(name: str, rows: list[Row]) -> str:
    lines = ["| what | goal | figure | |", "|---|---|---|---|", *map(str, rows)]
    return f"## {name.capitalize()}\n\n" + "\n".join(lines)


if __name__ == "__main__":
    main()
