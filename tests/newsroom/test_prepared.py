"""What is run often on PostgreSQL is read and planned once a connection, unless the operator's pooler forbids it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client

from newsroom import prepared

pytestmark = pytest.mark.django_db

ASKED = "SELECT CAST(%s AS bigint) + 1 AS asked_in_a_test"


def ask(value: int) -> int:
    with prepared.cursor() as cursor:
        cursor.execute(ASKED, [value])
        return int(cursor.fetchone()[0])


def kept(words: str) -> int:
    """How many statements with these words the connection has prepared."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_prepared_statements WHERE position(%s in statement) > 0", [words])
        return int(cursor.fetchone()[0])


@pytest.fixture
def on_postgresql() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite prepares by itself")


def test_the_answer_is_the_same_on_both_databases(django_assert_num_queries):
    with django_assert_num_queries(5):
        assert [ask(value) for value in range(5)] == [1, 2, 3, 4, 5]


def test_the_log_of_statements_shows_what_was_asked(django_assert_num_queries):
    with django_assert_num_queries(4) as asked:
        for value in range(4):
            ask(value)
    assert all("asked_in_a_test" in query["sql"] for query in asked)


def test_what_is_run_a_third_time_is_prepared_once_for_all_values(on_postgresql):
    for value in range(5):
        ask(value)
    assert kept("asked_in_a_test") == 1


def test_nothing_is_prepared_where_it_is_switched_off(on_postgresql, monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "prepare_threshold", None)
    for value in range(5):
        assert ask(value) == value + 1
    assert kept("asked_in_a_test") == 0


def test_what_a_kept_page_asks_is_prepared(on_postgresql, article):
    for _request in range(4):
        assert Client().get(article.get_absolute_url()).status_code == 200
    assert kept("newsroom_section") == 1


def test_a_table_that_changes_under_a_prepared_statement_is_read_as_it_is(on_postgresql, article):
    """A migration runs beside processes that have prepared their statements."""
    url = article.get_absolute_url()
    for _request in range(4):
        Client().get(url)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE newsroom_article ADD COLUMN another text")
        cursor.execute("UPDATE newsroom_article SET headline = 'Après'")
    assert "Après" in Client().get(url).content.decode()
