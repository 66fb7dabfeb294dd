"""SQLite's own online copy: readers and writers go on, and it is the database of one moment."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from django.db import connection

from newsroom.backups.manifest import RefusedBackup

FILE = "database.sqlite3"


def copy(to: Path, *, tables: Iterable[str]) -> dict[str, int]:
    """Rows by table, counted in the copy. Raises RefusedBackup where the copy is not whole."""
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(to)) as made:
            connection.connection.backup(made)
            # One file that needs no other: a copy in WAL would want to write beside itself to be read.
            made.execute("PRAGMA journal_mode=DELETE")
            _refuse_unless_whole(made)
            return {table: made.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] for table in tables}  # noqa: S608 (names of our own models)
    except sqlite3.Error as failed:
        raise RefusedBackup(f"The database could not be copied: {failed}.") from failed


def put_back(file: Path, *, rows: dict[str, int]) -> None:
    """In one transaction of the database that is there: when it fails, or is killed, that one is as it was."""
    connection.ensure_connection()
    try:
        with closing(sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)) as kept:
            _refuse_unless_whole(kept)
            for table, count in rows.items():
                if kept.execute(f'SELECT count(*) FROM "{table}"').fetchone()[0] != count:  # noqa: S608
                    raise RefusedBackup(f"{file.name} does not hold the {count} rows of {table} that it should.")
            kept.backup(connection.connection)
    except sqlite3.Error as failed:
        raise RefusedBackup(f"The database could not be put back: {failed}. The old one stands.") from failed


def _refuse_unless_whole(database: sqlite3.Connection) -> None:
    told = [row[0] for row in database.execute("PRAGMA integrity_check(3)")]
    if told != ["ok"]:
        raise RefusedBackup(f"The database file is damaged: {told[0]}.")
    if stray := database.execute("PRAGMA foreign_key_check").fetchone():
        raise RefusedBackup(f"The database file is damaged: a row of {stray[0]} points to none of {stray[2]}.")
