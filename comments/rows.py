"""Many rows of one table written or found at once, past the costs of one object and one placeholder a value.

COPY on PostgreSQL, one prepared INSERT on SQLite: three to six times as fast as bulk_create. The caller holds the
transaction and knows that the rows keep every rule; the database's constraints stand all the same.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import BooleanField, DateTimeField, Model
from django.db.models.expressions import RawSQL

Row = Sequence[Any]


def add_rows(model: type[Model], names: Sequence[str], rows: Iterable[Row]) -> None:
    """Add rows of a model; `names` are its attributes (`parent_id`), in the order of the values. Raises Django's
    IntegrityError, DataError."""
    known = {field.attname: field for field in model._meta.concrete_fields}
    fields = [known[name] for name in names]
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # Django leaves COPY unwrapped: who catches its IntegrityError would not see a refusal.
            refusals = connection.wrap_database_errors
            with refusals, cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
            return
        marks = ", ".join(["%s"] * len(fields))
        moments = [place for place, field in enumerate(fields) if isinstance(field, DateTimeField)]
        sql = f"INSERT INTO {table} ({columns}) VALUES ({marks})"  # noqa: S608
        cursor.executemany(sql, list(_as_sqlite_keeps_moments(rows, moments)))


def next_keys(model: type[Model], count: int) -> list[int]:
    """Keys for that many rows to come, rising. On SQLite the caller's transaction keeps other writers out."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sql = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(sql, [table, count])
            return sorted(key for (key,) in cursor.fetchall())
        cursor.execute("SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = %s", [table])
        last = cursor.fetchone()[0]
    return list(range(last + 1, last + 1 + count))


def rows_with(model: type[Model], name: str, values: Iterable[str], *, told: Sequence[str]) -> list[tuple[Any, ...]]:
    """The columns `told` of the rows whose text column `name` is one of `values`, however many: one parameter."""
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            wanted: Any = list(values)
            among = "= ANY(%s)"
        else:
            wanted = json.dumps(list(values))
            among = "IN (SELECT value FROM json_each(%s))"
        cursor.execute(f"SELECT {', '.join(told)} FROM {table} WHERE {name} {among}", [wanted])  # noqa: S608
        return cursor.fetchall()


def keys_among(model: type[Model], name: str, keys: object) -> RawSQL:
    """A condition of its rows: the column `name` is one of `keys`, however many: one parameter, as `as_one` gives it.

    Each placeholder of an IN is read anew with every statement of another length.
    """
    column = f"{connection.ops.quote_name(model._meta.db_table)}.{connection.ops.quote_name(name)}"
    among = (
        "= ANY(CAST(%s AS bigint[]))" if connection.vendor == "postgresql" else "IN (SELECT value FROM json_each(%s))"
    )
    return RawSQL(f"{column} {among}", [keys], output_field=BooleanField())  # noqa: S611 (names of the model's own)


def as_one(keys: Iterable[int]) -> object:
    """Many keys as one parameter of a statement."""
    return list(keys) if connection.vendor == "postgresql" else json.dumps(list(keys))


def _as_sqlite_keeps_moments(rows: Iterable[Row], moments: Sequence[int]) -> Iterator[Row]:
    """As Django's adapt_datetimefield_value, which asks for the connection's zone each time."""
    zone = connection.timezone
    # The moment of an import is that of all its rows.
    kept: dict[datetime | None, str | None] = {None: None}
    for row in rows:
        values = list(row)
        for place in moments:
            moment = values[place]
            if moment not in kept:
                kept[moment] = str(moment.astimezone(zone).replace(tzinfo=None))
            values[place] = kept[moment]
        yield values
