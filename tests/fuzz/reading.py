"""A mutated export is read, and what comes of it judged: comments or refusals, never an error, never markup."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from random import Random

from comments.importers import FORMATS, format_of
from comments.importers.comment import Announced, ImportedComment, LeftOut, Unreadable
from comments.importers.export import Export
from newsroom.importers.source import RefusedArticle
from newsroom.moments import has_room
from tests.comments.importers.reading import FIXTURES, READ_AT, fixture
from tests.fuzz.mutations import MARK, mutated

# Escaped twice, or in a code of Markdown, markup is what its author wanted to be read: text.
_MEANT_AS_TEXT = (b"&amp;", b"&lt;", b"&#", b"`", b"    ", b"\\t", b"\\u")
_MARKUP = re.compile(rf"<[^<>]*{MARK}|<(script|img|svg|iframe)\b", re.IGNORECASE)


# Formats whose texts are plain: what looks like markup in them is what its author wrote, and all is taken literally.
_SAMPLES = Path(__file__).resolve().parent.parent.parent / "newsroom" / "samples"
PLAIN = {
    "jsonl": [_SAMPLES / "comments" / "waiting.jsonl"],
    "page": [_SAMPLES / "articles" / "06-vitrines.txt", _SAMPLES / "articles" / "08-cantines.txt"],
}


class Wrong(AssertionError):
    """What a reader must never do."""


def fixtures(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each format, and a file of it; databases and collections of one system are laid into `folder`."""
    for format, names in FIXTURES.items():
        for name in names:
            yield format, fixture(name, folder)
    for format, paths in PLAIN.items():
        for path in paths:
            yield format, path


def read_mutated(format: str, data: bytes, folder: Path, *, name: str, number: int) -> str:
    """Read mutation `number` of an export; returns what came of it in a word. Raises Wrong."""
    broken = mutated(data, Random(f"{name} {number}"))
    path = folder / name
    path.write_bytes(broken)
    export = Export(str(path), path, READ_AT)
    try:
        format_of(export)
        told = list(FORMATS[format](export))
    except RefusedArticle as refusal:
        _judge(isinstance(refusal.reason, str) and refusal.reason, "a refusal without a reason", refusal)
        return "refused"
    for one in told:
        _judge_one(one, broken, is_plain=format in PLAIN)
    lines = [one.line for one in told if isinstance(one, ImportedComment)]
    _judge(len(lines) == len(set(lines)), "two comments in one place", lines)
    return "read" if any(isinstance(one, ImportedComment) for one in told) else "empty"


def _judge_one(one: object, broken: bytes, *, is_plain: bool = False) -> None:
    if isinstance(one, ImportedComment):
        _judge(all(isinstance(text, str) for text in (one.text, one.id, one.parent, one.article)), "no text", one)
        _judge(one.submitted_at.tzinfo is not None, "a moment without a zone", one)
        moments = [moment for moment in (one.submitted_at, one.article_published_at) if moment]
        _judge(all(map(has_room, moments)), "a moment that cannot be kept or shown", one)
        _judge(is_plain or (len(one.author_name) <= 60 and len(one.id) <= 220), "an unbounded field", one)
        if not is_plain and not any(sign in broken for sign in _MEANT_AS_TEXT):
            _judge(not _MARKUP.search(one.text + one.article_headline), "markup let through", one)
        return
    _judge(isinstance(one, Unreadable | LeftOut | Announced), "something else", one)
    if isinstance(one, Unreadable):
        _judge(one.line >= 1 and one.sentence, "a refusal without place or reason", one)


def _judge(is_right: object, wrong: str, told: object) -> None:
    if not is_right:
        raise Wrong(f"{wrong}: {told!r:.2000}")
