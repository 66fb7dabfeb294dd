"""A copy as somebody makes it who never read docs/howto/backup.md: of a database that is written, piece by piece."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import psycopg

from tests.faults.site import Site

FILE = "newsroom.sqlite3"


def copy(site: Site, kept: Path) -> list[str]:
    """SQLite: the main file without the `-wal` beside it, in which the newest lies. PostgreSQL: table after table, each
    as it was at another moment."""
    kept.mkdir()
    if not site.database:
        shutil.copyfile(site.folder / FILE, kept / FILE)
        return []
    said: list[str] = []
    for table in _tables(site):
        words = ["pg_dump", "--data-only", f"--table={table}", f"--file={kept / table}.sql", site.database]
        said += _run(words)
    return said


def put_back(kept: Path, other: Site) -> list[str]:
    """Into an empty site; no foreign key stops what does not fit."""
    if not other.database:
        shutil.copyfile(kept / FILE, other.folder / FILE)
        return []
    other.manage("migrate")
    with psycopg.connect(other.database, autocommit=True) as asked:
        asked.execute(f"TRUNCATE {', '.join(_tables(other))} CASCADE")
    files = [f"--file={file}" for file in sorted(kept.glob("*.sql"))]
    return _run(["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", *files, other.database])


def _tables(site: Site) -> list[str]:
    """The site's own, what hangs on others first."""
    named = "SELECT tablename FROM pg_tables WHERE tablename ~ '^(comments|newsroom)_' ORDER BY 1 DESC"
    with psycopg.connect(site.database) as asked:
        return [table for (table,) in asked.execute(named)]


def _run(words: list[str]) -> list[str]:
    env = os.environ | {"PGOPTIONS": "-c session_replication_role=replica"}
    done = subprocess.run(words, env=env, capture_output=True, text=True, timeout=120)
    return done.stderr.strip().splitlines()[-1:] if done.returncode else []
