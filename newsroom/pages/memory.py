"""Where copies of pages lie: in the memory of each process, bounded in bytes, and before Redis where there is one.

A copy is never old, for its key names what it was made from: nothing here expires, the least used leaves when room is
needed.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from threading import Lock
from typing import Any

from django.conf import settings
from django.core.cache import caches
from django.core.cache.backends.base import DEFAULT_TIMEOUT, BaseCache
from django.core.cache.backends.redis import RedisCache

log = logging.getLogger(__name__)


class _Shelf:
    """Copies by key, the least used first; `len()` of a copy is what it weighs."""

    def __init__(self, room: int) -> None:
        self.room, self.held, self.lock = room, 0, Lock()
        self.copies: OrderedDict[str, Any] = OrderedDict()

    def take(self, key: str) -> Any:
        with self.lock:
            if key in self.copies:
                self.copies.move_to_end(key)
            return self.copies.get(key)

    def put(self, key: str, copy: Any) -> None:
        with self.lock:
            self._drop(key)
            self.copies[key] = copy
            self.held += len(copy)
            while self.held > self.room:
                self._drop(next(iter(self.copies)))

    def drop(self, key: str) -> bool:
        with self.lock:
            return self._drop(key)

    def clear(self) -> None:
        with self.lock:
            self.copies.clear()
            self.held = 0

    def _drop(self, key: str) -> bool:
        gone = self.copies.pop(key, None)
        self.held -= len(gone) if gone is not None else 0
        return gone is not None


# Django makes a cache object for each thread; the copies are the process's.
_shelves: dict[str, _Shelf] = {}


class Memory(BaseCache):
    """OPTIONS: `bytes`, what the copies of one process may weigh together."""

    def __init__(self, name: str, params: dict[str, Any]) -> None:
        super().__init__(params)
        self._cache = _shelves.setdefault(name, _Shelf(params["OPTIONS"]["bytes"]))

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        copy = self._cache.take(self.make_key(key, version))
        return default if copy is None else copy

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._cache.put(self.make_key(key, version), value)

    def delete(self, key: str, version: int | None = None) -> bool:
        return self._cache.drop(self.make_key(key, version))

    def clear(self) -> None:
        self._cache.clear()


class MemoryBeforeRedis(RedisCache):
    """A process that has just started finds what the others have made. Without Redis each makes its own."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        options = dict(params["OPTIONS"])
        self._near = Memory("before redis", {"OPTIONS": {"bytes": options.pop("bytes")}})
        super().__init__(server, params | {"OPTIONS": options})

    def get(self, key: str, default: Any = None, version: int | None = None) -> Any:
        if (copy := self._near.get(key)) is not None:
            return copy
        try:
            copy = super().get(key, version=version)
        except _out_of_reach() as gone:
            log.warning("The kept pages in Redis are out of reach: %s", gone)
            return default
        if copy is not None:
            self._near.set(key, copy)
        return default if copy is None else copy

    def set(self, key: str, value: Any, timeout: Any = DEFAULT_TIMEOUT, version: int | None = None) -> None:
        self._near.set(key, value)
        try:
            super().set(key, value, timeout=timeout, version=version)
        except _out_of_reach() as gone:
            log.warning("The kept pages in Redis are out of reach: %s", gone)

    def clear(self) -> None:
        self._near.clear()
        super().clear()


def empty_caches() -> list[str]:
    """For a restore, when each thread has a version that no kept page has had. A sentence for each cache that could not
    be emptied, for its Redis does not answer."""
    told = []
    for name in settings.CACHES:
        try:
            caches[name].clear()
        except _out_of_reach() as gone:
            told.append(
                f"The cache “{name}” could not be emptied: {str(gone).rstrip('.')}. Pages from before may lie there"
                " still: run FLUSHDB in its Redis (CACHE_URL), or start the web processes with another RELEASE."
            )
    return told


def _out_of_reach() -> type[Exception]:
    """Whatever Redis raises, asked for late: without CACHE_URL its library need not be there."""
    from redis.exceptions import RedisError

    return RedisError
