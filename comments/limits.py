"""Who may do a thing how often. Counts live in the database: every process sees the same."""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from comments.models import LimitCount

_SPEND = """
    INSERT INTO comments_limitcount ("key", "window", "count", ends_at) VALUES {rows}
    ON CONFLICT ("key", "window") DO UPDATE SET "count" = comments_limitcount."count" + 1 RETURNING "key", "count"
"""


class TooMany(Exception):
    """Over the limit. `retry_after` is in seconds."""

    def __init__(self, retry_after: int) -> None:
        self.retry_after = retry_after
        super().__init__(retry_after)


def keyed_hash(*parts: str) -> str:
    """A hash that only this site's key can make: addresses and e-mails never stand in a key readable."""
    return hmac.new(settings.SECRET_KEY.encode(), "\0".join(parts).encode(), hashlib.sha256).hexdigest()


@dataclass(frozen=True, slots=True)
class Allowance:
    """How often one may do one thing in the window that holds now. `key` is a keyed hash, `number` the window's."""

    key: str
    number: int
    most: int
    ends_at: datetime

    def refuse_if_over(self, spent: int | None, *, at: datetime) -> None:
        """`spent` so far, None for nothing. Raises TooMany."""
        if spent is not None and spent >= self.most:
            raise TooMany(math.ceil((self.ends_at - at).total_seconds()))


def allowance(scope: str, who: str, *, limit: tuple[int, int], at: datetime) -> Allowance:
    """`limit` is (count, seconds)."""
    most, seconds = limit
    number = int(at.timestamp()) // seconds
    ends_at = datetime.fromtimestamp((number + 1) * seconds, tz=UTC)
    return Allowance(keyed_hash(scope, who), number, most, ends_at)


def refuse_if_over(scope: str, who: str, *, limit: tuple[int, int], at: datetime) -> None:
    """One read, nothing written. Raises TooMany."""
    allowed = allowance(scope, who, limit=limit, at=at)
    counts = LimitCount.objects.filter(key=allowed.key, window=allowed.number).values_list("count", flat=True)
    allowed.refuse_if_over(counts.first(), at=at)


def spend(scope: str, who: str, *, limit: tuple[int, int], at: datetime) -> None:
    """Count one more, in the caller's transaction. Raises TooMany, which undoes it."""
    spend_each([allowance(scope, who, limit=limit, at=at)], at=at)


def spend_each(allowances: Sequence[Allowance], *, at: datetime) -> None:
    """Count one more of each, in the caller's transaction, in one statement. Raises TooMany, which undoes it."""
    with connection.cursor() as cursor:
        cursor.execute(*spending(allowances))
        refuse_overspent(allowances, cursor.fetchall(), at=at)


def spending(allowances: Sequence[Allowance]) -> tuple[str, list[Any]]:
    """The statement that counts one more of each, and its values. It gives rows (key, count)."""
    assert transaction.get_connection().in_atomic_block, "a spent unit must vanish with what it paid for"  # noqa: S101
    moment = connection.ops.adapt_datetimefield_value
    places = ", ".join(["(%s, %s, 1, %s)"] * len(allowances))
    values = [value for one in allowances for value in (one.key, one.number, moment(one.ends_at))]
    return _SPEND.replace("{rows}", places), values


def refuse_overspent(allowances: Sequence[Allowance], spent: Iterable[tuple[str, int]], *, at: datetime) -> None:
    """`spent`: what that statement gave. Raises TooMany."""
    counts = dict(spent)
    for one in allowances:
        one.refuse_if_over(counts[one.key] - 1, at=at)


def forget_past_windows(*, at: datetime) -> int:
    """Rows whose window has ended longer than a day ago are of no use to anybody."""
    return LimitCount.objects.filter(ends_at__lt=at - timedelta(days=1)).delete()[0]
