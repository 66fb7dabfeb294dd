"""What the tables know of a post before it is judged, and the rows that it becomes: in as few statements as it takes.

In SQL, because every reader's post runs it: Django takes longer to word a statement than a database to run it
(docs/explanation/where-the-time-goes.md).
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection

from comments.limits import Allowance, refuse_overspent, spending
from comments.models import Comment
from newsroom import prepared

# How far back, and how many texts, the rule "repeated text" looks.
REMEMBERED_FOR = timedelta(days=7)
REMEMBERED_TEXTS = 20

_KNOWN = """
    SELECT
        (SELECT id FROM comments_comment WHERE fingerprint = %s),
        (SELECT id FROM comments_discussion WHERE article_id = %s),
        EXISTS (SELECT 1 FROM comments_discussion WHERE article_id = %s AND closed_at IS NOT NULL),
        (SELECT id FROM comments_reader WHERE email = %s),
        EXISTS (
            SELECT 1 FROM comments_standing WHERE reader_id = (SELECT id FROM comments_reader WHERE email = %s)
        )
"""
_SPENT = """, (SELECT "count" FROM comments_limitcount WHERE "key" = %s AND "window" = %s)"""
_RECENT = """
    SELECT text FROM comments_comment
    WHERE reader_id = (SELECT id FROM comments_reader WHERE email = %s) AND submitted_at > %s
    ORDER BY submitted_at DESC LIMIT %s
"""
# As one value: an array on PostgreSQL, JSON on SQLite.
_RECENT_POSTGRESQL, _RECENT_SQLITE = f", ARRAY({_RECENT})", f", (SELECT json_group_array(text) FROM ({_RECENT}))"  # noqa: S608
# Of two posts with a new e-mail at once, the second waits for the first and gets its reader.
_READER = """
    INSERT INTO comments_reader (email, first_seen_at) VALUES (%s, %s)
    ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id
"""
_TRACE = "INSERT INTO comments_trace (comment_id, address, port, at) VALUES (%s, %s, %s, %s)"
# All but the key, which the database gives; the reader last.
_NAMES = [field.attname for field in Comment._meta.concrete_fields if field.attname not in ("id", "reader_id")]
_COMMENT = f"""
    INSERT INTO comments_comment ({", ".join(f'"{name}"' for name in _NAMES)}, reader_id)
    VALUES ({"%s, " * len(_NAMES)}{{reader}}) RETURNING id, reader_id
"""  # noqa: S608 (names of the model's own columns)
_COMMENT_OF_KNOWN, _COMMENT_OF_NEW = _COMMENT.format(reader="%s"), _COMMENT.format(reader="(SELECT id FROM reader)")
_KEYS = """SELECT comment.id, comment.reader_id, spent."key", spent."count" FROM comment, spent"""

# A statement, or a part of one, and its values.
Part = tuple[str, Sequence[Any]]
# How often each allowance was used, by its key.
Spent = list[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class Known:
    """Keys of what is there already, None for what is not.

    `comment` is the very same post; `has_measures`: some were taken on the reader, in force or not; `recent_texts`:
    what this reader has posted lately, the newest first; `spent`: how often each allowance was used in its window, None
    for never.
    """

    comment: int | None
    discussion: int | None
    is_closed: bool
    reader: int | None
    has_measures: bool
    recent_texts: tuple[str, ...]
    spent: tuple[int | None, ...]


def known_of(*, fingerprint: str, article: int, email: str, allowances: Sequence[Allowance], at: datetime) -> Known:
    """One statement, an index look-up for each fact."""
    recent = _RECENT_POSTGRESQL if connection.vendor == "postgresql" else _RECENT_SQLITE
    windows = [value for one in allowances for value in (one.key, one.number)]
    asked = [fingerprint, article, article, email, email, email, _stored(at - REMEMBERED_FOR), REMEMBERED_TEXTS]
    with prepared.cursor() as cursor:
        cursor.execute(_KNOWN + recent + _SPENT * len(allowances), [*asked, *windows])
        comment, discussion, is_closed, reader, has_measures, texts, *spent = cursor.fetchone()
    if isinstance(texts, str):
        texts = json.loads(texts)
    return Known(comment, discussion, bool(is_closed), reader, bool(has_measures), tuple(texts), tuple(spent))


def trace(*, address: str, port: int | None, at: datetime) -> Part:
    """Where a post came from; the first place is its comment's key."""
    return _TRACE, (connection.ops.adapt_ipaddressfield_value(address), port, _stored(at))


def write(
    comment: Comment, *, email: str, below: Sequence[Part], allowances: Sequence[Allowance], at: datetime
) -> None:
    """A new comment, its reader where `reader_id` is not known, what is spent for it, and what hangs below it.

    In the caller's transaction. The first place of each statement in `below` is for the comment's key. Raises TooMany;
    IntegrityError, where the very same post stands already.
    """
    reader = None if comment.reader_id else (_READER, (email, _stored(at)))
    how = _write_at_once if connection.vendor == "postgresql" else _write_one_by_one
    with prepared.cursor() as cursor:
        spent = how(cursor, comment, spending(allowances), reader, below)
    comment._state.adding, comment._state.db = False, connection.alias
    refuse_overspent(allowances, spent, at=at)


def _write_one_by_one(cursor: Any, comment: Comment, spend: Part, reader: Part | None, below: Sequence[Part]) -> Spent:
    cursor.execute(*spend)
    spent: Spent = cursor.fetchall()
    if reader:
        cursor.execute(*reader)
        (comment.reader_id,) = cursor.fetchone()
    cursor.execute(_COMMENT_OF_KNOWN, [*_values(comment), comment.reader_id])
    comment.pk, _reader = cursor.fetchone()
    for sql, values in below:
        cursor.execute(sql, [comment.pk, *values])
    return spent


def _write_at_once(cursor: Any, comment: Comment, spend: Part, reader: Part | None, below: Sequence[Part]) -> Spent:
    """The same in one statement, where each part reads the keys that the others give."""
    parts = {"spent": spend}
    if reader:
        parts |= {"reader": reader, "comment": (_COMMENT_OF_NEW, _values(comment))}
    else:
        parts["comment"] = (_COMMENT_OF_KNOWN, [*_values(comment), comment.reader_id])
    for place, (sql, values) in enumerate(below):
        parts[f"below_{place}"] = (sql.replace("%s", "(SELECT id FROM comment)", 1), values)
    told = ", ".join(f"{name} AS ({sql})" for name, (sql, _values_) in parts.items())
    cursor.execute(f"WITH {told} {_KEYS}", [value for _sql, values in parts.values() for value in values])
    rows = cursor.fetchall()
    comment.pk, comment.reader_id = rows[0][:2]
    return [row[2:] for row in rows]


def _values(comment: Comment) -> list[Any]:
    """As the database is given what a comment holds."""
    held = (getattr(comment, name) for name in _NAMES)
    return [_stored(value) if isinstance(value, datetime) else value for value in held]


def _stored(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)
