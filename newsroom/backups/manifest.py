"""What a backup says of itself, and whether it is still true."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

FILE = "manifest.json"
FORMAT = 1


class RefusedBackup(Exception):
    """A backup that cannot be made or put back; its text is a sentence for who runs the site."""


@dataclass(frozen=True)
class Manifest:
    """`migrations` as "app.name"; `rows` by table; `files` by path in the folder: (bytes, SHA-256)."""

    engine: str
    release: str
    made_at: str
    migrations: list[str]
    rows: dict[str, int]
    files: dict[str, tuple[int, str]]
    format: int = FORMAT


def describe(folder: Path, *, engine: str, migrations: list[str], rows: dict[str, int], at: datetime) -> Manifest:
    """Write the manifest of a folder whose files are all there."""
    files = {str(file.relative_to(folder)): _settled(file) for file in sorted(folder.rglob("*")) if file.is_file()}
    told = Manifest(engine, settings.RELEASE, at.isoformat(timespec="seconds"), migrations, rows, files)
    (folder / FILE).write_text(json.dumps(asdict(told), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return told


def read(folder: Path) -> Manifest:
    """The manifest of a backup whose files are as they were written. Raises RefusedBackup, naming what is not."""
    try:
        said: dict[str, Any] = json.loads((folder / FILE).read_text(encoding="utf-8"))
        told = Manifest(**said)
        odd = [table for table, count in told.rows.items() if not (re.fullmatch(r"\w+", table) and type(count) is int)]
    except FileNotFoundError as missing:
        raise RefusedBackup(f"{folder} is no backup: it has no {FILE}.") from missing
    except (ValueError, TypeError, AttributeError) as unread:
        raise RefusedBackup(f"{FILE} is damaged: it cannot be read.") from unread
    if odd:
        raise RefusedBackup(f"{FILE} is damaged: {odd[0]!r} is no table.")
    if told.format != FORMAT:
        raise RefusedBackup(f"{FILE} is of format {told.format}; this release reads format {FORMAT}.")
    for name, imprint in told.files.items():
        file = folder / name
        if not file.is_file():
            raise RefusedBackup(f"{name} is missing from the backup.")
        if _imprint(file) != tuple(imprint):
            raise RefusedBackup(f"{name} is damaged: it is not what the backup wrote.")
    return told


def _settled(file: Path) -> tuple[int, str]:
    """On the disk, and not only in memory, before the folder gets its name."""
    with file.open("rb") as opened:
        os.fsync(opened.fileno())
    return _imprint(file)


def _imprint(file: Path) -> tuple[int, str]:
    with file.open("rb") as opened:
        return file.stat().st_size, hashlib.file_digest(opened, "sha256").hexdigest()
