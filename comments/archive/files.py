"""An export as a file: written beside its place and moved there when it is whole; `.gz` is compressed."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import IO

from django.db.models import Model

from comments.archive import sheet, writing, wxr
from comments.archive.lines import LINE_MAX
from comments.models import Bulk, Discussion, Reader
from newsroom.models import Article, Section

FORMATS: dict[str, Callable[..., Iterator[str]]] = {"archive": writing.lines, "csv": sheet.rows, "wxr": wxr.pieces}
SUFFIXES = {"archive": ".jsonl.gz", "csv": ".csv", "wxr": ".xml"}


def steps(format: str, *, comments: int, with_emails: bool) -> int:
    """How many pieces that format writes, the few members aside: for a bar that shows how far it is."""
    if format == "csv":
        return comments + 1
    if format == "wxr":
        return comments + 2 * Article.objects.count() + 2
    others: list[type[Model]] = [Section, Article, Discussion, Bulk, *([Reader] if with_emails else [])]
    return comments + sum(model._default_manager.count() for model in others) + 2


def write(pieces: Iterable[str], path: Path) -> None:
    """The same pieces give the same bytes, compressed too. What stood there stays until the new file is whole."""
    beside = path.with_name(f".{path.name}.part")
    try:
        with beside.open("wb") as raw:
            if path.suffix == ".gz":
                with gzip.GzipFile(filename="", mode="wb", fileobj=raw, compresslevel=6, mtime=0) as packed:
                    _write(pieces, packed)
            else:
                _write(pieces, raw)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def lines_of(file: IO[bytes]) -> Iterator[str]:
    """The lines of an archive, packed or not; one that is too long is cut, and its reader refuses it.

    Raises OSError or EOFError where a packed file is damaged, UnicodeDecodeError where it is no text.
    """
    head = file.read(2)
    file.seek(0)
    opened = gzip.GzipFile(fileobj=file) if head == b"\x1f\x8b" else file
    while line := opened.readline(LINE_MAX + 1):
        yield line.decode().removesuffix("\n")


def _write(pieces: Iterable[str], file: IO[bytes] | gzip.GzipFile) -> None:
    for piece in pieces:
        file.write(piece.encode())
