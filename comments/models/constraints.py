"""Conditions that both databases can keep."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models.functions import Length
from django.db.models.lookups import GreaterThanOrEqual, LessThanOrEqual


class HasNoNul(models.Func):
    """True where a text holds no NUL character.

    PostgreSQL refuses NUL by itself. SQLite stores it, and its LENGTH stops there: a text of 500 characters
    with an early NUL would pass a limit of 50.
    """

    output_field = models.BooleanField()
    conditional = True

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> tuple[str, list[Any]]:  # type: ignore[override]
        sql, params = compiler.compile(self.source_expressions[0])
        if connection.vendor == "sqlite":
            return f"instr({sql}, char(0)) = 0", list(params)
        return f"{sql} IS NOT NULL", list(params)


def length_between(field: str, low: int, high: int, *, name: str) -> models.CheckConstraint:
    """SQLite enforces no varchar length; this does."""
    long_enough, short_enough = GreaterThanOrEqual(Length(field), low), LessThanOrEqual(Length(field), high)
    return models.CheckConstraint(
        name=name, condition=models.Q(long_enough) & models.Q(short_enough) & models.Q(HasNoNul(field))
    )
