"""Sessions as Django keeps them in the database, found by a statement that is composed once."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseSessions
from django.contrib.sessions.models import Session
from django.db import connection
from django.utils import timezone

from newsroom.composed import MOMENT, WORD, Composed


class SessionStore(DatabaseSessions):
    def _get_session_from_db(self) -> Any:
        """The session of this key unless its time is over; else the key is forgotten, as by Django."""
        found = _kept(connection.vendor).asked([self.session_key, timezone.now()])
        if not found:
            self._session_key = None
        return found[0] if found else None


@cache
def _kept(_vendor: str) -> Composed:
    return Composed(Session.objects.filter(session_key=WORD, expire_date__gt=MOMENT), [WORD, MOMENT])
