"""Pages by keyset: what comes after the last row seen, never an OFFSET."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField, F, Func, Model, Q, Value
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler

_FARTHEST = 2**63 - 1


def moment(written: str) -> datetime:
    """A moment of a cursor, in UTC. Raises ValueError, also for one that no database can hold."""
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except OverflowError as far:
        raise ValueError(written) from far


def beyond(order: Sequence[str], last: Sequence[object], *, inclusive: bool = False) -> Q:
    """Rows after `last` in an `order` such as ("-submitted_at", "pk"), each column in its own direction.

    Where all go the same way they are compared as one row: an index of that order is entered at `last`. Else the first
    column is bounded by itself too, so that an index can start there.
    """
    backwards = {name.startswith("-") for name in order}
    if len(backwards) == 1:
        return Q(_RowsBeyond(order, last, operator=("<" if backwards.pop() else ">") + "=" * inclusive))
    condition, equal = Q(), Q()
    for name, value in zip(order, last, strict=True):
        column = name.lstrip("-")
        condition |= equal & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{column: value})
    first = order[0].lstrip("-")
    bound = Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": last[0]})
    return bound & (condition | equal if inclusive else condition)


class _RowsBeyond(Func):
    """`(submitted_at, id) > (…, …)`. Column by column, with OR, a database passes all rows that share the first: of
    branches by their answers most have none."""

    output_field = BooleanField()

    def __init__(self, order: Sequence[str], last: Sequence[object], *, operator: str) -> None:
        columns = [F(name.lstrip("-")) for name in order]
        super().__init__(*columns, *(Value(_within(value)) for value in last))
        self._operator = operator

    def as_sql(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_how: Any) -> Any:  # type: ignore[override]
        return self._told(compiler, alone=0)

    def as_sqlite(self, compiler: SQLCompiler, connection: BaseDatabaseWrapper, **_how: Any) -> Any:
        """SQLite enters an index by columns alone: what is computed is bounded by itself."""
        return self._told(compiler, alone=0 if isinstance(self.source_expressions[0], Col) else 1)

    def _told(self, compiler: SQLCompiler, *, alone: int) -> tuple[str, list[Any]]:
        parts = [compiler.compile(part) for part in self.source_expressions]
        half = len(parts) // 2
        sql = ""
        given: list[Any] = []
        for several, operator in ((alone, self._operator[0] + "="), (half, self._operator)):
            if several:
                sides = (parts[:several], parts[half : half + several])
                told = [", ".join(part for part, _values in side) for side in sides]
                sql += (" AND " if sql else "") + f"({told[0]}) {operator} ({told[1]})"
                given += [value for side in sides for _part, values in side for value in values]
        return f"({sql})", given


def _within(value: object) -> object:
    """A number that somebody made up, as far as a database holds one: what is beyond it is beyond all rows too."""
    return max(-_FARTHEST - 1, min(value, _FARTHEST)) if isinstance(value, int) else value


def cursor_of(row: Model, order: Sequence[str]) -> str:
    """Where a row stands in an `order`, to go on after it. Staff alone reads it: it may hold the key."""
    values = (getattr(row, name.lstrip("-")) for name in order)
    return "~".join(value.isoformat() if isinstance(value, datetime) else str(value) for value in values)


def read_cursor(cursor: str, order: Sequence[str]) -> list[object] | None:
    """Back from `cursor_of`; None for what was not written by it. A moment's name ends in _at or _since."""
    parts = cursor.split("~")
    if len(parts) != len(order):
        return None
    try:
        return [
            moment(part) if name.lstrip("-").endswith(("_at", "_since")) else int(part)
            for name, part in zip(order, parts, strict=True)
        ]
    except ValueError:
        return None
