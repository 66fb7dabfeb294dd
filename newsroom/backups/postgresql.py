"""pg_dump and pg_restore, PostgreSQL's own tools: they must be installed, and no older than the server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path

from django.core.cache import caches
from django.core.cache.backends.db import DatabaseCache
from django.db import DatabaseError, connection

from newsroom.backups.manifest import RefusedBackup
from newsroom.patience import unhurried

FILE = "database.dump"
# How long, in ms, putting back waits for the tables that somebody still reads.
LOCK_TIMEOUT = 60_000
# What a restore makes anew. Extensions stay: they often belong to who runs the server.
_CLEAR = """
SET LOCAL client_min_messages = warning;
DO $$ DECLARE one text; BEGIN
  FOR one IN
    SELECT format('TABLE %I.%I', schemaname, tablename) FROM pg_tables WHERE schemaname = current_schema()
    UNION ALL SELECT format('TEXT SEARCH CONFIGURATION %s', oid::regconfig) FROM pg_ts_config
      WHERE cfgnamespace = current_schema()::regnamespace
  LOOP EXECUTE 'DROP ' || one || ' CASCADE'; END LOOP;
END $$;
"""


def copy(to: Path, *, tables: Iterable[str]) -> dict[str, int]:
    """Rows by table, counted in the very snapshot that pg_dump reads. Raises RefusedBackup."""
    try:
        with unhurried(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            _run("pg_dump", *_dumping(snapshot), f"--file={to}")
            # Reading it to its end is the check: what cannot be unpacked now could not be put back later.
            _run("pg_restore", f"--file={os.devnull}", str(to), connects=False)
            return {table: _count(table) for table in tables}
    except DatabaseError as failed:
        raise RefusedBackup(f"The database could not be copied: {failed}.") from failed


def put_back(file: Path, *, rows: dict[str, int]) -> None:
    """In one transaction, counted before it commits: when it fails, the database that was there stands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_schema()")
        (schema,) = cursor.fetchone()
    reading = [_tool("pg_restore"), "--no-owner", "--no-privileges", "--no-comments", "--file=-", str(file)]
    command, env = _connected("psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--file=-")
    with tempfile.TemporaryFile() as said:
        piped = {"stdin": subprocess.PIPE, "stdout": subprocess.DEVNULL, "stderr": said}
        with subprocess.Popen(command, env=env, **piped) as writing:  # type: ignore[call-overload]  # noqa: S603 (found by its name)
            whole = _feed(writing, reading, _CLEAR, _counted(rows, schema))
        if writing.returncode or not whole:
            said.seek(0)
            why = said.read().decode(errors="replace").strip().splitlines()
            raise RefusedBackup(
                f"The database could not be put back: {why[0] if why else file.name}. The old one stands."
            )
    connection.close()


def _feed(writing: subprocess.Popen[bytes], reading: list[str], before: str, after: str) -> bool:
    """All of what pg_restore reads, in one transaction; no COMMIT is sent unless it read to the end."""
    assert writing.stdin is not None  # noqa: S101 (asked for a pipe)
    with subprocess.Popen(reading, stdout=subprocess.PIPE, env=_surroundings()) as read:  # noqa: S603 (found by its name)
        assert read.stdout is not None  # noqa: S101 (asked for a pipe)
        try:
            writing.stdin.write(f"BEGIN;\nSET LOCAL lock_timeout = {LOCK_TIMEOUT};\n{before}".encode())
            shutil.copyfileobj(read.stdout, writing.stdin)
            if read.wait() == 0:
                writing.stdin.write(f"{after}\nCOMMIT;\n".encode())
            writing.stdin.close()
        except BrokenPipeError:
            # psql has stopped at a mistake, and says which.
            read.kill()
            return False
    return read.returncode == 0


def _counted(rows: dict[str, int], schema: str) -> str:
    checks = "".join(
        f"  IF (SELECT count(*) FROM {_named(schema)}.{_named(table)}) <> {count:d} THEN"  # noqa: S608 (the manifest's names are words)
        f" RAISE EXCEPTION 'the backup does not hold the {count:d} rows of {table} that it should'; END IF;\n"
        for table, count in rows.items()
    )
    return f"DO $$ BEGIN\n{checks}END $$;"


def _dumping(snapshot: str) -> list[str]:
    kept = [one for one in caches.all() if isinstance(one, DatabaseCache)]
    without = [f"--exclude-table-data={one._table}" for one in kept]  # type: ignore[attr-defined]
    return ["--format=custom", "--no-owner", "--no-privileges", "--no-comments", f"--snapshot={snapshot}", *without]


def _count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {_named(table)}")  # noqa: S608 (names of our own models)
        (count,) = cursor.fetchone()
    return count


def _named(name: str) -> str:
    return connection.ops.quote_name(name)


def _run(name: str, *words: str, connects: bool = True) -> None:
    command, env = _connected(name, *words) if connects else ([_tool(name), *words], _surroundings())
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)  # noqa: S603 (found by its name)
    if done.returncode:
        raise RefusedBackup(f"{name} failed: {done.stderr.strip() or done.returncode}.")


def _connected(name: str, *words: str) -> tuple[list[str], dict[str, str]]:
    """The command with Django's own connection; the password goes by the environment, where `ps` does not show it."""
    (_psql, *rest), own = connection.client.settings_to_cmd_args_env(connection.settings_dict, [*words])
    return [_tool(name), *rest], _surroundings() | (own or {})


def _surroundings() -> dict[str, str]:
    return {"PATH": os.pathsep.join(os.get_exec_path()), "HOME": str(Path.home())}


def _tool(name: str) -> str:
    """Where the tool lies. Raises RefusedBackup where it is missing or older than the server."""
    found = shutil.which(name)
    if found is None:
        raise RefusedBackup(f"{name} is not installed: it comes with PostgreSQL's client (Debian: postgresql-client).")
    told = subprocess.run([found, "--version"], capture_output=True, text=True, check=True).stdout  # noqa: S603
    version, server = int((re.search(r"(\d+)", told) or ["0"])[0]), connection.pg_version // 10_000  # type: ignore[attr-defined]
    if version < server:
        raise RefusedBackup(f"{name} is of version {version}, the server of {server}: install the newer client.")
    return found
