"""How fast the desk is: `make bench-desk` (ARGS="--pending 20000" for a short run). A command, not a test.

Makes its own databases (a SQLite file in a temporary folder; one of its own on the PostgreSQL server of DATABASE_URL,
dropped after), fills them, measures, and writes docs/reference/performance-desk.md. Talks to 127.0.0.1 alone.
"""

from __future__ import annotations

import argparse
import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg
from psycopg import sql

from tests.benchmarks.table import page

PROJECT = Path(__file__).resolve().parent.parent.parent
PAGE = PROJECT / "docs" / "reference" / "performance-desk.md"
MODERATORS = {"postgresql": 10, "sqlite": 4}
# A run that takes longer than this, in seconds, has got stuck.
PATIENCE = 3600


def main() -> None:
    asked = _arguments()
    found: list[dict[str, Any]] = []
    for name in asked.databases:
        found.append(measured(name, asked))
        # After each: the second may be stopped.
        asked.to.write_text(page(found, command=f"make bench-desk{_given()}"))
    sys.stdout.write(f"{asked.to.read_text()}\n{asked.to}\n")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make bench-desk", description=__doc__)
    parser.add_argument("--pending", type=int, default=200_000, help="how many comments wait")
    parser.add_argument("--decided", type=int, default=800_000, help="how many were decided before")
    parser.add_argument("--turns", type=int, default=40, help="how many comments each moderator decides")
    parser.add_argument("--decisions", type=int, default=60, help="how many the scripted keyboard decides; 0: none")
    parser.add_argument("--databases", nargs="+", choices=list(MODERATORS), default=list(MODERATORS))
    parser.add_argument("--to", type=Path, default=PAGE, help="the file to write")
    return parser.parse_args()


def _given() -> str:
    return f' ARGS="{" ".join(sys.argv[1:])}"' if sys.argv[1:] else ""


def measured(name: str, asked: argparse.Namespace) -> dict[str, Any]:
    """Each database in a process of its own: Django's settings are read once."""
    sys.stdout.write(f"{name}: {asked.pending} comments …\n")
    sys.stdout.flush()
    with tempfile.TemporaryDirectory(prefix="bench-desk-") as folder, _database(name) as address:
        file = Path(folder) / "ask.json"
        ask = {"pending": asked.pending, "decided": asked.decided, "turns": asked.turns, "decisions": asked.decisions}
        file.write_text(json.dumps(ask | {"moderators": MODERATORS[name]}))
        words = [sys.executable, "-m", "tests.benchmarks.one_database", str(file)]
        subprocess.run(words, env=_environment(folder, address), cwd=PROJECT, check=True, timeout=PATIENCE)
        return json.loads(file.read_text())


def _environment(folder: str, address: str) -> dict[str, str]:
    """As in production, but for TLS."""
    left = {name: value for name, value in os.environ.items() if name not in ("DEBUG", "DATABASE_URL")}
    own = {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATA_DIR": folder,
        "STATIC_ROOT": f"{folder}/static",
        "SECRET_KEY": secrets.token_urlsafe(50),
        "ALLOWED_HOSTS": "127.0.0.1",
        "HTTPS": "0",
        "LOG_LEVEL": "ERROR",
        # Playwright's loop runs in the thread that asks the database.
        "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
    }
    return left | own | ({"DATABASE_URL": address} if address else {})


@contextmanager
def _database(name: str) -> Iterator[str]:
    """The address of a database of its own; empty for SQLite, whose file lies in the run's folder."""
    if name == "sqlite":
        yield ""
        return
    server = os.environ.get("DATABASE_URL") or "postgres://postgres@127.0.0.1/postgres"
    own = f"bench_desk_{secrets.token_hex(4)}"
    _tell(server, "CREATE DATABASE {}", own)
    try:
        yield urlsplit(server)._replace(path=f"/{own}").geturl()
    finally:
        _tell(server, "DROP DATABASE {} WITH (FORCE)", own)


def _tell(server: str, words: str, name: str) -> None:
    with psycopg.connect(server, autocommit=True) as connected:
        connected.execute(sql.SQL(words).format(sql.Identifier(name)))


if __name__ == "__main__":
    main()
