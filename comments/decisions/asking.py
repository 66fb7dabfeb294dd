"""What is asked of a comment, and whether it may be done: one set of rules, however their facts were read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from comments.decisions.refusals import NotAStep, NothingToUndo, NotYours, Stale, refuse_incomplete
from comments.decisions.steps import POLICIES, STEPS, UNDOABLE, Decider
from comments.models import Action, Bulk, Comment, Decision, Status
from newsroom import roles
from newsroom.models import User


@dataclass(frozen=True)
class Ask:
    """One act, of a person or of a named policy. `bulk`: it is a part of an act on several comments."""

    action: Action
    by: Decider
    at: datetime
    ground: str = ""
    note: str = ""
    key: str | None = None
    text: str | None = None
    bulk: Bulk | None = None

    @property
    def person(self) -> User | None:
        return self.by if isinstance(self.by, User) else None

    @property
    def policy(self) -> str | None:
        return None if isinstance(self.by, User) else self.by

    @cached_property
    def overrides(self) -> bool:
        """Whether claims and other people's decisions do not stop it."""
        return self.person is None or self.person.has_perm(roles.OVERRIDE)


@dataclass(frozen=True, slots=True)
class Step:
    """Where a comment goes. `undoes` is the decision that is taken back."""

    comment: Comment
    to_status: Status
    undoes: Decision | None = None

    @property
    def gained(self) -> int:
        """Visible comments more (1) or less (-1)."""
        return (self.to_status == Status.APPROVED) - (self.comment.status == Status.APPROVED)


class Facts(Protocol):
    """What the rules ask about a comment beside the comment itself."""

    def is_reported(self, comment: Comment) -> bool: ...

    def flag(self, comment: Comment) -> Decision | None:
        """The newest request for a second look."""

    def newest(self, comment: Comment) -> Decision | None: ...


def asked(
    action: Action | str,
    *,
    by: Decider,
    at: datetime,
    ground: str,
    note: str,
    key: str | None = None,
    text: str | None = None,
    bulk: Bulk | None = None,
) -> Ask:
    """The act, if it is whole and `by` may decide at all. Raises NotAStep, Incomplete, PermissionDenied."""
    action, note = Action(action), note.strip()
    if action not in STEPS:
        raise NotAStep(_("This is not a decision."))
    refuse_incomplete(action, ground=ground, note=note, text=text)
    ask = Ask(action, by, at, ground if action == Action.REJECT else "", note, key, text, bulk)
    refuse_strangers(ask)
    return ask


def refuse_strangers(ask: Ask) -> None:
    """Raises PermissionDenied for a person without the right, and for a policy nobody has named."""
    if ask.person is not None and not ask.person.has_perm(roles.DECIDE):
        raise PermissionDenied
    if ask.policy is not None and ask.policy not in POLICIES:
        raise PermissionDenied


def judged(comment: Comment, ask: Ask, facts: Facts) -> Step:
    """The step that is asked of this comment, if it can be taken. Raises NotAStep, NotYours, Stale, NothingToUndo."""
    return _undoing(comment, ask, facts) if ask.action == Action.UNDO else _deciding(comment, ask, facts)


def _deciding(comment: Comment, ask: Ask, facts: Facts) -> Step:
    to_status = STEPS[ask.action].get(Status(comment.status))
    keeps = to_status == comment.status == Status.APPROVED
    if to_status is None or (keeps and not facts.is_reported(comment)):
        raise NotAStep(
            _("A comment that is “%(status)s” cannot take this decision.") % {"status": comment.get_status_display()}
        )
    if comment.status == Status.FLAGGED and ask.action in (Action.APPROVE, Action.REJECT):
        _refuse_own_flag(facts.flag(comment), ask)
    return Step(comment, to_status)


def _undoing(comment: Comment, ask: Ask, facts: Facts) -> Step:
    newest = facts.newest(comment)
    if newest and newest.version != comment.version:
        # Somebody decided between the two reads.
        raise Stale(Comment.objects.get(pk=comment.pk))
    if newest is None or newest.action not in UNDOABLE:
        raise NothingToUndo(comment)
    own = ask.person is not None and newest.moderator_id == ask.person.pk
    if not own and (ask.person is None or not ask.overrides):
        raise NotYours(_("Only who decided, or a chief, can undo this decision."))
    return Step(comment, Status(newest.from_status), newest)


def _refuse_own_flag(flag: Decision | None, ask: Ask) -> None:
    own = flag is not None and ask.person is not None and flag.moderator_id == ask.person.pk
    if own and not ask.overrides:
        raise NotYours(_("You asked for a second look: somebody else gives it. You may undo your flag."))
