"""Pages by keyset: what comes after the last row seen, never an OFFSET."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from django.db.models import Model, Q


def moment(written: str) -> datetime:
    """A moment of a cursor, in UTC. Raises ValueError, also for one that no database can hold."""
    try:
        return datetime.fromisoformat(written).astimezone(UTC)
    except OverflowError as far:
        raise ValueError(written) from far


def beyond(order: Sequence[str], last: Sequence[object], *, inclusive: bool = False) -> Q:
    """Rows after `last` in an `order` such as ("-submitted_at", "pk"), each column in its own direction.

    The first column is bounded by itself too, so that an index can start there.
    """
    condition, equal = Q(), Q()
    for name, value in zip(order, last, strict=True):
        column = name.lstrip("-")
        condition |= equal & Q(**{f"{column}__{'lt' if name.startswith('-') else 'gt'}": value})
        equal &= Q(**{column: value})
    first = order[0].lstrip("-")
    bound = Q(**{f"{first}__{'lte' if order[0].startswith('-') else 'gte'}": last[0]})
    return bound & (condition | equal if inclusive else condition)


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
