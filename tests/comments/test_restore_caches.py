"""What was kept before a restore is of another past: versions go on from the clock, then caches are emptied."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection

from comments.models import Discussion
from newsroom.pages.memory import Memory
from tests.integrity import assert_whole

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("races")]
# Nobody answers here.
NO_REDIS = {"LOCATION": "redis://127.0.0.1:1/0", "OPTIONS": {"socket_connect_timeout": 0.5}}


@pytest.fixture
def kept(publish, write, tmp_path) -> Path:
    publish("gardé")
    write("attend")
    call_command("backup", str(tmp_path / "kept"), "--no-media")
    return tmp_path / "kept"


def version() -> int:
    return Discussion.objects.values_list("version", flat=True).get()


def test_a_redis_out_of_reach_is_told_and_everything_else_is_done(kept, publish, settings):
    pytest.importorskip("redis")
    publish("de trop")
    before = version()
    settings.CACHES = settings.CACHES | {
        "default": NO_REDIS | {"BACKEND": "django.core.cache.backends.redis.RedisCache"},
        "pages": {
            "BACKEND": "newsroom.pages.memory.MemoryBeforeRedis",
            "LOCATION": NO_REDIS["LOCATION"],
            "OPTIONS": NO_REDIS["OPTIONS"] | {"bytes": 1_000_000},
        },
    }
    said, warned = StringIO(), StringIO()
    call_command("restore", str(kept), "--replace", stdout=said, stderr=warned)
    assert version() > before + 1, "no page kept since is taken for a new one"
    assert_whole()
    assert "threads are whole" in said.getvalue(), "the check ran"
    told = warned.getvalue().splitlines()
    assert [name in line for name, line in zip(("“default”", "“pages”"), told, strict=True)] == [True, True]
    assert all("127.0.0.1:1" in line and "FLUSHDB" in line and "RELEASE" in line for line in told)


def test_versions_are_renewed_before_any_cache_is_emptied_and_a_fault_of_ours_is_not_hidden(kept, publish, monkeypatch):
    publish("de trop")
    before = version()

    def failing(_cache: Memory) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(Memory, "clear", failing)
        with pytest.raises(RuntimeError):
            call_command("restore", str(kept), "--replace", stdout=StringIO())
    connection.close()
    assert version() > before + 1


def test_a_thread_that_was_empty_then_goes_on_from_the_clock_too(write, publish, tmp_path):
    """Its first version since showed what may have been rejected meanwhile."""
    waits = write("attend")
    call_command("backup", str(tmp_path / "kept"), "--no-media")
    publish("montré une minute", under=waits.discussion.article)
    before = version()
    call_command("restore", str(tmp_path / "kept"), "--replace", stdout=StringIO())
    publish("et après")
    assert version() > before + 1
