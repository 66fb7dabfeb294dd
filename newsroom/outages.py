"""What a machine around us does: a database or a Redis that is down, full or too busy, a disk without room."""

from __future__ import annotations

import errno
import sqlite3
import sys
from collections.abc import Iterator

from django.db import InterfaceError, OperationalError

# After how many seconds a client is asked to come back: a database that was stopped recovers in about that time.
RETRY_AFTER = 5
_NO_ROOM = {errno.ENOSPC, errno.EDQUOT}


def is_outage(raised: BaseException | None) -> bool:
    """Whether this exception, or one that it came from, says that the same request may succeed later.

    A mistake in our own SQL is none, though SQLite calls it operational.
    """
    return any(_is_outage(one) for one in _and_its_causes(raised))


def _and_its_causes(raised: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while raised is not None and id(raised) not in seen:
        seen.add(id(raised))
        yield raised
        raised = raised.__cause__ or raised.__context__


def _is_outage(raised: BaseException) -> bool:
    if isinstance(raised, OSError):
        return raised.errno in _NO_ROOM
    # Loaded where Redis is used, and installed nowhere else.
    if (redis := sys.modules.get("redis.exceptions")) and isinstance(
        raised, (redis.ConnectionError, redis.TimeoutError)
    ):
        return True
    if not isinstance(raised, OperationalError | InterfaceError):
        return False
    code = getattr(raised.__cause__, "sqlite_errorcode", None)
    return code is None or code & 0xFF != sqlite3.SQLITE_ERROR
