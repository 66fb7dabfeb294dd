"""Statements that PostgreSQL reads and plans once a connection, and then only runs.

To read and plan the statement of a kept page took it six times as long as to run it. Django writes values into the
text of a statement, so that each is a new one to PostgreSQL; here they are sent beside it, and what a connection runs
for the third time is prepared. SQLite does so by itself.

Its plan is soon one for all values. So what a partial index is conditioned on, and every other value that never
changes, stands in the text; and a parameter whose type the statement does not tell is given one by CAST. A list is one
array (`= ANY(%s)`), not a statement for each length. Behind a pooler that changes connections between statements
nothing is prepared (PREPARED_STATEMENTS=0, docs/howto/deploy.md): then this is `connection.cursor()`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections


def cursor() -> Any:
    """As `connection.cursor()`, for statements that are run again and again."""
    # `connection` looks itself up at each mention of it.
    current: Any = connections[DEFAULT_DB_ALIAS]
    if current.vendor != "postgresql" or current.settings_dict["OPTIONS"].get("prepare_threshold") is None:
        return connection.cursor()
    current.close_if_health_check_failed()
    current.ensure_connection()
    with current.wrap_database_errors:
        return current._prepare_cursor(_kind()(current.connection))


@cache
def _kind() -> Any:
    """Made late: without PostgreSQL its library is not read."""
    from django.db.backends.postgresql.base import ServerBindingCursor

    class Prepared(ServerBindingCursor):
        def _send_query_prepared(self, name: bytes, pgq: Any, **how: Any) -> None:
            # psycopg forgets the words of what it has prepared; Django's log of statements asks for them.
            self._query = pgq
            super()._send_query_prepared(name, pgq, **how)  # type: ignore[misc]

    return Prepared
