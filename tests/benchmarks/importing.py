"""How fast comments come in from an export, what they weigh, how much memory it takes. A command, not a test.

`python -m tests.benchmarks.importing --comments 100000`. Each database lies in memory (/dev/shm, where there is one),
in a folder or a cluster of its own. Talks to 127.0.0.1 alone.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.benchmarks.family import FamilyWatched
from tests.benchmarks.table import NAMES, Row
from tests.benchmarks.writing import IN_MEMORY, PROJECT, database, environment

GOALS = {"postgresql": 20_000, "sqlite": 10_000}
SEED_AT_LEAST = 20_000
MEMORY_MOST = 250
# A run that takes longer than this, in seconds, has got stuck.
PATIENCE = 7200


@dataclass(frozen=True)
class Ran:
    """One command: wall seconds, processor seconds of it and of those it waited for, what it said.

    `memory` is the most, in MiB, that it and the processes it started held together.
    """

    seconds: float
    processor: float
    memory: float
    said: str

    @property
    def rates(self) -> tuple[float, float]:
        """Comments a second by the command's own clock: all told, and without the search rows and imprints."""
        found = re.search(r"(\d+) comments a second in \d+ s; (\d+) without", self.said)
        if found is None:
            raise ValueError(self.said)
        return float(found[1]), float(found[2])


def run(*, databases: Sequence[str] = ("sqlite", "postgresql"), comments: int = 1_000_000) -> list[Row]:
    """Import and seed_load on each database, as rows with their goals; bytes a comment as they lie on the disk.

    Raises tests.faults.machines.Missing without PostgreSQL.
    """
    parent = IN_MEMORY if IN_MEMORY.is_dir() else Path(tempfile.gettempdir())
    rows: list[Row] = []
    for name in databases:
        with tempfile.TemporaryDirectory(prefix="bench-importing-", dir=parent) as folder:
            rows += _import_rows(name, parent, Path(folder), comments)
            rows += _seed_rows(name, parent, Path(folder), comments)
    return rows


def _import_rows(name: str, parent: Path, folder: Path, comments: int) -> Iterator[Row]:
    with database(name, parent) as address:
        own = folder / "import"
        own.mkdir()
        env = environment(str(own), address)
        _manage(env, "migrate", "-v0")
        export = own / "export.jsonl"
        _manage(env, "-m", "tests.benchmarks.export_written", str(export), str(comments))
        empty = _bytes(env)
        ran = _manage(env, "import_comments", str(export))
        faults = _faults(env)
        weight = (_bytes(env) - empty) / comments
    told, (all_told, rows_alone) = NAMES[name], ran.rates
    goal = GOALS[name]
    cores = f"{ran.processor / comments * 1e6:.0f} µs of the processor a comment"
    yield Row(
        f"{told}: import of {comments:,}, rows and decisions",
        f"≥ {goal:,}/s",
        f"{rows_alone:,.0f}/s",
        rows_alone >= goal,
    )
    yield Row(f"{told}: the same with search rows and imprints", "", f"{all_told:,.0f}/s; {cores}")
    yield Row(
        f"{told}: its memory, with the process beside it",
        f"< {MEMORY_MOST} MB",
        f"{ran.memory:.0f} MB",
        ran.memory < MEMORY_MOST,
    )
    yield Row(f"{told}: bytes a comment, with search rows and imprints", "", f"{weight:,.0f}")
    yield Row(f"{told}: counters and chains after it", "whole", faults or "whole", not faults)


def _seed_rows(name: str, parent: Path, folder: Path, comments: int) -> Iterator[Row]:
    with database(name, parent) as address:
        own = folder / "seed"
        own.mkdir()
        env = environment(str(own), address)
        _manage(env, "migrate", "-v0")
        ran = _manage(env, "seed_load", "--comments", str(comments), "--add-made-up-comments-to-a-real-site")
    all_told, rows_alone = ran.rates
    yield Row(
        f"{NAMES[name]}: seed_load of {comments:,}, rows and decisions",
        f"≥ {SEED_AT_LEAST:,}/s",
        f"{rows_alone:,.0f}/s ({all_told:,.0f}/s with search rows and imprints)",
        rows_alone >= SEED_AT_LEAST,
    )


def _manage(env: dict[str, str], *words: str) -> Ran:
    """Run one command in a process of its own, and say what it took."""
    command = [sys.executable, *(words if words[0] == "-m" else ("manage.py", *words))]
    began = time.perf_counter()
    with tempfile.TemporaryFile("w+") as said:
        process = subprocess.Popen(command, cwd=PROJECT, env=env | {"LANGUAGE_CODE": "en"}, stdout=said)
        with FamilyWatched(process.pid) as family:
            _pid, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        seconds = time.perf_counter() - began
        said.seek(0)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, command)
        return Ran(seconds, used.ru_utime + used.ru_stime, family.peak, said.read())


def _faults(env: dict[str, str]) -> str:
    try:
        _manage(env, "check_integrity")
    except subprocess.CalledProcessError:
        return "check_integrity found faults"
    return ""


def _bytes(env: dict[str, str]) -> int:
    return int(_manage(env, "-m", "tests.benchmarks.database_bytes").said)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--databases", nargs="+", choices=list(NAMES), default=["sqlite", "postgresql"])
    parser.add_argument("--comments", type=int, default=1_000_000)
    asked = parser.parse_args()
    for row in run(databases=asked.databases, comments=asked.comments):
        sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    main()
