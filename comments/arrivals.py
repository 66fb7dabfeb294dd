"""What the tables know of a post before it is judged, and the rows that it becomes: in as few statements as it takes.

In SQL, because every reader's post runs it: Django takes longer to word a statement than a database to run it
(docs/explanation/where-the-time-goes.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection

from comments.limits import Allowance
from comments.models import Comment

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
    SELECT text FROM comments_comment WHERE reader_id = %s AND submitted_at > %s ORDER BY submitted_at DESC LIMIT %s
"""
# Of two posts with a new e-mail at once, the second waits for the first and gets its reader.
_READER = """
    INSERT INTO comments_reader (email, first_seen_at) VALUES (%s, %s)
    ON CONFLICT (email) DO UPDATE SET email = excluded.email RETURNING id
"""
_TRACE = "INSERT INTO comments_trace (comment_id, address, port, at) VALUES (%s, %s, %s, %s)"


@dataclass(frozen=True, slots=True)
class Known:
    """Keys of what is there already, None for what is not.

    `comment` is the very same post; `has_measures`: some were taken on the reader, in force or not; `spent` how often
    each allowance was used in its window, None for never.
    """

    comment: int | None
    discussion: int | None
    is_closed: bool
    reader: int | None
    has_measures: bool
    spent: tuple[int | None, ...]


def known_of(*, fingerprint: str, article: int, email: str, allowances: Sequence[Allowance]) -> Known:
    """One statement, an index look-up for each fact."""
    windows = [value for one in allowances for value in (one.key, one.number)]
    with connection.cursor() as cursor:
        cursor.execute(_KNOWN + _SPENT * len(allowances), [fingerprint, article, article, email, email, *windows])
        comment, discussion, is_closed, reader, has_measures, *spent = cursor.fetchone()
    return Known(comment, discussion, bool(is_closed), reader, bool(has_measures), tuple(spent))


def recent_texts(reader: int | None, *, at: datetime) -> tuple[str, ...]:
    """What this reader has posted lately, the newest first; of an unknown one, nothing is asked."""
    if reader is None:
        return ()
    since = connection.ops.adapt_datetimefield_value(at - REMEMBERED_FOR)
    with connection.cursor() as cursor:
        cursor.execute(_RECENT, [reader, since, REMEMBERED_TEXTS])
        return tuple(text for (text,) in cursor.fetchall())


def reader_of(email: str, *, at: datetime) -> int:
    """The key of an e-mail's reader, met now for the first time."""
    with connection.cursor() as cursor:
        cursor.execute(_READER, [email, connection.ops.adapt_datetimefield_value(at)])
        (key,) = cursor.fetchone()
    return int(key)


def leave_trace(comment: Comment, *, address: str, port: int | None, at: datetime) -> None:
    with connection.cursor() as cursor:
        stored = (
            connection.ops.adapt_ipaddressfield_value(address),
            port,
            connection.ops.adapt_datetimefield_value(at),
        )
        cursor.execute(_TRACE, [comment.pk, *stored])
