"""The comments of a source, put in order before they come in: the oldest first, an answer after what it answers.

They wait in a file that the system takes away by itself, never in memory: an export may hold a hundred million. The
same source always gives the same order, whatever came in before and however many come in at once.
"""

from __future__ import annotations

import hashlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

from comments.importers.comment import ImportedComment, SourceStatus

_AT_ONCE = 1_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)
_STATUSES = {status.value: status for status in SourceStatus}
# KiB of memory; what is more lies in the file.
_CACHE, _CACHE_IN_ORDER = 48 * 1024, 8 * 1024
_TABLE = """
    CREATE TABLE waiting (
        line INTEGER PRIMARY KEY, article, id, parent, at INTEGER, is_named INTEGER,
        author_name, text, email, status,
        above INTEGER, wave INTEGER NOT NULL DEFAULT 0)
"""
_ADD = "INSERT OR REPLACE INTO waiting VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, NULL, 0)"
# Without ids of its own a comment is known by time, name and text, and counted where all three are the same: from the
# oldest, that is from the foot of a page, which grows at its head.
_COUNT_TWINS = """
    UPDATE waiting SET id = id || '|' || told.number
    FROM (SELECT line, row_number() OVER (PARTITION BY id ORDER BY line DESC) AS number
          FROM waiting WHERE NOT is_named) AS told
    WHERE told.line = waiting.line
"""
_LOOK_ABOVE = """
    UPDATE waiting SET above = (
        SELECT over.line FROM waiting AS over WHERE over.article = waiting.article AND over.id = waiting.parent
        ORDER BY over.at, over.line DESC LIMIT 1)
    WHERE parent <> ''
"""
_COMES_FIRST = "(over.at < waiting.at OR over.at = waiting.at AND over.line > waiting.line)"
_ANY_TOO_EARLY = f"""
    SELECT EXISTS (SELECT 1 FROM waiting JOIN waiting AS over ON over.line = waiting.above WHERE NOT {_COMES_FIRST})
"""  # noqa: S608
# An answer that is older than what it answers waits for the next wave, and with it all that hangs below.
_WAVES = f"""
    WITH RECURSIVE down (line, wave) AS (
        SELECT line, 0 FROM waiting WHERE above IS NULL
        UNION ALL
        SELECT waiting.line, down.wave + NOT {_COMES_FIRST}
        FROM down JOIN waiting AS over ON over.line = down.line JOIN waiting ON waiting.above = down.line)
    UPDATE waiting SET wave = down.wave FROM down WHERE down.line = waiting.line
"""  # noqa: S608
# What no wave has reached hangs in a circle. Each circle holds an answer older than what it answers: there it is cut.
_CUT_CIRCLES = f"""
    UPDATE waiting SET above = NULL, wave = 0 FROM waiting AS over
    WHERE waiting.wave < 0 AND over.line = waiting.above AND NOT {_COMES_FIRST}
"""  # noqa: S608
_IN_ORDER = """
    SELECT line, article, id, parent, at, author_name, text, email, status FROM waiting
    ORDER BY wave, at, line DESC
"""


class WaitingRoom:
    """Used with `with`. Add all, settle once, then read in order."""

    def __enter__(self) -> WaitingRoom:
        # One thread at a time: the next batch is taken out while the one before is written.
        self._kept = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        for pragma in ("journal_mode = OFF", "synchronous = OFF", f"cache_size = -{_CACHE}", "threads = 0"):
            self._kept.execute(f"PRAGMA {pragma}")
        self._kept.execute(_TABLE)
        self._kept.execute("BEGIN")
        self._has_parents = self._has_unnamed = self._has_halves = False
        return self

    def __exit__(self, *_raised: object) -> None:
        self._kept.close()

    def add(self, comments: Iterable[ImportedComment]) -> None:
        rows = [self._row(comment) for comment in comments]
        try:
            self._kept.executemany(_ADD, rows)
        except UnicodeEncodeError:
            # Those that went in before it are replaced by themselves.
            self._has_halves = True
            self._kept.executemany(_ADD, ([_whole(value) for value in row] for row in rows))

    def settle(self) -> None:
        """Find what each answers and give everything its turn."""
        run = self._kept.execute
        if self._has_unnamed:
            run(_COUNT_TWINS)
        if self._has_parents:
            run("CREATE INDEX waiting_by_id ON waiting (article, id)")
            run(_LOOK_ABOVE)
            if run(_ANY_TOO_EARLY).fetchone()[0]:
                self._give_waves()
        run("CREATE INDEX waiting_in_order ON waiting (wave, at, line DESC)")
        # From now on it is read from one end to the other.
        run(f"PRAGMA cache_size = -{_CACHE_IN_ORDER}")
        run("PRAGMA shrink_memory")

    def articles(self) -> Iterator[str]:
        """What the comments call theirs, each once."""
        with closing(self._kept.execute("SELECT DISTINCT article FROM waiting")) as rows:
            yield from (str(_halved(name)) for (name,) in rows)

    def batches(self, size: int) -> Iterator[list[ImportedComment]]:
        """In order; each named by its id or by what stands for one."""
        with closing(self._kept.execute(_IN_ORDER)) as rows:
            told: Iterator[Sequence[Any]] = (
                ([_halved(value) for value in row] for row in rows) if self._has_halves else rows
            )
            while batch := [_comment(row) for row in islice(told, size)]:
                yield batch

    def _give_waves(self) -> None:
        run = self._kept.execute
        run("CREATE INDEX waiting_by_above ON waiting (above)")
        run("UPDATE waiting SET wave = -1")
        run(_WAVES)
        if run("SELECT EXISTS (SELECT 1 FROM waiting WHERE wave < 0)").fetchone()[0]:
            run(_CUT_CIRCLES)
            run(_WAVES)

    def _row(self, comment: ImportedComment) -> tuple[object, ...]:
        self._has_parents |= bool(comment.parent)
        self._has_unnamed |= not comment.id
        return (
            comment.line,
            comment.article,
            comment.id or _what_stands_for_an_id(comment),
            comment.parent,
            (comment.submitted_at - _EPOCH) // _MICROSECOND,
            bool(comment.id),
            comment.author_name,
            comment.text,
            comment.email,
            comment.status.value,
        )


def _comment(row: Sequence[Any]) -> ImportedComment:
    line, article, id, parent, at, author_name, text, email, status = row
    return ImportedComment(
        article=article,
        author_name=author_name,
        text=text,
        submitted_at=_EPOCH + timedelta(0, 0, at),
        line=line,
        id=id,
        parent=parent,
        email=email,
        status=_STATUSES[status],
    )


def _what_stands_for_an_id(comment: ImportedComment) -> str:
    text = hashlib.sha256(" ".join(comment.text.split()).encode(errors="surrogatepass")).hexdigest()
    return f"{comment.submitted_at.isoformat()}|{comment.author_name}|{text}".encode(errors="replace").decode()


def _whole(value: object) -> object:
    """A text may hold half a surrogate pair, which no database takes as text; the door takes it away later."""
    if not isinstance(value, str):
        return value
    try:
        value.encode()
    except UnicodeEncodeError:
        return value.encode(errors="surrogatepass")
    return value


def _halved(value: object) -> object:
    return value.decode(errors="surrogatepass") if isinstance(value, bytes) else value
