"""Search across all comments by their words: SQLite's FTS5, PostgreSQL's text search. Accents and case fold away.

Both databases are given words only, found here: what somebody types never reaches a search language as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial, reduce
from operator import and_
from typing import Protocol

from django.db import connection, transaction
from django.db.models import BigIntegerField, Q, QuerySet
from django.db.models.functions import Cast
from django.db.models.lookups import In
from django.utils.timezone import make_aware

from comments.models import Comment, Discussion, Status
from comments.plain_text import clean_email, clean_text
from comments.words_held import Among, Holds, Words

QUERY_MAX = 200
# `article:` with a word of many headlines means the newest articles.
ARTICLES = 500
MANY = 50_000
YEARS = range(1970, 2200)

_WORD = re.compile(r"[^\W_]+")
_PIECE = re.compile(r'(?P<minus>-?)(?:(?P<operator>[^\W\d_]+):)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))')
_EMAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
# The operators, and what a French hand types.
_OPERATORS = {
    "status": "status",
    "statut": "status",
    "article": "article",
    "before": "before",
    "avant": "before",
    "after": "after",
    "après": "after",
    "apres": "after",
}
_INSERT_SQLITE = "INSERT INTO comments_search (rowid, text, author_name) VALUES (%s, %s, %s)"
_INSERT_ONE_POSTGRESQL = """
    INSERT INTO comments_search (comment_id, words) VALUES (%s, to_tsvector('comments_words', %s::text))
"""
# One statement for a whole batch.
_INSERT_POSTGRESQL = """
    INSERT INTO comments_search (comment_id, words)
    SELECT pk, to_tsvector('comments_words', text || ' ' || author_name)
    FROM unnest(%s::bigint[], %s::text[], %s::text[]) AS told (pk, text, author_name)
    ON CONFLICT (comment_id) DO UPDATE SET words = excluded.words
"""


@dataclass(frozen=True, slots=True)
class Asked(Words):
    """What a query asks for: words, and conditions on the comment.

    A condition is made when rows are narrowed: it may ask which articles are meant.
    `misread`: pieces that ask for what cannot be (a status there is not, a date that is none); they leave nothing.
    """

    conditions: tuple[Callable[[], Q], ...] = ()
    misread: tuple[str, ...] = ()


def matching(query: str, *, staff: bool = True) -> QuerySet[Comment]:
    """Comments that a query asks for: words, "a phrase", -without, status:, article:, before:, after:, an e-mail.

    Without `staff`: visible comments alone, and no e-mail finds anything. Raises nothing, whatever is typed; a query
    that asks for nothing finds nothing. The order is the caller's: by "-pk" the newest come fastest.
    """
    rows = Comment.objects.all() if staff else Comment.objects.visible()
    return narrow(rows, query, staff=staff)


def narrow(rows: QuerySet[Comment], query: str, *, staff: bool = True) -> QuerySet[Comment]:
    """Of these rows, those that a query asks for, among the MATCHES newest that hold its words."""
    asked = understood(query, staff=staff)
    if asked.misread or not (asked.phrases or asked.without or asked.conditions):
        return rows.none()
    for condition in asked.conditions:
        rows = rows.filter(condition())
    if asked.phrases:
        return rows.filter(Among(asked))
    return rows.filter(~Holds(asked.without)) if asked.without else rows


def understood(query: str, *, staff: bool = True) -> Asked:
    """What a person typed, read as far as it can be."""
    phrases: list[tuple[str, ...]] = []
    without: list[tuple[str, ...]] = []
    conditions: list[Callable[[], Q]] = []
    misread: list[str] = []
    prefix = False
    for piece in _PIECE.finditer(clean_text(query)[:QUERY_MAX]):
        value = piece["quoted"] if piece["quoted"] is not None else piece["plain"]
        operator = _OPERATORS.get((piece["operator"] or "").lower())
        prefix = False
        if operator or _EMAIL.fullmatch(value):
            condition = _condition(operator or "email", value, staff=staff)
            if condition is None:
                misread.append(piece[0])
            else:
                conditions.append(partial(_not, condition) if piece["minus"] else condition)
            continue
        # An unknown operator is a word like another: « note:ceci » is what somebody wrote.
        words = tuple(_WORD.findall(f"{piece['operator'] or ''} {value}"))
        if not words:
            continue
        # Of a piece such as « l’eau » the words stand together in the text too.
        (without if piece["minus"] else phrases).append(words)
        prefix = not piece["minus"] and piece["quoted"] is None and not query[-1:].isspace() and len(words[-1]) > 2
    return Asked(tuple(phrases), tuple(without), prefix, tuple(conditions), tuple(misread))


def index(comment: Comment, *, was: Comment | None = None) -> None:
    """Write a comment's search row, in the caller's transaction. After an edit, `was` is the comment before it."""
    assert transaction.get_connection().in_atomic_block, "a search row stands and falls with its comment"  # noqa: S101
    if was is not None:
        forget([was])
    index_each([comment])


class Findable(Protocol):
    """A comment as far as its search row asks."""

    @property
    def pk(self) -> int: ...
    @property
    def text(self) -> str: ...
    @property
    def author_name(self) -> str: ...


def index_each(comments: Iterable[Findable]) -> None:
    """Write the search rows of comments that have none yet."""
    rows = [(comment.pk, *_told(comment)) for comment in comments]
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(_INSERT_SQLITE, rows)
        elif rows:
            cursor.execute(_INSERT_POSTGRESQL, [list(column) for column in zip(*rows, strict=True)])


def row_of(comment: Findable) -> tuple[str, tuple[str, ...]]:
    """The statement that writes a new comment's search row: its first place is the comment's key, the others these."""
    text, author_name = _told(comment)
    if connection.vendor == "sqlite":
        return _INSERT_SQLITE, (text, author_name)
    return _INSERT_ONE_POSTGRESQL, (f"{text} {author_name}",)


def forget(comments: Iterable[Comment]) -> None:
    """Take search rows away. FTS5 keeps no text: it must be given the one that was indexed."""
    if connection.vendor != "sqlite":
        return  # written over
    rows = [(comment.pk, *_told(comment)) for comment in comments]
    sql = "INSERT INTO comments_search (comments_search, rowid, text, author_name) VALUES ('delete', %s, %s, %s)"
    with connection.cursor() as cursor:
        cursor.executemany(sql, rows)


def forget_all() -> None:
    """Empty the index, to build it anew."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("INSERT INTO comments_search (comments_search) VALUES ('delete-all')")
        else:
            cursor.execute("TRUNCATE comments_search")


def _told(comment: Findable) -> tuple[str, str]:
    """What is indexed. PostgreSQL's parser would see hosts, paths and numbers with signs: it gets words alone."""
    if connection.vendor == "sqlite":
        return comment.text, comment.author_name
    return " ".join(_WORD.findall(comment.text)), " ".join(_WORD.findall(comment.author_name))


def _condition(operator: str, value: str, *, staff: bool) -> Callable[[], Q] | None:
    """None where it can hold of no comment."""
    if operator == "email":
        return partial(Q, reader__email=clean_email(value)) if staff else None
    if operator == "status":
        status = _status(value)
        return partial(Q, status=status) if status else None
    if operator == "article":
        words = _WORD.findall(value)
        return partial(_article, value, words) if words else None
    day = _midnight(value)
    if day is None:
        return None
    return partial(Q, submitted_at__lt=day) if operator == "before" else partial(Q, submitted_at__gte=day)


def _not(condition: Callable[[], Q]) -> Q:
    return ~condition()


def _status(value: str) -> Status | None:
    """A code, or its name in the language of the page."""
    named = {str(status.label).casefold(): status for status in Status} | {code.casefold(): code for code in Status}
    return named.get(value.strip().casefold())


def _article(value: str, words: list[str]) -> Q:
    """A slug, or words that its headline or its slug (where accents are folded) holds. One query."""
    held = (Q(article__headline__icontains=word) | Q(article__slug__icontains=word) for word in words)
    found = Discussion.objects.filter(Q(article__slug=value) | reduce(and_, held)).order_by("-pk")
    visible = dict(found.values_list("pk", "visible_count")[:ARTICLES])
    if sum(visible.values()) <= MANY:
        return Q(discussion__in=list(visible))
    # Of so many the newest come soon: read from the newest on, where by the articles' index all would be sorted.
    return Q(In(Cast("discussion_id", BigIntegerField()), list(visible)))


def _midnight(value: str) -> datetime | None:
    try:
        day = date.fromisoformat(value.strip())
    except ValueError:
        return None
    return make_aware(datetime.combine(day, time.min)) if day.year in YEARS else None
