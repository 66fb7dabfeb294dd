"""What commands ask of whole tables has no limit of time on PostgreSQL; afterwards the connection has its own again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from comments.integrity import renew_every_page
from newsroom.backups import postgresql
from newsroom.patience import unhurried

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no limit of time"),
]
USUAL, NONE = "20s", "0"


def limit() -> str:
    """As it is now, asked past Django: the wrappers below do not see it."""
    return connection.connection.execute("SHOW statement_timeout").fetchone()[0]


@contextmanager
def limits(*words: str) -> Iterator[dict[str, str]]:
    """The limit that each statement with one of these words had. The connection ends with the one it began with."""
    connection.ensure_connection()
    assert limit() == USUAL
    asked: dict[str, str] = {}

    def look(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if any(word in str(sql) for word in words):
            asked[str(sql)] = limit()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(look):
        yield asked
    assert limit() == USUAL


@pytest.mark.parametrize(("options", "least"), [([], 6), (["--repair"], 8)])
def test_a_check_of_everything_takes_as_long_as_it_needs(approved, options, least):
    with limits("comments_") as asked:
        call_command("check_integrity", *options)
    assert len(asked) >= least
    assert set(asked.values()) == {NONE}


def test_after_a_restore_every_page_is_renewed_however_many_there_are(approved, at):
    with limits("UPDATE") as asked:
        renew_every_page(at=at)
    assert list(asked.values()) == [NONE]


def test_a_year_of_traces_is_forgotten_however_many_there_are(approved, at):
    with limits("DELETE") as asked:
        call_command("purge")
    assert len(asked) == 4
    assert set(asked.values()) == {NONE}


def test_migrating_takes_as_long_as_it_needs():
    with limits("django_migrations") as asked:
        call_command("migrate", verbosity=0)
    assert asked and set(asked.values()) == {NONE}


def test_migrating_behind_a_pooler_lifts_the_limit_for_nobody(monkeypatch):
    monkeypatch.setitem(connection.settings_dict["OPTIONS"], "prepare_threshold", None)
    with limits("django_migrations") as asked:
        call_command("migrate", verbosity=0)
    assert set(asked.values()) == {USUAL}


def test_a_migration_that_fails_leaves_the_usual_limit(monkeypatch):
    def failing(*_args: object, **_options: object) -> None:
        assert limit() == NONE
        raise RuntimeError

    monkeypatch.setattr("django.core.management.commands.migrate.Command.handle", failing)
    with limits(), pytest.raises(RuntimeError):
        call_command("migrate", verbosity=0)


@pytest.mark.django_db(transaction=True)
@pytest.mark.xdist_group("races")
def test_a_backup_counts_however_many_rows_there_are(approved, tmp_path, monkeypatch):
    monkeypatch.setattr(postgresql, "_run", lambda *_words, **_how: None)
    with limits("pg_export_snapshot", "count(*)") as asked:
        postgresql.copy(tmp_path / "database.dump", tables=["comments_comment", "comments_decision"])
    assert len(asked) == 3
    assert set(asked.values()) == {NONE}


def test_the_usual_limit_is_back_within_the_transaction_too():
    with transaction.atomic():
        with unhurried():
            assert limit() == NONE
        assert limit() == USUAL
        with pytest.raises(ZeroDivisionError), unhurried():
            _never = 1 / 0
        assert limit() == USUAL
