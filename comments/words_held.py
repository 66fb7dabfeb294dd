"""Which comments hold words: the newest of them, in the terms of each database's index of words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import BooleanField, F, Func

# Of the comments that hold the words, only the newest ones are looked at further: the commonest word of a million
# comments answers as fast as a rare one.
MATCHES = 10_000
# PostgreSQL takes a phrase to be as rare as if its words had nothing to do with each other, and reads every place of a
# common one. So the newest comments are asked first: where one in twenty holds it, they are read from the newest on,
# which is then faster than the index of words; and that index is asked where they were not enough.
SAMPLE = 5_000
ONE_IN = 20
WALK = MATCHES * ONE_IN
_NEWEST = "(SELECT comment_id, words FROM comments_search ORDER BY comment_id DESC LIMIT %s) AS newest"
_WALKED_OR_SOUGHT = f"""
    WITH walked AS MATERIALIZED (
        SELECT comment_id FROM {_NEWEST}
        WHERE words @@ ({{query}}) AND (SELECT count(*) >= %s FROM {_NEWEST} WHERE words @@ ({{query}})) LIMIT %s
    )
    SELECT comment_id FROM walked
    UNION ALL (
        SELECT comment_id FROM comments_search
        WHERE words @@ ({{query}}) AND (SELECT count(*) FROM walked) < %s ORDER BY comment_id DESC LIMIT %s
    )
"""  # noqa: S608
_SOUGHT = "SELECT comment_id FROM comments_search WHERE words @@ ({query}) ORDER BY comment_id DESC LIMIT %s"


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases, each a tuple of words, to hold and not to hold. `prefix`: the last word may go on."""

    phrases: tuple[tuple[str, ...], ...] = ()
    without: tuple[tuple[str, ...], ...] = ()
    prefix: bool = False


class Among(Func):
    """Whether a comment is among the newest that hold all the phrases, and none of the others."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, asked: Words) -> None:
        self.asked = asked
        super().__init__(F("pk"))

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        key, params = compiler.compile(self.source_expressions[0])
        if connection.vendor == "sqlite":
            sought = "SELECT rowid FROM comments_search WHERE comments_search MATCH %s ORDER BY rowid DESC LIMIT %s"
            return f"{key} IN ({sought})", [*params, _fts5(self.asked), MATCHES]
        sought, held = _sought(self.asked)
        # An array is looked up key by key; to join ten thousand keys PostgreSQL would read the whole table.
        return f"{key} = ANY(ARRAY({sought}))", [*params, *held]


class Holds(Func):
    """Whether one comment holds any of the phrases: asked comment by comment, where nearly all are wanted."""

    output_field = BooleanField()
    conditional = True

    def __init__(self, phrases: tuple[tuple[str, ...], ...]) -> None:
        self.phrases = phrases
        super().__init__(F("pk"))

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        key, params = compiler.compile(self.source_expressions[0])
        if connection.vendor == "sqlite":
            sql = f"EXISTS (SELECT 1 FROM comments_search WHERE comments_search MATCH %s AND rowid = {key})"  # noqa: S608
            return sql, [" OR ".join(_fts5(Words((words,))) for words in self.phrases), *params]
        any_of = " || ".join([_PHRASE] * len(self.phrases))
        sql = f"EXISTS (SELECT 1 FROM comments_search WHERE words @@ ({any_of}) AND comment_id = {key})"  # noqa: S608
        return sql, [*(" ".join(words) for words in self.phrases), *params]


_PHRASE = "phraseto_tsquery('comments_words', %s)"


def _sought(asked: Words) -> tuple[str, list[object]]:
    """Keys of the newest, on PostgreSQL; some of them twice."""
    query, words = _tsquery(asked)
    if all(len(phrase) == 1 for phrase in asked.phrases):
        return _SOUGHT.format(query=query), [*words, MATCHES]
    walked = [WALK, *words, SAMPLE // ONE_IN, SAMPLE, *words, MATCHES]
    return _WALKED_OR_SOUGHT.format(query=query), [*walked, *words, MATCHES, MATCHES]


def _fts5(asked: Words) -> str:
    # Words in double quotes are strings to FTS5, never syntax; they hold no quote themselves.
    terms = [f'"{" ".join(words)}"' for words in asked.phrases]
    if asked.prefix:
        terms[-1] += " *"
    query = " AND ".join(terms)
    for words in asked.without:
        query = f'({query}) NOT "{" ".join(words)}"'
    return query


def _tsquery(asked: Words) -> tuple[str, list[str]]:
    terms = [_PHRASE] * len(asked.phrases)
    params = [" ".join(words) for words in asked.phrases]
    if asked.prefix:
        # Word characters alone, joined by our own signs.
        terms[-1], params[-1] = "to_tsquery('comments_words', %s)", " <-> ".join(asked.phrases[-1]) + ":*"
    query = " && ".join(terms)
    for words in asked.without:
        query = f"({query}) && !!{_PHRASE}"
        params.append(" ".join(words))
    return query, params
