"""The desk's keys: which one does what in each of the three maps, and how a button shows its own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from django import template
from django.template import Context
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models import DeskSettings
from comments.queues import QUEUES

register = template.Library()

ACTS: dict[str, str | Promise] = {
    "approve": _("Approve"),
    "reject": _("Reject: then 1 to 9 or the arrows for the ground; Enter takes the last ground again"),
    "spam": _("Reject as spam at once"),
    "flag": _("Second look: then write why"),
    "skip": _("Skip for an hour"),
    "undo": _("Undo my last decision"),
    "next": _("Next comment"),
    "previous": _("Previous comment"),
    "note": _("Write a note"),
    "alike": _("Decide alike on the same text"),
    "open": _("Open the article at this comment"),
    "tick": _("Tick the comment"),
    "approve_ticked": _("Approve the ticked"),
    "reject_ticked": _("Reject the ticked"),
    "layout": _("One by one, or as a list"),
    "go": _("Go to a queue: then p, r, f, a, x or s"),
    "next_queue": _("Next queue"),
    "search": pgettext_lazy("the staff's search", "Search"),
    "keys": _("This list of keys"),
}
# The queue that follows `g`.
GO = {"p": "pending", "r": "reported", "f": "flagged", "a": "approved", "x": "rejected", "s": "suspects"}

_NEWSROOM = {
    "approve": "a",
    "reject": "r",
    "flag": "f",
    "skip": "s",
    "undo": "u",
    "next": "j",
    "previous": "k",
    "note": "n",
    "alike": "=",
    "open": "o",
    "tick": "x",
    "approve_ticked": "A",
    "reject_ticked": "R",
    "layout": "v",
    "go": "g",
    "search": "/",
    "keys": "?",
}
# For people who come from there: their keys where they have one, ours where they have none and the letter is free.
# WordPress: wordpress.org/documentation, "Keyboard shortcuts" of the comments screen; its `u` unapproves, which here is
# to hold. Coral: the list its own `?` shows.
_WORDPRESS = _NEWSROOM | {
    "reject": "d",
    "spam": "s",
    "flag": "u",
    "skip": "p",
    "undo": "z",
    "reject_ticked": "D",
}
_CORAL = _NEWSROOM | {
    "approve": "f",
    "reject": "d",
    "flag": "h",
    "layout": "z",
    "next_queue": "t",
    "approve_ticked": "F",
    "reject_ticked": "D",
}
KEYMAPS: dict[str, dict[str, str]] = {
    DeskSettings.Keymap.NEWSROOM: _NEWSROOM,
    DeskSettings.Keymap.WORDPRESS: _WORDPRESS,
    DeskSettings.Keymap.CORAL: _CORAL,
}
# Coral's digits open its queues; while grounds are shown they choose one, as everywhere.
_CORALS_QUEUES = {str(number): f"queue:{code}" for number, code in enumerate(QUEUES, start=1)}


@dataclass(frozen=True)
class Keys:
    """The keys of one moderator. Turned off, none is shown and none acts but those that need no letter."""

    keymap: str = DeskSettings.Keymap.NEWSROOM
    are_on: bool = True

    @classmethod
    def of(cls, settings: DeskSettings) -> Keys:
        return cls(settings.keymap, settings.single_keys)

    def letter(self, act: str) -> str:
        """The key of an act; empty where it has none or keys are off."""
        return KEYMAPS[self.keymap].get(act, "") if self.are_on else ""

    def listed(self) -> Iterator[tuple[str, str | Promise]]:
        """(key, what it does), in the order of a day's work."""
        keys = KEYMAPS[self.keymap]
        return ((keys[act], told) for act, told in ACTS.items() if act in keys)

    @property
    def for_scripts(self) -> str:
        """JSON: key to act."""
        if not self.are_on:
            return "{}"
        acts = {key: act for act, key in KEYMAPS[self.keymap].items()}
        return json.dumps(acts | (_CORALS_QUEUES if self.keymap == DeskSettings.Keymap.CORAL else {}))


GO_FOR_SCRIPTS = json.dumps(GO)


@register.simple_tag(takes_context=True)
def key(context: Context, act: str) -> SafeString:
    """The key that a button shows, or nothing where keys are off."""
    letter = _letter(context, act)
    return format_html('<kbd aria-hidden="true">{}</kbd>', shown(letter)) if letter else mark_safe("")


@register.simple_tag(takes_context=True)
def shortcut(context: Context, act: str) -> SafeString:
    """The attribute that tells a screen reader of the same key."""
    letter = _letter(context, act)
    return format_html('aria-keyshortcuts="{}"', shown(letter)) if letter else mark_safe("")


@register.filter
def shown(letter: str) -> str:
    """As the key is printed on a keyboard; a capital is typed with Shift."""
    return f"⇧ {letter}" if letter.isupper() else letter.upper()


def _letter(context: Context, act: str) -> str:
    keys = context.get("keys")
    return keys.letter(act) if isinstance(keys, Keys) else ""
