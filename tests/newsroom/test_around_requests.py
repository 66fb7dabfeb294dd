"""What Django does around each request, and what is left of it (newsroom/apps.py)."""

from __future__ import annotations

from django.core.cache.backends.base import BaseCache
from django.core.cache.backends.db import DatabaseCache
from django.core.cache.backends.redis import RedisCache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections

from newsroom.pages.memory import Memory, MemoryBeforeRedis


def test_no_cache_of_ours_has_anything_to_close_after_a_request():
    for kind in (Memory, MemoryBeforeRedis, DatabaseCache, RedisCache):
        assert kind.close is BaseCache.close


def test_connections_that_are_old_or_broken_are_still_let_go():
    for signal in (request_started, request_finished):
        receivers, _asynchronous = signal._live_receivers(None)
        assert close_old_connections in receivers
