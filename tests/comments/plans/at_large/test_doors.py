"""Each statement of each door seeks in an index: none reads a table, or an index, that grows with the years."""

from __future__ import annotations

import pytest
from django.core.cache import caches
from django.db import connection

from comments import counted
from comments.figures import delay
from tests.comments.plans.at_large.doors import DESK, READERS, Door
from tests.comments.plans.explaining import Plan, plans_of

pytestmark = pytest.mark.django_db

# Read whole, and why they may be.
SMALL = {
    "newsroom_section": "a newspaper has a dozen",
    "newsroom_user": "as many as work here",
    "newsroom_user_groups": "as many as work here",
    "newsroom_user_user_permissions": "as many as work here",
    "auth_group": "four",
    "auth_group_permissions": "of four groups",
    "auth_permission": "as many as there are models",
    "django_content_type": "as many as there are models",
    "comments_claim": "as many as people read now",
    "comments_skip": "as many as people passed over in the last hour",
    "comments_savedview": "as many as somebody keeps",
    "comments_desksettings": "as many as work here",
    "comments_wordlist": "as many as somebody keeps",
    "comments_note": "a newsroom pins some a week",
}
# Read from their beginning as far as a LIMIT tells, and why that is not far.
WALKED = {
    "comment_pending": "the queue in its order: what waits, and nothing else",
    "comment_suspects": "the same",
    "comment_flagged": "the same",
    "comment_rejected": "the same",
    "comment_rejected_written": "the newest of this status",
    "comment_approved": "the queue of what was approved, in its order",
    "report_open": "open reports: as many as wait to be settled",
    "article_newest": "the newest articles",
}
# On one database, at one door.
ALLOWED = {
    ("postgresql", "a search for a phrase", "comments_search_pkey"): "the newest WALK of them: comments/words_held.py",
}

# Not judged yet on PostgreSQL: of so few rows it reads an index whole, which of a million it may not.
OPEN_QUESTIONS = {"one by one", "one comment", "reported, the next"}


def _unsought(plan: Plan, door: str) -> list[str]:
    limited = "LIMIT" in plan.sql
    return [
        f"{read}: {plan}"
        for read in plan.reads
        if not read.is_sought
        and read.table not in SMALL
        and not (read.index == "report_open" or (read.index in WALKED and limited))
        and (connection.vendor, door, read.index) not in ALLOWED
    ]


@pytest.mark.parametrize(
    ("name", "door"),
    [pytest.param(name, door, id=name) for name, door in (READERS | DESK).items()],
)
def test_each_statement_of_a_door_seeks(crowd, monkeypatch, name: str, door: Door):
    if connection.vendor == "postgresql" and name in OPEN_QUESTIONS:
        pytest.skip("not judged yet on PostgreSQL")
    # As small beside the crowd as they are beside a newsroom's comments.
    monkeypatch.setattr(counted, "SIZE_CAP", 20)
    monkeypatch.setattr(delay, "LOOKED_AT", 20)
    ask = door(crowd)
    caches["pages"].clear()
    assert [told for plan in plans_of(ask) for told in _unsought(plan, name)] == []
