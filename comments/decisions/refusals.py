"""Why a decision cannot be taken: each refusal is a sentence for the person who tried."""

from __future__ import annotations

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from comments.models import Action, Comment, Decision, Ground


class Refused(Exception):
    """A decision that cannot be taken; its text is a sentence for the person who tried."""


class NotAStep(Refused):
    """No such step from the comment's present status."""


class Incomplete(Refused):
    """A rejection without a ground, a flag without a note. `field` is what is missing."""

    def __init__(self, sentence: str, field: str) -> None:
        self.field = field
        super().__init__(sentence)


class NotYours(Refused):
    """Somebody else has to settle this one."""


class Stale(Refused):
    """The version that was read is not the newest. Carries the `comment` as it is and its newest `decision`."""

    def __init__(self, comment: Comment) -> None:
        self.comment = comment
        super().__init__(_("This comment has changed since you read it."))

    @cached_property
    def decision(self) -> Decision | None:
        """Read when somebody asks: of a thousand left out, few are told about one by one."""
        return newest_decision(self.comment)


class NothingToUndo(Stale):
    """The newest decision is not one that can be taken back."""


class KeyReused(Refused):
    """The idempotency key has already served another decision."""


def newest_decision(comment: Comment) -> Decision | None:
    return comment.decisions.select_related("moderator").order_by("-version").first()


def refuse_incomplete(action: Action, *, ground: str, note: str, text: str | None = None) -> None:
    """Raises Incomplete where something is missing whatever the comment, so that nothing need be asked of it."""
    if action == Action.REJECT and ground not in Ground.values:
        raise Incomplete(_("Choose the ground on which you reject this comment."), "ground")
    if action == Action.FLAG and not note:
        raise Incomplete(_("Write what a colleague should look at."), "note")
    if action == Action.EDIT and not text:
        raise Incomplete(_("The new text is missing."), "text")
