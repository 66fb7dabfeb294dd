"""How long PostgreSQL may take over one statement. STATEMENT_TIMEOUT_MS (newsroom/settings.py) is for the web, where
others wait behind it; what a command reads or changes of whole tables grows with them, and is let take its time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from django.db import Error, connection, transaction


@contextmanager
def unhurried() -> Iterator[None]:
    """Statements inside are one transaction, and have no limit. On SQLite, which has none, nothing is begun.

    The limit of the connection itself stays: behind a pooler, who gets it next has the usual one.
    """
    if connection.vendor != "postgresql":
        yield
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        (before,) = cursor.fetchone()
        cursor.execute("SET LOCAL statement_timeout = 0")
        yield
        # Within a larger transaction it would stay until that one's end.
        cursor.execute("SELECT set_config('statement_timeout', %s, true)", [before])


@contextmanager
def unhurried_connection(one: Any) -> Iterator[None]:
    """The same for what begins and ends transactions of its own.

    Behind a pooler that changes connections between statements (PREPARED_STATEMENTS=0) the usual limit holds: lifted,
    it would be lifted for others.
    """
    if one.vendor != "postgresql" or one.settings_dict["OPTIONS"].get("prepare_threshold") is None:
        yield
        return
    with one.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        (before,) = cursor.fetchone()
        cursor.execute("SET statement_timeout = 0")
    try:
        yield
    finally:
        # A connection that was lost takes what it was told with it.
        with suppress(Error), one.cursor() as cursor:
            cursor.execute("SELECT set_config('statement_timeout', %s, false)", [before])
