"""Files of comments for tests of importers: `export(text)` lies in a folder that goes with the run."""

from __future__ import annotations

import itertools
from pathlib import Path
from tempfile import TemporaryDirectory

from comments.importers.comment import ImportedComment
from comments.importers.export import Export
from tests.newsroom.saved_page import READ_AT

_FOLDER = TemporaryDirectory(prefix="exports-")
_numbers = itertools.count(1)


def export(text: str | bytes, *, name: str = "page.txt") -> Export:
    path = Path(_FOLDER.name, f"{next(_numbers)}-{name}")
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return Export(name, path, READ_AT)


def comments_of(told) -> list[ImportedComment]:
    return [one for one in told if isinstance(one, ImportedComment)]
