"""A small newsroom, made anew for each test. One that is large and made once: at_large."""

from __future__ import annotations

from datetime import timedelta

import pytest

from comments.models import Comment, Discussion
from comments.submission import discussion_of
from newsroom.models import Article, Section
from tests.comments.plans.explaining import as_a_large_table
from tests.conftest import NOON, make_article


@pytest.fixture
def crowded(section: Section, article: Article) -> Discussion:
    """Enough rows that an index is worth its while, most of them not what is asked for."""
    other = discussion_of(make_article(section, slug="autre"))
    discussion = discussion_of(article)
    rows = [
        Comment(
            discussion=discussion if number % 2 else other,
            text="x",
            status=status,
            is_suspect=number % 7 == 0,
            submitted_at=NOON - timedelta(minutes=number),
            decided_at=None if status == "PENDING" else NOON - timedelta(minutes=number),
            fingerprint=f"{status}{number}",
        )
        for number in range(150)
        for status in ("PENDING", "FLAGGED", "APPROVED", "REJECTED")
    ]
    Comment.objects.bulk_create(rows)
    top = Comment.objects.filter(discussion=discussion, status="APPROVED").earliest("pk")
    answers = [
        Comment(
            discussion=discussion,
            parent=top,
            root=top,
            depth=1,
            text="y",
            status="APPROVED" if number % 2 else "PENDING",
            submitted_at=NOON,
            fingerprint=f"answer{number}",
        )
        for number in range(200)
    ]
    Comment.objects.bulk_create(answers)
    as_a_large_table(in_order=True)
    return discussion
