"""How a saved page of plain text is laid out: the article, then its readers' comments, then the form.

    Headline
    Standfirst
    Caption
    Caption (Crédits : POOL)
    [Article publié le mercredi 13 septembre à 09H44] First paragraph…
    …
    Commentaires 6
    Jean à écrit le 14/09/2023 à 8:33
    Signaler
    Text of the comment…
    Votre email ne sera pas affiché publiquement.
    …

docs/reference/formats.md describes each part.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from newsroom.importers.decoding import decode
from newsroom.moments import has_room

_HEADING = re.compile(r"^(?:commentaires?|comments?)\s*[:(]?\s*(?P<count>\d{1,9})?\s*\)?$", re.IGNORECASE)
_COUNT_FIRST = re.compile(r"^(?P<count>\d{1,9})\s+(?:commentaires?|comments?)$", re.IGNORECASE)
_HEAD = re.compile(
    r"^(?P<name>.*?)\s*(?<!\w)(?:[àa]\s+écrit\s+le|wrote\s+on)\s+(?P<day>\d{1,2})[/.](?P<month>\d{1,2})[/.](?P<year>\d{4})"
    r"\s+(?:à|at)\s+(?P<hour>\d{1,2})\s*[:h]\s*(?P<minute>\d{2})\s*(?P<button>Signaler|Report)?$",
    re.IGNORECASE,
)
_BUTTON = re.compile(r"^(?:Signaler|Report)$", re.IGNORECASE)
_FORM_OPENS = re.compile(
    r"^(?:votre\s(?:adresse\s)?e-?mail\sne\ssera\spas\s(?:affiché|publié)"
    r"|your e-?mail.* will\snot\sbe\s(?:shown|published|displayed))",
    re.IGNORECASE,
)
_FORM = re.compile(
    r"^(?:-+|tous\sles\schamps\ssont\sobligatoires.*|all\sfields\sare\srequired.*|merci\spour\svotre\scommentaire.*"
    r"|thank\syou\sfor\syour\scomment.*)$",
    re.IGNORECASE,
)
_HEAD_MAX = 200


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the file: its number, from 1, and its text without spaces at its ends."""

    number: int
    text: str


@dataclass(frozen=True, slots=True)
class CommentHead:
    """The line above a comment. `written_at` is naive, as the page tells it; None if no such day or hour exists."""

    line: int
    name: str
    written_at: datetime | None
    has_button_below: bool


@dataclass(frozen=True, slots=True)
class PageLayout:
    """`announced` is the page's own count of comments, None where it tells none."""

    article: tuple[Line, ...]
    comments: tuple[Line, ...]
    heads: tuple[CommentHead, ...]
    announced: int | None


def lay_out(data: bytes) -> PageLayout:
    """Raises RefusedArticle where the bytes are no text."""
    lines = [Line(number, text.strip()) for number, text in enumerate(decode(data).split("\n"), start=1)]
    lines = _without_form(lines)
    heads = _heads(lines)
    start, announced = _where_comments_start(lines, heads)
    return PageLayout(tuple(lines[:start]), tuple(lines[start:]), tuple(heads), announced)


def _head(line: Line) -> re.Match[str] | None:
    # A longer line is a paragraph, and the pattern's cost grows with the square of its spaces.
    return _HEAD.match(line.text) if len(line.text) <= _HEAD_MAX else None


def _heading(text: str) -> re.Match[str] | None:
    # As above: of its spaces, with their third power.
    return _HEADING.match(text) if len(text) <= _HEAD_MAX else None


def is_button(text: str) -> bool:
    return bool(_BUTTON.match(text))


def _without_form(lines: list[Line]) -> list[Line]:
    """Cut at the form's first sentence. The last one counts: a reader may quote it in a comment."""
    opens = [index for index, line in enumerate(lines) if _FORM_OPENS.match(line.text)]
    first_head = next((index for index, line in enumerate(lines) if _head(line)), 0)
    if opens and any(_head(line) for line in lines[opens[-1] :]):
        # The form stands above the comments.
        above, lines = lines[:first_head], lines[first_head:]
        lines = [line for line in above if not (_FORM_OPENS.match(line.text) or _FORM.match(line.text))] + lines
    else:
        lines = lines[: opens[-1]] if opens else list(lines)
    while lines and (not lines[-1].text or _FORM.match(lines[-1].text)):
        lines.pop()
    return lines


def _heads(lines: list[Line]) -> list[CommentHead]:
    heads = [
        CommentHead(line.number, match["name"].strip(), _moment(match), _button_follows(lines, index, match))
        for index, line in enumerate(lines)
        if (match := _head(line))
    ]
    # A reader who quotes another types the same words, but no button « Signaler » under them.
    with_button = [head for head in heads if head.has_button_below]
    return with_button or heads


def _button_follows(lines: list[Line], index: int, match: re.Match[str]) -> bool:
    below = next((line.text for line in lines[index + 1 :] if line.text), "")
    return bool(match["button"]) or is_button(below)


def _moment(match: re.Match[str]) -> datetime | None:
    try:
        year, month, day, hour, minute = (int(match[part]) for part in ("year", "month", "day", "hour", "minute"))
        found = datetime(year, month, day, hour, minute)  # noqa: DTZ001 (the page's own zone is given later)
    except ValueError:
        return None
    return found if has_room(found) else None


def _where_comments_start(lines: list[Line], heads: list[CommentHead]) -> tuple[int, int | None]:
    """The index of the first line that is no longer the article, and the count announced there."""
    end = next((index for index, line in enumerate(lines) if heads and line.number == heads[0].line), len(lines))
    for index in range(end - 1, -1, -1):
        text = lines[index].text
        if not text:
            continue
        match = _heading(text) or _COUNT_FIRST.match(text)
        if not match:
            break
        return index, int(match["count"]) if match["count"] else None
    return _numbered_heading(lines[:end]) or (end, None)


def _numbered_heading(lines: list[Line]) -> tuple[int, int | None] | None:
    """« Commentaires 6 » with something between it and the first comment: buttons to sort them, say."""
    for index in range(len(lines) - 1, 0, -1):
        match = _heading(lines[index].text)
        if match and match["count"]:
            return index, int(match["count"])
    return None
