"""A query that is composed once and asked many times.

Composing one takes the ORM longer than the database takes to answer it: of a page of branches, 2.4 ms against 0.6; of
one row by its key, 0.4 ms against 0.03. What is composed depends on the code and on the kind of database alone; the
values change.

What does not change is written into the statement itself, as far as it is numbers and words: a plan that is kept for
any value can only then meet a partial index.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.query import get_related_populators

from newsroom import prepared

# A statement, or a part of one, and its values.
Question = tuple[str, tuple[Any, ...]]
# Marks: the places of a key, a moment, a word. Nothing has them, and any column of its kind could.
KEY = 2**31 - 19
MOMENT = datetime(1, 1, 2, tzinfo=UTC)
WORD = "the word that is asked for"


class Composed:
    """`rows` are filtered by `marks`, values that nothing else in the query has: places for those to be asked for.

    A mark may stand in several places. Each call gives one value for each mark, in their order. Raises ValueError where
    the query does not ask for a mark.
    """

    def __init__(self, rows: QuerySet[Any, Any], marks: Sequence[object]) -> None:
        self._model: type[Model] = rows.model
        compiler = rows.query.get_compiler(connection=connection)
        sql, parameters = compiler.as_sql()
        self.sql, self._kept, self._places = _with_literals(sql, parameters, [_stored(mark) for mark in marks])
        columns = compiler.select
        converters = compiler.get_converters([column[0] for column in columns])
        self._converters = [(place, *converter) for place, converter in converters.items()]
        of_model = (compiler.klass_info or {}).get("select_fields", [])
        self._fields = [columns[place][0].target.attname for place in of_model]
        self._annotated = dict(compiler.annotation_col_map)
        info = compiler.klass_info
        # From Django 6.1 on it asks for a fetch mode, which the stubs know already.
        self._related = get_related_populators(info, columns, connection.alias) if info else []  # type: ignore[call-arg]

    def parameters(self, values: Sequence[object]) -> tuple[Any, ...]:
        """What stands in the places of the statement for these values."""
        stored, parameters = [_stored(value) for value in values], list(self._kept)
        for place, mark in self._places:
            parameters[place] = stored[mark]
        return tuple(parameters)

    def question(self, values: Sequence[object]) -> Question:
        """For a larger statement that asks this one among others."""
        return self.sql, self.parameters(values)

    def rows(self, values: Sequence[object]) -> list[Sequence[Any]]:
        """The columns for these values. One query."""
        with prepared.cursor() as cursor:
            cursor.execute(self.sql, self.parameters(values))
            found: list[Sequence[Any]] = cursor.fetchall()
        return [self._converted(row) for row in found] if self._converters else found

    def asked(self, values: Sequence[object]) -> list[Any]:
        """The rows for these values as objects, with what was annotated and joined (`select_related`). One query."""
        alias, count = connection.alias, len(self._fields)
        objects = []
        for row in self.rows(values):
            one = self._model.from_db(alias, self._fields, row[:count])
            for name, place in self._annotated.items():
                setattr(one, name, row[place])
            for related in self._related:
                related.populate(row, one)
            objects.append(one)
        return objects

    def _converted(self, row: Sequence[Any]) -> list[Any]:
        told = list(row)
        for place, converters, column in self._converters:
            for convert in converters:
                told[place] = convert(told[place], column, connection)
        return told


def _with_literals(
    sql: str, parameters: Sequence[object], marks: list[object]
) -> tuple[str, list[object], list[tuple[int, int]]]:
    """The statement with its fixed values written out, what is left of them, and which mark stands in which place."""
    written, *pieces = sql.split("%s")
    kept: list[object] = []
    places: list[tuple[int, int]] = []
    for value, piece in zip(parameters, pieces, strict=True):
        mark = marks.index(value) if value in marks and not isinstance(value, bool) else None
        literal = _literal(value) if mark is None else None
        if literal is None:
            places += [] if mark is None else [(len(kept), mark)]
            kept.append(value)
        written += (literal or "%s") + piece
    if {mark for _, mark in places} != set(range(len(marks))):
        raise ValueError("A mark does not stand in the query.")
    return written, kept, places


def _literal(value: object) -> str | None:
    """As both databases read it; None for what they write each in its own way."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int):
        return str(int(value))
    if isinstance(value, str) and "\\" not in value:
        return "'" + value.replace("'", "''").replace("%", "%%") + "'"
    return None


def _stored(value: object) -> object:
    return connection.ops.adapt_datetimefield_value(value) if isinstance(value, datetime) else value
