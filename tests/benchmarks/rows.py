"""Rows as tuples, with the defaults of what they leave out; the sequence of keys follows them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection, transaction
from django.db.models import Max, Model

from comments.rows import add_rows


def write_rows(model: type[Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    """`names` are attributes (`reader_id`, not `reader`), the key among them."""
    left_out = [field for field in model._meta.concrete_fields if field.attname not in names]
    defaults = tuple(field.get_default() for field in left_out)
    with transaction.atomic():
        add_rows(model, [*names, *(field.attname for field in left_out)], ((*row, *defaults) for row in rows))
        if connection.vendor == "postgresql" and "id" in names:
            table = model._meta.db_table
            with connection.cursor() as cursor:
                cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")


def first_key(model: type[Model]) -> int:
    """The first key that is free."""
    return (model._default_manager.aggregate(key=Max("pk"))["key"] or 0) + 1
