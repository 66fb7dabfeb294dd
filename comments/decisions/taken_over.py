"""Comments that stood elsewhere: written as they come out of the policy `import`, with its decisions, many at once.

What decide() does to one, in a fixed number of statements: status, version, moment, decision row, counters.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.db.models import Model

from comments.decisions.steps import STEPS
from comments.models import Action, Comment, Decision, Discussion, Status
from comments.rows import add_rows

_FACTS = (
    *("id", "public_id", "discussion_id", "parent_id", "root_id", "limb_id", "depth", "reader_id", "author_name"),
    *("text", "is_suspect", "submitted_at", "fingerprint"),
)
_COMMENT = (*_FACTS, "revision", "status", "version", "decided_at", "visible_answers")
_DECISION = (
    *("comment_id", "version", "action", "from_status", "to_status", "revision", "ground", "note", "policy", "at"),
)
_BECOMES = {action: STEPS[action][Status.PENDING].value for action in STEPS} | {None: Status.PENDING.value}


@dataclass(slots=True)
class TakenOver:
    """A comment to write, with the decision of the policy `import`; `action` None: it waits."""

    id: int
    public_id: int
    discussion_id: int
    parent_id: int | None
    root_id: int | None
    limb_id: int | None
    depth: int
    reader_id: int | None
    author_name: str
    text: str
    is_suspect: bool
    submitted_at: datetime
    fingerprint: str
    action: Action | None
    ground: str

    @property
    def pk(self) -> int:
        return self.id

    @property
    def status(self) -> str:
        return _BECOMES[self.action]


def write_taken_over(batch: Sequence[TakenOver], *, at: datetime) -> None:
    """Store them, in the caller's transaction: comments, decisions, counters. What they answer is stored or among them.

    The same order of locks as everywhere: tops of branches by key, then the discussions, last.
    """
    visible = [one for one in batch if one.action == Action.APPROVE]
    below = Counter(one.root_id for one in visible if one.root_id)
    new = {one.id for one in batch}
    _raise(Comment, ["visible_answers"], {top: gained for top, gained in below.items() if top not in new})
    add_rows(Comment, _COMMENT, (_comment_row(one, below[one.id], at) for one in batch))
    add_rows(Decision, _DECISION, _decision_rows(batch, at))
    _raise(Discussion, ["visible_count", "version"], Counter(one.discussion_id for one in visible))


def _comment_row(one: TakenOver, visible_answers: int, at: datetime) -> tuple[object, ...]:
    decided = (2, at) if one.action else (1, None)
    facts = (one.id, one.public_id, one.discussion_id, one.parent_id, one.root_id, one.limb_id, one.depth)
    words = (one.reader_id, one.author_name, one.text, one.is_suspect, one.submitted_at, one.fingerprint)
    return (*facts, *words, 1, one.status, *decided, visible_answers)


def _decision_rows(batch: Sequence[TakenOver], at: datetime) -> Iterator[tuple[object, ...]]:
    for one in batch:
        if one.action:
            steps = (one.action.value, _BECOMES[None], one.status)
            yield (one.id, 2, *steps, 1, one.ground, "", "import", at)


def _raise(model: type[Model], counts: Sequence[str], gained: Mapping[int, int]) -> None:
    """Add to the counts of many rows, each its own gain, locked in the order of their keys."""
    if not gained:
        return
    keys = sorted(gained)
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SELECT id FROM {table} WHERE id = ANY(%s) ORDER BY id FOR NO KEY UPDATE", [keys])  # noqa: S608
            changes = ", ".join(f"{count} = had.{count} + told.gained" for count in counts)
            told = "unnest(%s::bigint[], %s::int[]) AS told (id, gained)"
            sql = f"UPDATE {table} AS had SET {changes} FROM {told} WHERE had.id = told.id"  # noqa: S608
            cursor.execute(sql, [keys, [gained[key] for key in keys]])
            return
        changes = ", ".join(f"{count} = {count} + %s" for count in counts)
        sql = f"UPDATE {table} SET {changes} WHERE id = %s"  # noqa: S608
        cursor.executemany(sql, [[gained[key]] * len(counts) + [key] for key in keys])
