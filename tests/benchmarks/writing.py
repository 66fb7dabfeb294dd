"""How fast the site writes: a reader's post, one decision, a thousand at once. A command, not a test.

`python -m tests.benchmarks.writing` measures SQLite and PostgreSQL, each on files of its own in memory (/dev/shm, where
there is one), against gunicorn with two workers and eight clients. `make bench` measures its peers beside, in the same
run. Talks to 127.0.0.1 alone.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from types import MappingProxyType
from typing import Any

from tests.benchmarks.peers import ISSO, XTD, Peers, isso_beside, xtd_beside
from tests.benchmarks.table import NAMES, Row
from tests.faults.machines import cluster

PROJECT = Path(__file__).resolve().parent.parent.parent
IN_MEMORY = Path("/dev/shm")
# A run that takes longer than this, in seconds, has got stuck.
PATIENCE = 1800
DECISIONS_AT_LEAST = 400
BULK_AT_LEAST = 5_000
SUBMITS_AT_LEAST = 300


def run(
    *,
    databases: Sequence[str] = ("sqlite", "postgresql"),
    stored: int = 10_000,
    pending: int = 100_000,
    seconds: float = 6,
    peers: Peers = MappingProxyType({}),
) -> list[Row]:
    """Everything measured, one database after the other, as rows with their goals.

    `stored` comments before the posts, `pending` before the decisions; `seconds` of load for each round. `peers`:
    the Pythons of environments with each of them. Raises tests.faults.machines.Missing without wrk or PostgreSQL.
    """
    parent = IN_MEMORY if IN_MEMORY.is_dir() else Path(tempfile.gettempdir())
    how: dict[str, Any] = {"stored": stored, "pending": pending, "seconds": seconds}
    rows, peer = [], None
    if ISSO in peers:
        peer = {work: asdict(told) for work, told in isso_beside.write(peers[ISSO], parent=parent, **how).items()}
        rows += [_peer_row(ISSO, "submit", peer["submit"]), _peer_row(ISSO, "decide", peer["decide"])]
    if XTD in peers:
        held = xtd_beside.submit(peers[XTD], stored=stored, seconds=seconds, parent=parent)
        rows.append(_peer_row(XTD, "submit", asdict(held)))
    for name in databases:
        rows += _rows(_measured(name, parent, how), peer)
    return rows


def _measured(name: str, parent: Path, how: dict[str, Any]) -> dict[str, Any]:
    """Each database in a process of its own: Django's settings are read once."""
    with tempfile.TemporaryDirectory(prefix="bench-writing-", dir=parent) as folder, database(name, parent) as address:
        file = Path(folder) / "ask.json"
        file.write_text(json.dumps(how))
        words = [sys.executable, "-m", "tests.benchmarks.writing_one", str(file)]
        subprocess.run(words, env=environment(folder, address), cwd=PROJECT, check=True, timeout=PATIENCE)
        return json.loads(file.read_text())


@contextmanager
def database(name: str, parent: Path) -> Iterator[str]:
    """The address of a database of its own; empty for SQLite, whose file lies in the run's folder."""
    if name == "sqlite":
        yield ""
        return
    with cluster(parent) as made:
        yield made.make()


def environment(folder: str, address: str) -> dict[str, str]:
    """As in production, but for TLS, and for limits that nobody reaches: they are counted all the same."""
    left = {name: value for name, value in os.environ.items() if name not in ("DEBUG", "DATABASE_URL", "CACHE_URL")}
    own = {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": folder,
        "STATIC_ROOT": f"{folder}/static",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
        "LOG_LEVEL": "ERROR",
        "TRUSTED_PROXIES": "127.0.0.1",
        "LIMIT_SUBMIT_PER_ADDRESS": "1000000,600",
        "LIMIT_SUBMIT_PER_READER": "1000000,600",
    }
    return left | own | ({"DATABASE_URL": address} if address else {})


def _rows(found: dict[str, Any], peer: dict[str, Any] | None) -> Iterator[Row]:
    name = NAMES[found["vendor"]]
    submit, decide = found["submit"], found["decide"]
    if found["vendor"] == "sqlite":
        yield _against(f"{name}: submit, every check on", submit, peer and peer["submit"], least=0)
    else:
        yield _against(f"{name}: submit, every check on", submit, None, least=SUBMITS_AT_LEAST)
    yield _against(f"{name}: decide one by one", decide, peer and peer["decide"], least=DECISIONS_AT_LEAST)
    for work, told in (("bulk", "decided at once"), ("undo", "of them taken back at once")):
        is_met = found[work] >= BULK_AT_LEAST
        yield Row(f"{name}: 1,000 {told}", f"{BULK_AT_LEAST:,}/s", f"{found[work]:,.0f}/s", is_met)
    whole = not found["faults"]
    told = "; ".join(found["faults"]) or "counters equal a recount, chains replay"
    yield Row(f"{name}: after {found['submitted']:,} posts and {found['decided']:,} decisions", "whole", told, whole)


def _against(what: str, ours: dict[str, Any], theirs: dict[str, Any] | None, *, least: int) -> Row:
    """Met where it is ahead of the peer in the same run, and not below what it must reach alone."""
    figure, wanted, is_met = _figure(ours), [], ours["a_second"] >= least
    if least:
        wanted.append(f"at least {least}/s")
    if theirs:
        wanted.append("ahead of isso")
        figure += f"; {ours['a_second'] / theirs['a_second']:.2f} of isso"
        is_met = is_met and ours["a_second"] > theirs["a_second"]
    return Row(what, ", ".join(wanted), figure, is_met if wanted else None)


def _peer_row(name: str, work: str, theirs: dict[str, Any]) -> Row:
    told = {"submit": "submit, held for moderation", "decide": "approve, no record, no counters"}
    return Row(f"{name}: {told[work]}", "", _figure(theirs))


def _figure(one: dict[str, Any]) -> str:
    refused = {status: count for status, count in one["answers"].items() if status[0] not in "23"}
    figure = f"{one['a_second']:,.0f}/s, p99 {one['p99']:.0f} ms, {one['cpu_ms']:.2f} ms of CPU each"
    return figure + (f", refused {refused}" if refused else "")


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.writing", description=__doc__)
    parser.add_argument("--databases", nargs="+", choices=list(NAMES), default=["sqlite", "postgresql"])
    parser.add_argument("--stored", type=int, default=10_000, help="comments before the posts")
    parser.add_argument("--pending", type=int, default=100_000, help="comments before the decisions")
    parser.add_argument("--seconds", type=float, default=4, help="of load for each round")
    rows = run(**vars(parser.parse_args()))
    sys.stdout.write("\n".join(["| what | goal | figure | |", "|---|---|---|---|", *map(str, rows)]) + "\n")


if __name__ == "__main__":
    main()
