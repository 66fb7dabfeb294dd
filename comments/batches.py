"""What batches of many rows need around them: memory for the indexes that they touch, and to be made ahead."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import TypeVar

from django.conf import settings
from django.db import connection, reset_queries
from django.utils import translation

Thing = TypeVar("Thing")
# KiB of pages that SQLite keeps while many rows come in. A row touches fourteen indexes, three of them at a random
# place: of the 2 MiB that SQLite keeps by itself, each page is written and read again for nearly every row.
_PAGES_KEPT = 48 * 1024


@contextmanager
def room_for_many() -> Iterator[None]:
    """Around many batches of rows: this connection has memory for the indexes that they touch."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        had = cursor.execute("PRAGMA cache_size").fetchone()[0]
        cursor.execute(f"PRAGMA cache_size = -{_PAGES_KEPT}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = {had}")


def made_ahead(things: Iterator[Thing]) -> Generator[Thing, None, None]:
    """The same things, each made before the one before it is written; on PostgreSQL in a thread meanwhile.

    So what a thing asks of another process is done when its turn comes. psycopg waits for its server without the
    interpreter's lock; SQLite would ask it back for each row. What makes the things touches no table of Django's.
    """
    if connection.vendor != "postgresql":
        ahead = next(things, None)
        while (thing := ahead) is not None:
            ahead = next(things, None)
            yield thing
            _forget_statements()
        return
    with ThreadPoolExecutor(1) as beside:
        # Of who asks: refusals are sentences, and a thread begins with the site's language.
        language = translation.get_language()

        def following() -> Thing | None:
            with translation.override(language):
                return next(things, None)

        coming = beside.submit(following)
        while (thing := coming.result()) is not None:
            coming = beside.submit(following)
            yield thing
            _forget_statements()


def _forget_statements() -> None:
    """Under DEBUG Django keeps the words of the last nine thousand: those of batches are long."""
    if settings.DEBUG:
        reset_queries()
