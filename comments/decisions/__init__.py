"""decide() and undo(): the only writers of Comment.status, of decision rows, of the counters of a discussion.

A decision names the version it read. The database compares and sets: of two people who read the same version,
one decides and the other is told. Everything a decision touches changes in one transaction, in one order of
locks: comments by key (the top of a branch before its answers), then the discussion, last.

steps.py: which step leads where. refusals.py: why a decision cannot be taken. asking.py: the rules. one.py and many.py:
one comment, several. writing.py: the rows, the same for both.
replayed.py: chains that come back from an archive.
"""

from __future__ import annotations

from comments.decisions.many import Outcome, decide_each, undo_each
from comments.decisions.one import decide, undo
from comments.decisions.refusals import (
    Incomplete,
    KeyReused,
    NotAStep,
    NothingToUndo,
    NotYours,
    Refused,
    Stale,
    newest_decision,
    refuse_incomplete,
)
from comments.decisions.replayed import DoesNotReplay, Replayed, Told, replay, set_version, write_replayed
from comments.decisions.steps import POLICIES, SETTLES, STEPS, UNDOABLE, Decider

__all__ = [
    "POLICIES",
    "SETTLES",
    "STEPS",
    "UNDOABLE",
    "Decider",
    "DoesNotReplay",
    "Incomplete",
    "KeyReused",
    "NotAStep",
    "NotYours",
    "NothingToUndo",
    "Outcome",
    "Refused",
    "Replayed",
    "Stale",
    "Told",
    "decide",
    "decide_each",
    "newest_decision",
    "refuse_incomplete",
    "replay",
    "set_version",
    "undo",
    "undo_each",
    "write_replayed",
]
