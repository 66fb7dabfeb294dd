"""Where an import comes from: files, folders, standard input or an address, as bytes with a name."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from newsroom.importers.reach import Reach, opened

STDIN = "-"
MEBIBYTE = 1024 * 1024
PAGE_MAX = 10 * MEBIBYTE
_HEAD = 4096


class RefusedArticle(Exception):
    """A source that cannot be read or kept. `reason` is a sentence; `line` counts from 1, None where it has none."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason = reason
        self.line = line
        super().__init__(reason)


@dataclass(frozen=True, slots=True)
class Source:
    """One file to import. `folder` is where files saved beside it lie; `read_at` is the clock of the import.

    `address` is where it was fetched from, empty for what was on this machine. A file that may be larger than memory
    has a `path` and no `data`: its reader opens it, and `reach` follows how far it is.
    """

    name: str
    data: bytes
    read_at: datetime
    folder: Path | None = None
    address: str = ""
    path: Path | None = None
    reach: Reach = field(default_factory=Reach, compare=False)

    def open(self) -> BinaryIO:
        return opened(self.path, self.reach) if self.path else io.BytesIO(self.data)

    def head(self, length: int = _HEAD) -> bytes:
        """The first bytes, to see what kind of file it is."""
        with self.open() as file:
            return file.read(length)


def walk(places: Collection[str], *, suffixes: Collection[str]) -> Iterator[str]:
    """The files to import, in a steady order. Of a folder, those with a known suffix; a file named is always taken."""
    for place in places:
        if place == STDIN or not Path(place).is_dir():
            yield place
        else:
            yield from sorted(_files_under(place, suffixes))


def _files_under(folder: str, suffixes: Collection[str]) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in suffixes:
                yield str(Path(root, name))


def open_source(place: str, *, stdin: BinaryIO | None = None, at: datetime, largest: int = PAGE_MAX) -> Source:
    """Read one file, or standard input for `-`. `largest` is in bytes. Raises RefusedArticle."""
    if place == STDIN:
        data, folder = (stdin or sys.stdin.buffer).read(largest + 1), None
    else:
        data, folder = _bytes_of(Path(place), largest), Path(place).parent
    if len(data) > largest:
        raise RefusedArticle(_("The file is larger than %(most)s MB.") % {"most": largest // MEBIBYTE})
    return Source(place, data, at, folder)


def open_export(place: str, *, at: datetime) -> Source:
    """A file that its reader reads piece by piece. Raises RefusedArticle."""
    path = Path(place)
    _bytes_of(path, 0)
    return Source(place, b"", at, path.parent, path=path)


def _bytes_of(path: Path, largest: int) -> bytes:
    if not path.exists():
        raise RefusedArticle(_("There is no such file."))
    if not path.is_file():
        raise RefusedArticle(_("This is not a file."))
    try:
        with path.open("rb") as file:
            return file.read(largest + 1)
    except OSError as error:
        raise RefusedArticle(_("The file cannot be opened: %(error)s.") % {"error": error.strerror}) from error
