"""A database that makes others wait: nobody waits longer than the settings say, and who is sent away may come back."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection, transaction

from comments.models import Comment, Decision, LimitCount, Reader, Trace
from tests.integrity import assert_whole
from tests.two_processes import PATIENCE, PROJECT, THREADS, Browser, address_of_this_database, at_the_desk, processes

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("two processes"), pytest.mark.django_db(transaction=True)]
postgresql = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite locks no rows, and needs no pool")
TIMES = "STATEMENT_TIMEOUT_MS", "LOCK_TIMEOUT_MS", "DATABASE_POOL"
LONG = {"STATEMENT_TIMEOUT_MS": "60000", "LOCK_TIMEOUT_MS": "60000"}
ASKS = """
import django
django.setup()
from django.db import connection
asked = {"sqlite": ["PRAGMA busy_timeout"], "postgresql": ["SHOW statement_timeout", "SHOW lock_timeout"]}
with connection.cursor() as cursor:
    for question in asked[connection.vendor]:
        cursor.execute(question)
        print(cursor.fetchone()[0])
"""


def patience_of_a_connection(**environment: str) -> list[str]:
    """What the database says of one that the site's own settings have opened."""
    inherited = {name: value for name, value in os.environ.items() if name not in TIMES}
    own = {"DJANGO_SETTINGS_MODULE": "newsroom.settings", "DEBUG": "1", "DATABASE_URL": address_of_this_database()}
    told = subprocess.run(
        [sys.executable, "-c", ASKS], env=inherited | own | environment, cwd=PROJECT, capture_output=True, text=True
    )
    assert told.returncode == 0, told.stderr
    return told.stdout.split()


def test_a_connection_of_the_site_does_not_wait_for_ever():
    assert patience_of_a_connection() == (["20000"] if connection.vendor == "sqlite" else ["20s", "10s"])


@postgresql
def test_how_long_one_of_a_pool_waits_is_what_the_environment_says():
    asked = {"DATABASE_POOL": "2", "STATEMENT_TIMEOUT_MS": "1234", "LOCK_TIMEOUT_MS": "567"}
    assert patience_of_a_connection(**asked) == ["1234ms", "567ms"]


@pytest.fixture(scope="module")
def hasty(django_db_setup, django_db_blocker) -> Iterator[int]:
    """A process that waits for no lock."""
    with django_db_blocker.unblock(), processes(1, LOCK_TIMEOUT_MS="300") as (port,):
        yield port


@postgresql
def test_a_readers_post_that_meets_a_lock_writes_nothing_and_is_taken_when_sent_again(hasty, article):
    reader, path = Browser(hasty), f"{article.get_absolute_url()}comments/"
    fields = {"author_name": "Odile", "email": "odile@example.org"}
    assert reader.post(path, text="Et les riverains ?", idempotency_key="first", **fields)[0] == 303
    again = partial(reader.post, path, text="Et les commerces ?", idempotency_key="second", **fields)
    with transaction.atomic():
        # What each post of this address counts on.
        assert len(LimitCount.objects.select_for_update()) == 2
        status, headers, _page = again()
    assert (status, "Retry-After" in headers) == (503, True)
    assert [kind.objects.count() for kind in (Comment, Trace, Reader)] == [1, 1, 1]
    assert {row.count for row in LimitCount.objects.all()} == {1}
    assert again()[0] == 303
    assert [kind.objects.count() for kind in (Comment, Trace, Reader)] == [2, 2, 1]
    assert_whole()


@postgresql
def test_a_decision_that_meets_a_lock_writes_nothing_and_is_taken_when_sent_again(hasty, pending, moderator, signed_in):
    desk = at_the_desk(hasty, signed_in(moderator))
    decide = partial(desk.post, f"/moderation/comments/{pending.public_id}/decide/", version=1, action="APPROVE")
    with transaction.atomic():
        assert Comment.objects.select_for_update().get() == pending
        status, headers, _page = decide()
    assert (status, "Retry-After" in headers) == (503, True)
    pending.refresh_from_db()
    assert (pending.version, pending.status, Decision.objects.count()) == (1, "PENDING", 0)
    assert decide()[0] == 303
    assert Decision.objects.get().comment == pending
    assert_whole()


@pytest.fixture(scope="module")
def crowded(django_db_setup, django_db_blocker) -> Iterator[int]:
    """A process whose threads share one connection, and wait for a lock as long as it takes."""
    with django_db_blocker.unblock(), processes(1, DATABASE_POOL="1", **LONG) as (port,):
        yield port


@postgresql
def test_threads_that_share_one_connection_are_all_answered(crowded, article, approved, in_parallel):
    here, own = article.get_absolute_url(), f"/comments/{approved.public_id}/"
    pages = ["/", here, f"{here}?sort=oldest", f"{here}comments/feed/", f"{own}report/", f"{own}following/", "/healthz"]

    def reads(first: int) -> set[int]:
        browser = Browser(crowded)
        return {browser.ask(page)[0] for page in (pages[first:] + pages[:first]) * 4}

    for met in in_parallel([partial(reads, number % len(pages)) for number in range(2 * THREADS)]):
        # 503 where a machine is so busy that one has waited ten seconds.
        assert {200} <= met <= {200, 503}
    assert reads(0) == {200}


@postgresql
def test_while_the_only_connection_waits_for_a_lock_others_are_told_to_come_back(
    crowded, article, pending, moderator, signed_in
):
    """After the ten seconds that settings.py lets one wait for a connection of the pool; an article asks twice."""
    here = article.get_absolute_url()
    desk = at_the_desk(crowded, signed_in(moderator), patience=PATIENCE)
    act = partial(desk.post, f"/moderation/comments/{pending.public_id}/decide/", version=1, action="APPROVE")
    fields = {"author_name": "Odile", "email": "odile@example.org", "text": "Et les riverains ?"}
    others = [Browser(crowded, patience=PATIENCE) for _number in range(THREADS - 1)]
    asks = [partial(others[0].ask, "/"), partial(others[1].ask, here)]
    asks.append(partial(others[2].post, f"{here}comments/", idempotency_key="once", **fields))
    with ThreadPoolExecutor(THREADS) as threads:
        with transaction.atomic():
            assert Comment.objects.select_for_update().get() == pending
            decision = threads.submit(act)
            _until_somebody_waits()
            answers = [answer.result() for answer in [threads.submit(ask) for ask in asks]]
        assert [status for status, _headers, _page in answers] == [503] * len(asks)
        assert all("Retry-After" in headers for _status, headers, _page in answers)
        assert decision.result()[0] == 303
    assert Comment.objects.get() == pending
    assert [ask()[0] for ask in asks] == [200, 200, 303]
    assert_whole()


def _until_somebody_waits() -> None:
    """For a lock of this database."""
    end = time.monotonic() + PATIENCE
    asked = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    with connection.cursor() as cursor:
        while time.monotonic() < end:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(asked)
            if cursor.fetchone()[0]:
                return
            time.sleep(0.05)
    raise TimeoutError("nobody waits")
