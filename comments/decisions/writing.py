"""The rows that steps write, for one comment and for a thousand by the same statements; in the caller's transaction.

In SQL, because this is the desk's every key: Django takes longer to word these six statements than a database to run
them (docs/explanation/where-the-time-goes.md). Comments first, by key, then discussions, by key.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from comments.decisions.asking import Ask, Step
from comments.decisions.steps import SETTLES
from comments.models import Action, Decision, ReportState, Revision, Status
from newsroom import prepared

_VISIBLE_ANSWERS = """
    UPDATE comments_comment SET visible_answers = visible_answers + gained.column2
    FROM (VALUES {keys}) AS gained WHERE comments_comment.id = gained.column1
"""
# Compare and set: the version that was read, and no colleague who reads it now.
_MOVE = """
    UPDATE comments_comment SET status = %s, version = version + 1, decided_at = %s
    WHERE id IN {keys} AND version = %s AND NOT EXISTS (
        SELECT 1 FROM comments_claim WHERE comment_id = comments_comment.id AND until > %s AND holder_id <> %s
    ) RETURNING id
"""
_REWRITE = "UPDATE comments_comment SET text = %s, revision = revision + 1 WHERE id IN {keys}"
# The comment already has the version that the decision gives it.
_DECISIONS = """
    INSERT INTO comments_decision (
        comment_id, version, revision, undoes_id,
        action, from_status, to_status, ground, note, moderator_id, policy, bulk_id, idempotency_key, at
    ) SELECT id, version, revision, {undoes}, %s, %s, %s, %s, %s,
        CAST(%s AS bigint), %s, (SELECT id FROM comments_bulk WHERE id = %s), %s, %s
    FROM comments_comment WHERE id IN {keys} RETURNING
        comment_id,
        id,
        EXISTS (SELECT 1 FROM comments_report WHERE comment_id = comments_decision.comment_id AND state = %s),
        EXISTS (SELECT 1 FROM comments_claim WHERE comment_id = comments_decision.comment_id)
"""
_UNDONE = """(
    SELECT undone.id FROM comments_decision undone
    WHERE undone.comment_id = comments_comment.id AND undone.version = comments_comment.version - 1
)"""
_SETTLE_REPORTS = """
    UPDATE comments_report SET state = %s, settled_by_id = (
        SELECT newest.id FROM comments_decision newest WHERE newest.comment_id = comments_report.comment_id
        ORDER BY newest.version DESC LIMIT 1
    ) WHERE comment_id IN {keys} AND state = %s
"""
_REOPEN_REPORTS = "UPDATE comments_report SET state = %s, settled_by_id = NULL WHERE settled_by_id IN {keys}"
_RELEASE = "DELETE FROM comments_claim WHERE holder_id = %s AND comment_id IN {keys}"
_DISCUSSIONS = """
    UPDATE comments_discussion SET visible_count = visible_count + seen.column2, version = version + seen.column3
    FROM (VALUES {keys}) AS seen WHERE comments_discussion.id = seen.column1
"""


@dataclass(slots=True)
class _Taken:
    """Steps with their decisions, by the comment's key; and whether any comment has open reports, or a lease on it.

    Told by the statement that writes the decisions: it sees all that was filed before their comments were locked.
    """

    steps: list[Step]
    decisions: dict[int, Decision]
    reported: bool = False
    claimed: bool = False


def take_steps(steps: Sequence[Step], ask: Ask) -> dict[int, Decision]:
    """The decisions, by the comment's key. A comment whose version has moved, or that a colleague reads, has none."""
    _lock(steps)
    taken = _Taken([], {})
    for same in _together(steps):
        _decide(same, ask, taken)
    if not taken.steps:
        return {}
    _count_answers(taken.steps)
    _settle_reports(taken, ask)
    if ask.person is not None and taken.claimed:
        _run(_RELEASE, ask.person.pk, _keys(taken.steps))
    _count_discussions(taken.steps)
    return taken.decisions


def _lock(steps: Sequence[Step]) -> None:
    """Comments and the tops of their branches, in the order of keys. One alone is locked by its own change."""
    tops = {step.comment.root_id for step in steps if step.gained and step.comment.root_id}
    keys = sorted(tops.union(_keys(steps)))
    if len(keys) > 1 and connection.features.has_select_for_update:
        _run("SELECT id FROM comments_comment WHERE id IN {keys} ORDER BY id FOR UPDATE", keys)


def _together(steps: Iterable[Step]) -> Iterable[list[Step]]:
    """Those that go the same way from the same version: the same statement is theirs."""
    ways: dict[tuple[int, str, str], list[Step]] = defaultdict(list)
    for step in steps:
        ways[step.comment.version, step.comment.status, step.to_status].append(step)
    return ways.values()


def _decide(steps: list[Step], ask: Ask, taken: _Taken) -> None:
    """Steps of one way: compare and set, then a decision for each comment that was as it was read."""
    first, at = steps[0], connection.ops.adapt_datetimefield_value(ask.at)
    # Of nobody in particular: no claim stops a chief or a policy.
    reader = None if ask.overrides or ask.person is None else ask.person.pk
    to_status = first.to_status.value
    moved = {key for (key,) in _run(_MOVE, to_status, at, _keys(steps), first.comment.version, at, reader)}
    if not moved:
        return
    steps = [step for step in steps if step.comment.pk in moved]
    sql = _DECISIONS.replace("{undoes}", _UNDONE if first.undoes else "NULL")
    rows = _run(sql, *_same(first, ask, at), _keys(steps), ReportState.OPEN.value)
    if ask.text is not None:
        _rewrite(steps, ask)
    keys = {comment: key for comment, key, _reported, _claimed in rows}
    taken.steps += steps
    taken.decisions |= {step.comment.pk: _decision(step, ask, keys[step.comment.pk]) for step in steps}
    taken.reported |= any(reported for _comment, _key, reported, _claimed in rows)
    taken.claimed |= any(claimed for _comment, _key, _reported, claimed in rows)


def _same(step: Step, ask: Ask, at: Any) -> list[Any]:
    """What the decisions of one way have in common, in the order of _DECISIONS."""
    way = [ask.action.value, str(step.comment.status), step.to_status.value]
    bulk = ask.bulk and ask.bulk._meta.pk.get_db_prep_value(ask.bulk.pk, connection)
    by = [ask.person and ask.person.pk, ask.policy, bulk]
    return [*way, str(ask.ground), ask.note, *by, ask.key or None, at]


def _decision(step: Step, ask: Ask, key: int) -> Decision:
    """As it was written."""
    comment = step.comment
    decision = Decision(
        pk=key,
        comment=comment,
        version=comment.version + 1,
        action=ask.action,
        from_status=Status(comment.status),
        to_status=step.to_status,
        revision=comment.revision,
        ground=ask.ground,
        note=ask.note,
        moderator=ask.person,
        policy=ask.policy,
        bulk=ask.bulk,
        undoes=step.undoes,
        idempotency_key=ask.key or None,
        at=ask.at,
    )
    decision._state.adding = False
    return decision


def _rewrite(steps: list[Step], ask: Ask) -> None:
    """The author's new text; the one that was read is kept."""
    for step in steps:
        comment = step.comment
        Revision.objects.create(comment=comment, number=comment.revision, text=comment.text, at=ask.at)
    _run(_REWRITE, ask.text, _keys(steps))


def _count_answers(steps: list[Step]) -> None:
    """The visible answers of each branch."""
    gained: Counter[int] = Counter()
    for step in steps:
        if step.gained and step.comment.root_id:
            gained[step.comment.root_id] += step.gained
    if gained:
        _run(_VISIBLE_ANSWERS, sorted(gained.items()))


def _count_discussions(steps: list[Step]) -> None:
    """Visible comments by what was gained; the version by one for each change that readers see."""
    gained: Counter[int] = Counter()
    changes: Counter[int] = Counter()
    for step in steps:
        if step.gained:
            gained[step.comment.discussion_id] += step.gained
            changes[step.comment.discussion_id] += 1
    if len(changes) > 1 and connection.features.has_select_for_update:
        _run("SELECT id FROM comments_discussion WHERE id IN {keys} ORDER BY id FOR UPDATE", sorted(changes))
    if changes:
        _run(_DISCUSSIONS, [(key, gained[key], changes[key]) for key in sorted(changes)])


def _settle_reports(taken: _Taken, ask: Ask) -> None:
    opened = ReportState.OPEN.value
    if ask.action in SETTLES and taken.reported:
        _run(_SETTLE_REPORTS, SETTLES[ask.action].value, _keys(taken.steps), opened)
    if ask.action != Action.UNDO:
        return
    _run(_REOPEN_REPORTS, opened, [step.undoes.pk for step in taken.steps if step.undoes])
    # A comment that is rejected again has nothing left to report: what was filed meanwhile was right.
    if again := [step.comment.pk for step in taken.steps if step.to_status == Status.REJECTED]:
        _run(_SETTLE_REPORTS, ReportState.UPHELD.value, again, opened)


def _keys(steps: Iterable[Step]) -> list[int]:
    return [step.comment.pk for step in steps]


def _run(sql: str, *params: Any) -> list[Any]:
    """Run one statement; a list among the parameters, of keys or of rows, stands where {keys} does."""
    keys = next(param for param in params if isinstance(param, list))
    flat = [value for param in params for value in (param if isinstance(param, list) else [param])]
    if isinstance(keys[0], tuple):
        row = f"({', '.join(['%s'] * len(keys[0]))})"
        places, flat = ", ".join([row] * len(keys)), [value for row in keys for value in row]
    else:
        places = f"({', '.join(['%s'] * len(keys))})"
    with prepared.cursor() as cursor:
        cursor.execute(sql.replace("{keys}", places), flat)
        return cursor.fetchall() if cursor.description else []
