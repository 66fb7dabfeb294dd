"""One line of an archive: a JSON object whose `kind` says what it is. What is empty is left out."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from newsroom.archive import is_storable
from newsroom.moments import has_room

Told = dict[str, Any]
# The longest honest line: a comment with its revisions, or an article. Longer ones are not read into memory.
LINE_MAX = 32 * 1024 * 1024


class Unreadable(Exception):
    """A line that is not what it should be; its text is a sentence."""


def as_line(kind: str, **told: Any) -> str:
    """The same things always give the same bytes: keys in the order they are given, moments in UTC."""
    kept = {name: value for name, value in told.items() if not _is_empty(value)}
    return json.dumps({"kind": kind} | kept, ensure_ascii=False, separators=(",", ":")) + "\n"


def part(**told: Any) -> Told:
    """A piece inside a line, such as one decision of a comment."""
    return {name: value for name, value in told.items() if not _is_empty(value)}


def moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z") if at else None


def read_line(line: str) -> Told:
    """Raises Unreadable."""
    try:
        told = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise Unreadable(_("This line is not JSON.")) from error
    if not isinstance(told, dict) or not is_storable(told.get("kind")):
        raise Unreadable(_("This line does not say what it is: “kind” is missing."))
    return told


def text_of(told: Told, name: str) -> str:
    """Raises Unreadable where something else than a text stands there."""
    value = told.get(name, "")
    if not is_storable(value):
        raise Unreadable(_("“%(name)s” is not a text.") % {"name": name})
    return str(value)


def number_of(told: Told, name: str, otherwise: int = 0) -> int:
    value = maybe_number(told, name)
    return otherwise if value is None else value


def maybe_number(told: Told, name: str) -> int | None:
    """Raises Unreadable for what is no whole number that a database holds."""
    value = told.get(name)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise Unreadable(_("“%(name)s” is not a number.") % {"name": name})
    return value


def moment_of(told: Told, name: str) -> datetime | None:
    words = text_of(told, name)
    try:
        at = parse_datetime(words) if words else None
    except ValueError:
        at = None
    if words and (at is None or at.tzinfo is None or not has_room(at)):
        raise Unreadable(_("“%(words)s” is no date and time with its zone (ISO 8601).") % {"words": words[:40]})
    return at


def is_uuid(words: str) -> bool:
    return re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", words) is not None


def parts_of(told: Told, name: str) -> list[Told]:
    value = told.get(name, [])
    if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
        raise Unreadable(_("“%(name)s” is not a list of objects.") % {"name": name})
    return value


def _is_empty(value: object) -> bool:
    return value is None or value is False or value == "" or value == []
