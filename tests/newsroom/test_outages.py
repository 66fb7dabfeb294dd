"""A store that is down, full or too busy: 503 and when to come back; a mistake of ours stays a 500."""

from __future__ import annotations

import errno
import sqlite3

import pytest
from django.db import IntegrityError, InterfaceError, OperationalError, connection
from django.test import Client

from newsroom import prepared
from newsroom.outages import is_outage


def operational(code: int) -> OperationalError:
    cause = sqlite3.OperationalError("of the driver")
    cause.sqlite_errorcode = code
    raised = OperationalError("of the driver")
    raised.__cause__ = cause
    return raised


def wrapped(cause: Exception) -> Exception:
    try:
        try:
            raise cause
        except Exception:
            raise RuntimeError("on the way out")  # noqa: B904 (what a careless library does)
    except RuntimeError as raised:
        return raised


@pytest.mark.parametrize(
    ("raised", "expected"),
    [
        (OperationalError("the connection is lost"), True),
        (InterfaceError("connection already closed"), True),
        (operational(sqlite3.SQLITE_FULL), True),
        (operational(sqlite3.SQLITE_BUSY), True),
        (operational(sqlite3.SQLITE_IOERR_WRITE), True),
        (operational(sqlite3.SQLITE_ERROR), False),
        (OSError(errno.ENOSPC, "No space left on device"), True),
        (OSError(errno.ENOENT, "No such file"), False),
        (wrapped(OperationalError("the connection is lost")), True),
        (IntegrityError("twice"), False),
        (RuntimeError("ours"), False),
        (None, False),
    ],
)
def test_an_outage_is_told_from_a_mistake(raised, expected):
    assert is_outage(raised) is expected


@pytest.mark.parametrize("name", ["ConnectionError", "TimeoutError"])
def test_a_redis_that_is_down_is_an_outage(name):
    exceptions = pytest.importorskip("redis.exceptions")
    assert is_outage(getattr(exceptions, name)("of the driver"))
    assert not is_outage(exceptions.ResponseError("a wrong command of ours"))


def test_a_database_that_is_down_answers_that_one_may_come_back(article, settings, monkeypatch):
    client = Client(raise_request_exception=False)

    def down(*args: object, **kwargs: object) -> None:
        raise OperationalError("connection to server at 10.0.0.7 failed: FATAL: secret words")

    address = article.get_absolute_url()
    client.cookies[settings.SESSION_COOKIE_NAME] = "somebody"
    with monkeypatch.context() as without_database:
        without_database.setattr(connection, "cursor", down)
        without_database.setattr(prepared, "cursor", down)
        answers = [
            client.get("/"),
            client.get(address),
            client.post(f"{address}comments/", {"author_name": "A", "email": "a@b.fr", "text": "x"}),
            client.get("/moderation/"),
        ]
    for answer in answers:
        text = answer.content.decode()
        assert (answer.status_code, answer["Retry-After"]) == (503, "5")
        assert "error-ways" in text
        assert "secret words" not in text
        assert "Traceback" not in text
        assert "no-store" in answer["Cache-Control"]


def test_a_table_that_is_missing_stays_a_fault(article):
    """In our own SQL: nothing comes right by waiting."""
    with connection.cursor() as cursor, pytest.raises(Exception, match="nowhere") as told:
        cursor.execute("SELECT * FROM nowhere")
    assert not is_outage(told.value)
