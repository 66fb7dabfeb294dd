"""How fast a thread is read: kept pages beside the floor, a page after a change, lists. A command, not a test.

`python -m tests.benchmarks.reading` measures SQLite and PostgreSQL against gunicorn with two workers and eight clients.
The floor is a constant answer of the same size from the same server in the same run. Talks to 127.0.0.1 alone.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.benchmarks.peers import ISSO, XTD, Peers, isso_beside, xtd_beside
from tests.benchmarks.table import NAMES, Row
from tests.benchmarks.writing import IN_MEMORY, PATIENCE, PROJECT, database, environment

SIZES = (100, 1_000, 10_000, 1_000_000)
# They give out whole threads: the longest that is asked of each, for one of 10,000 takes the second a dozen seconds.
OF_PEERS = {ISSO: 10_000, XTD: 1_000}
OF_THE_FLOOR, APART, MADE_MS, LISTS_RATIO = 0.4, 0.2, 15, 1.3


def run(
    *,
    databases: Sequence[str] = ("sqlite", "postgresql"),
    sizes: Sequence[int] = SIZES,
    seconds: float = 6,
    peers: Peers = MappingProxyType({}),
) -> list[Row]:
    """Everything measured, one database after the other, as rows with their goals.

    `sizes`: visible comments of each thread, the smallest first; `seconds` of load for each figure; `peers`: the
    Pythons of environments with each of them, asked for threads of up to OF_PEERS.
    Raises tests.faults.machines.Missing without wrk or PostgreSQL.
    """
    parent = IN_MEMORY if IN_MEMORY.is_dir() else Path(tempfile.gettempdir())
    rows = list(_peer_rows(peers, sizes, seconds, parent))
    for name in databases:
        rows += _rows(_measured(name, parent, {"sizes": list(sizes), "seconds": seconds}))
    return rows


def _peer_rows(peers: Peers, sizes: Sequence[int], seconds: float, parent: Path) -> Iterator[Row]:
    for name, peer in {ISSO: isso_beside, XTD: xtd_beside}.items():
        if name in peers:
            bearable = [size for size in sizes if size <= OF_PEERS[name]]
            for size, told in peer.read(peers[name], sizes=bearable, seconds=seconds, parent=parent).items():
                figure = f"{told.a_second:,.1f}/s, {told.cpu_ms:,.1f} ms of the server each"
                yield Row(f"{name}: thread of {size:,} comments", "", figure)


def _measured(name: str, parent: Path, how: dict[str, Any]) -> dict[str, Any]:
    """Each database in a process of its own: Django's settings are read once."""
    with tempfile.TemporaryDirectory(prefix="bench-reading-", dir=parent) as folder, database(name, parent) as address:
        file = Path(folder) / "ask.json"
        file.write_text(json.dumps(how))
        words = [sys.executable, "-m", "tests.benchmarks.reading_one", str(file)]
        subprocess.run(words, env=environment(folder, address), cwd=PROJECT, check=True, timeout=PATIENCE)
        return json.loads(file.read_text())


def _rows(found: dict[str, Any]) -> Iterator[Row]:
    name, floor = NAMES[found["vendor"]], found["floor"]
    yield Row(
        f"the floor beside {name}: {found['page_bytes'] // 1000} kB, 8 clients",
        "",
        f"{floor['a_second']:,.0f}/s, {floor['cpu_ms']:.2f} ms of the server each",
    )
    for size, kept in found["kept"].items():
        ratio = kept["a_second"] / floor["a_second"]
        figure = f"{ratio:.2f} ({kept['a_second']:,.0f}/s, {kept['cpu_ms']:.2f} ms of the server each)"
        what = f"{name}: article of {int(size):,} comments, unchanged, of the floor"
        yield Row(what, f"≥ {OF_THE_FLOOR}", figure, ratio >= OF_THE_FLOOR)
    rates = [kept["a_second"] for kept in found["kept"].values()]
    apart = max(rates) / min(rates) - 1
    yield Row(f"{name}: the sizes apart", f"≤ {APART:.0%}", f"{apart:.0%}", apart <= APART)
    for size, took in found["made"].items():
        what = f"{name}: article of {int(size):,} comments after a change"
        yield Row(what, f"≤ {MADE_MS} ms", f"{took:.1f} ms", took <= MADE_MS)
    yield from _lists(name, found["lists"])
    for what, took in found["site"].items():
        before = found["site_before"][what]
        yield _ratio(f"{name}: {what}, with the largest threads against before they came", before, took)


def _lists(name: str, lists: dict[str, dict[str, float]]) -> Iterator[Row]:
    """The largest thread against that of a thousand, or the smallest there is."""
    small, large = lists.get("1000", next(iter(lists.values()))), list(lists.values())[-1]
    for what, took in large.items():
        yield _ratio(f"{name}: {what}, largest thread against a small one", small[what], took)


def _ratio(what: str, before: float, took: float) -> Row:
    ratio = took / before
    return Row(what, f"≤ {LISTS_RATIO}", f"{ratio:.2f} ({before:.1f} ms, {took:.1f} ms)", ratio <= LISTS_RATIO)


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.reading", description=__doc__)
    parser.add_argument("--databases", nargs="+", choices=list(NAMES), default=["sqlite", "postgresql"])
    parser.add_argument("--sizes", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--seconds", type=float, default=6)
    asked = parser.parse_args()
    rows = run(databases=asked.databases, sizes=asked.sizes, seconds=asked.seconds)
    sys.stdout.write("\n".join(["| what | goal | figure | |", "|---|---|---|---|", *map(str, rows)]) + "\n")


if __name__ == "__main__":
    main()
