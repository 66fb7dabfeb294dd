"""A file of comments to import. It may be larger than memory: a reader opens it and reads on."""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from comments.importers.rows.unpacking import unpacked
from newsroom.importers.reach import Reach
from newsroom.importers.source import PAGE_MAX, STDIN, RefusedArticle, Source, open_source

HEAD = 4096


@dataclass(frozen=True, slots=True)
class Export:
    """`name` is what the person typed, `path` the file on this machine (standard input is written to one first)."""

    name: str
    path: Path
    read_at: datetime
    # How far into the file reading is.
    reach: Reach = field(default_factory=Reach, compare=False)

    def open(self) -> AbstractContextManager[BinaryIO]:
        """Its bytes; of a file packed by gzip, those inside. Reading raises RefusedArticle where the pack is a bomb."""
        return unpacked(self.path, self.reach)

    def head(self, length: int = HEAD) -> bytes:
        """The first bytes, to see what kind of file it is."""
        with self.open() as file:
            return file.read(length)

    def as_source(self, *, largest: int = PAGE_MAX) -> Source:
        """The whole file in memory, for formats that are small by nature. Raises RefusedArticle where it is larger."""
        read = open_source(str(self.path), at=self.read_at, largest=largest)
        return Source(self.name, read.data, self.read_at, read.folder)


@contextmanager
def export_at(
    place: str, *, at: datetime, stdin: BinaryIO | None = None, reach: Reach | None = None
) -> Iterator[Export]:
    """The file at `place`; for `-` standard input, kept in a file of its own meanwhile. Raises RefusedArticle."""
    reach = reach or Reach()
    if place != STDIN:
        yield _named(place, at, reach)
        return
    with tempfile.NamedTemporaryFile(prefix="import-") as kept:
        shutil.copyfileobj(stdin or sys.stdin.buffer, kept)
        kept.flush()
        yield Export(place, Path(kept.name), at, reach)


def _named(place: str, at: datetime, reach: Reach) -> Export:
    path = Path(place)
    if not path.exists():
        raise RefusedArticle(_("There is no such file."))
    if not path.is_file():
        raise RefusedArticle(_("This is not a file."))
    try:
        path.open("rb").close()
    except OSError as error:
        raise RefusedArticle(_("The file cannot be opened: %(error)s.") % {"error": error.strerror}) from error
    return Export(place, path, at, reach)
