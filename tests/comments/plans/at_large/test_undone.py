"""What undoes a decision, or lifts a measure: few rows have one, and it is asked beside each."""

from __future__ import annotations

import pytest
from django.db import connection

from comments.models import Decision, Standing
from tests.comments.plans.explaining import plan_of

pytestmark = pytest.mark.django_db


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL knows how many rows are empty")
def test_what_undid_a_decision_is_looked_up_where_nothing_was_undone_yet(crowd):
    """SQLite took the empty column to be full of one value, and read all decisions for each of a page."""
    since = crowd.at.replace(year=crowd.at.year - 1)
    mine = Decision.objects.filter(moderator=crowd.moderator, at__gte=since).select_related("undone_by")
    plan = plan_of(mine.order_by("-at", "-pk")[:51])
    assert all(read.is_sought for read in plan.reads), plan
    lifted = Standing.objects.filter(reader=1).select_related("lifted_by").order_by()
    assert all(read.is_sought for read in plan_of(lifted).reads)
