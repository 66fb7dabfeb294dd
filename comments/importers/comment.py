"""What a reader of a format hands over. Plain data; no table is touched here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import ClassVar


class SourceStatus(StrEnum):
    """What a comment was where it comes from. What becomes of it here: comments/importers/saving/."""

    PUBLISHED = "PUBLISHED"
    PENDING = "PENDING"
    SPAM = "SPAM"
    DELETED = "DELETED"


# Not frozen: that makes it three times as long to fill, and a million are.
@dataclass(slots=True)
class ImportedComment:
    """One comment of a source, its text as plain text.

    `article` is a source key, an address or a slug; `article_headline`, `article_url` and `article_published_at` are
    what the source knows of an article that is not here. `submitted_at` is aware. `id` names the comment in its source
    and `parent` the one it answers, which may come later or not at all; a format without ids leaves both empty. `line`
    is where it starts in the file, from 1: of a file without lines, its number among the comments; no two comments
    have the same. `votes` are counted and told, never stored.
    """

    article: str
    author_name: str
    text: str
    submitted_at: datetime
    line: int
    id: str = ""
    parent: str = ""
    email: str = ""
    status: SourceStatus = SourceStatus.PUBLISHED
    article_headline: str = ""
    article_url: str = ""
    article_published_at: datetime | None = None
    votes: int = 0


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A place in a source that is no comment: a sentence for who runs the import, and where it starts."""

    sentence: str
    line: int


@dataclass(frozen=True, slots=True)
class LeftOut:
    """What is no reader's comment, or has nothing left to keep: counted and told by its kind, never refused."""

    kind: str
    line: int

    EMPTIED: ClassVar[str] = "EMPTIED"
    PINGBACK: ClassVar[str] = "PINGBACK"
    STAFF_ONLY: ClassVar[str] = "STAFF_ONLY"
    BY_CHOICE: ClassVar[str] = "BY_CHOICE"


@dataclass(frozen=True, slots=True)
class Announced:
    """How many comments the source itself says it holds."""

    count: int


# What a reader yields, in the order of the source, one at a time: a file may be larger than memory.
Told = ImportedComment | Unreadable | Announced | LeftOut
