"""The crowd is made once for all tests of this folder; each of them takes back what it did."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone

from tests.comments.plans.at_large.crowd import Crowd, make_crowd
from tests.comments.plans.explaining import as_a_large_table


@pytest.fixture(scope="package")
def _whole(django_db_setup: None, django_db_blocker: Any) -> Iterator[Crowd]:
    with django_db_blocker.unblock(), transaction.atomic():
        yield _made()
        transaction.set_rollback(True)


@pytest.fixture
def crowd(_whole: Crowd, db: None) -> Crowd:
    cache.clear()
    return _whole


def _made() -> Crowd:
    crowd = make_crowd(timezone.now())
    as_a_large_table()
    # Else PostgreSQL would check all rows at the end of each test.
    connection.check_constraints()
    return crowd
