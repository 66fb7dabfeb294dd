"""Two processes, started once for all that is asked of them here."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.faults.machines import Missing, redis
from tests.two_processes import LIMITS, processes


@pytest.fixture(scope="package")
def cache_url(django_db_setup, django_db_blocker) -> Iterator[str]:
    """SQLite: each process has its own memory alone. PostgreSQL: before a Redis that nobody else has written to."""
    with django_db_blocker.unblock():
        vendor = connection.vendor
    if vendor == "sqlite":
        yield ""
        return
    try:
        with redis() as own:
            yield own.address
    except Missing as missing:
        if os.environ.get("CI"):
            pytest.fail(str(missing))
        pytest.skip(str(missing))


@pytest.fixture(scope="package")
def ports(cache_url, django_db_setup, django_db_blocker) -> Iterator[list[int]]:
    with django_db_blocker.unblock(), processes(2, CACHE_URL=cache_url, **LIMITS) as both:
        yield both
