"""Sessions as Django keeps them in the database, found by a statement that is composed once."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db import InterfaceError, OperationalError, connection
from django.utils import timezone

from newsroom.composed import MOMENT, WORD, Composed


class SessionStore(DatabaseSessions):
    def load(self) -> dict[str, Any]:
        """What is kept under this key unless its time is over; else the key is forgotten, as by Django."""
        found = _of_key(self.session_key)
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])


def _of_key(key: str | None) -> list[Sequence[Any]]:
    """The first query of a staff page is its own check of the connection: it is asked again on a new one."""
    connection.health_check_done = True  # type: ignore[attr-defined]
    asked = [key, timezone.now()]
    try:
        return _kept(connection.vendor).rows(asked)
    except (InterfaceError, OperationalError):
        if connection.in_atomic_block:
            raise
        connection.close()
        return _kept(connection.vendor).rows(asked)


@cache
def _kept(_vendor: str) -> Composed:
    rows = Session.objects.filter(session_key=WORD, expire_date__gt=MOMENT)
    return Composed(rows.values_list("session_data"), [WORD, MOMENT])
