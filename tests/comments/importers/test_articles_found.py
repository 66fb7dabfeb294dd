"""The article of each thread of an export is looked up, however many the newsroom has."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.importers.saving import matching
from comments.importers.saving.discussions import Discussions
from newsroom.models import Article
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


@pytest.fixture
def many_articles(section):
    Article.objects.bulk_create(
        Article(
            section=section,
            headline=f"Article {number}",
            slug=f"article-{number}",
            source_key=f"key-{number}",
            canonical_url=f"https://valmeray.example/{number}",
            published_at=NOON,
        )
        for number in range(500)
    )
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "postgresql":
            # Of five hundred it would rather read all.
            cursor.execute("SET LOCAL enable_seqscan = off")


@pytest.mark.parametrize(
    "ask",
    [
        lambda: matching._found("https://valmeray.example/7"),
        lambda: Discussions().look_up(["https://valmeray.example/7", "key-8", "article-9"]),
    ],
)
def test_an_article_is_sought_by_key_address_and_slug(many_articles, ask):
    """Without the index of addresses an import into a newsroom of 100,000 articles read all of them for each thread."""
    with CaptureQueriesContext(connection) as asked:
        ask()
    [sql] = [query["sql"] for query in asked if '"canonical_url" IN' in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(("EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN ") + sql)
        read = "\n".join(str(row) for row in cursor.fetchall())
    assert "article_canonical" in read, read
    assert "SCAN newsroom_article" not in read and "Seq Scan on newsroom_article" not in read, read
