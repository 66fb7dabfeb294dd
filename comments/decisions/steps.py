"""Which step leads from which status to which, and what becomes of the reports."""

from __future__ import annotations

from comments.models import Action, ReportState, Status
from newsroom.models import User

# Named rules that may decide where no person does.
POLICIES = {"import", "author"}
Decider = User | str

_P, _F, _A, _R, _W = Status.PENDING, Status.FLAGGED, Status.APPROVED, Status.REJECTED, Status.WITHDRAWN
STEPS: dict[Action, dict[Status, Status]] = {
    # APPROVED to APPROVED is « maintenir »: it dismisses open reports, and needs some.
    Action.APPROVE: {_P: _A, _F: _A, _R: _A, _A: _A},
    Action.REJECT: {_P: _R, _F: _R, _A: _R},
    Action.FLAG: {_P: _F, _A: _F},
    Action.EDIT: {_P: _P, _A: _P},
    Action.WITHDRAW: {_P: _W, _F: _W, _A: _W},
}
UNDOABLE = {Action.APPROVE, Action.REJECT, Action.FLAG}
# What becomes of the open reports of a comment. FLAG and EDIT leave them open.
SETTLES = {
    Action.APPROVE: ReportState.DISMISSED,
    Action.REJECT: ReportState.UPHELD,
    Action.WITHDRAW: ReportState.MOOT,
}
