"""How much work an act gives the database, in units that a slow machine does not change."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import Any

from django.core.cache import caches
from django.db import connection, transaction

Act = Callable[[], object]
_STATEMENTS = ("SELECT", "WITH", "(", "INSERT", "UPDATE", "DELETE")
_READ = ("Actual Rows", "Rows Removed by Filter", "Rows Removed by Join Filter", "Rows Removed by Index Recheck")


def work_of(prepare: Callable[[], Act]) -> int:
    """Turns of SQLite's machine, or rows that the nodes of PostgreSQL's plans read, for one act; it is taken back.

    `prepare` finds what the act is about. It is done once before it counts: what is kept between requests is there.
    """
    for counting in (_not_counted, _counted):
        with transaction.atomic():
            act = prepare()
            caches["pages"].clear()
            with counting() as counted:
                act()
            transaction.set_rollback(True)
    return sum(counted)


def _not_counted() -> AbstractContextManager[list[int]]:
    return nullcontext([])


def _counted() -> AbstractContextManager[list[int]]:
    return _rows_of_plans() if connection.vendor == "postgresql" else _turns()


@contextmanager
def _turns() -> Iterator[list[int]]:
    """What an index of words does inside itself to find its rows is not in it; each row it gives is."""
    counted = [0]

    def turn() -> int:
        counted[0] += 1
        return 0

    connection.connection.set_progress_handler(turn, 1)
    try:
        yield counted
    finally:
        connection.connection.set_progress_handler(None, 0)


@contextmanager
def _rows_of_plans() -> Iterator[list[int]]:
    """Each statement is explained as it runs, taken back, and then run."""
    counted: list[int] = []

    def explained(execute: Any, sql: Any, params: Any, many: bool, context: Any) -> Any:
        words = str(sql).lstrip().upper()
        if not many and words.startswith(_STATEMENTS):
            counted.append(_rows(_explained(sql, params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(explained):
        yield counted


def _explained(sql: str, params: Any) -> dict[str, Any]:
    """By psycopg's own cursor, that is: past the wrapper."""
    with connection.connection.cursor() as cursor:
        cursor.execute("SAVEPOINT explained")
        cursor.execute(f"EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) {sql}", params)
        told = cursor.fetchone()[0]
        cursor.execute("ROLLBACK TO SAVEPOINT explained")
        cursor.execute("RELEASE SAVEPOINT explained")
    return (json.loads(told) if isinstance(told, str) else told)[0]["Plan"]


def _rows(node: dict[str, Any]) -> int:
    own = sum(node.get(name, 0) for name in _READ) * node["Actual Loops"]
    return round(own) + sum(_rows(below) for below in node.get("Plans", ()))
