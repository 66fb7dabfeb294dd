"""The exports written for the project, and how the tests read them."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime
from pathlib import Path

from comments.importers import FORMATS
from comments.importers.comment import ImportedComment, LeftOut, Told, Unreadable
from comments.importers.export import Export

EXPORTS = Path(__file__).parent / "exports"
READ_AT = datetime(2026, 4, 1, tzinfo=UTC)

# Format → its fixtures. isso's database is made of the SQL beside it.
FIXTURES = {
    "blogger": ["blogger.xml", "blogger-takeout.atom"],
    "commento": ["commento.json"],
    "coral": ["coral/comments.jsonl"],
    "discourse": ["discourse.json"],
    "disqus": ["disqus.xml", "disqus-broken.xml"],
    "isso": ["isso.json", "isso.sql"],
    "remark42": ["remark42.jsonl", "remark42-tree.json"],
    "wxr": ["wordpress.xml"],
}


def fixture(name: str, folder: Path) -> Path:
    """The file to read. A database is made in `folder` first; collections of one system are laid there together."""
    path = EXPORTS / name
    if path.parent != EXPORTS:
        for beside in path.parent.iterdir():
            (folder / beside.name).write_bytes(beside.read_bytes())
        return folder / path.name
    return database(path.read_text(), folder / f"{path.stem}.db") if path.suffix == ".sql" else path


def database(script: str, path: Path) -> Path:
    path.unlink(missing_ok=True)
    connection = sqlite3.connect(path)
    connection.executescript(script)
    connection.close()
    return path


def read(format: str, path: Path) -> list[Told]:
    return list(FORMATS[format](Export(str(path), path, READ_AT)))


def read_text(format: str, text: str | bytes, path: Path) -> list[Told]:
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read(format, path)


def comments(told: list[Told]) -> list[ImportedComment]:
    return [one for one in told if isinstance(one, ImportedComment)]


def unreadable(told: list[Told]) -> list[int]:
    """The lines of what could not be read."""
    return [one.line for one in told if isinstance(one, Unreadable)]


def left_out(told: list[Told]) -> list[tuple[str, int]]:
    return [(one.kind, one.line) for one in told if isinstance(one, LeftOut)]
