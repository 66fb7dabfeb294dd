"""The registry: format → reader, nothing else.

A reader takes a Source and yields what it is told; it touches no table. docs/howto/add-an-importer.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from newsroom.importers import feed, html, jsonl, kinds, page, wxr
from newsroom.importers.imported import Told
from newsroom.importers.source import Source

Reader = Callable[[Source], Iterable[Told]]

FORMATS: dict[str, Reader] = {
    "feed": feed.read,
    "html": html.read,
    "jsonl": jsonl.read,
    "page": page.read,
    "wxr": wxr.read,
}
# Of a folder, the files with these endings are pages.
SUFFIXES: dict[str, str] = {".html": "html", ".htm": "html", ".xhtml": "html", ".txt": "page"}
# Files that hold many articles; they may be larger than memory.
EXPORTS = {"jsonl", "wxr"}


def format_of(source: Source) -> str | None:
    """By the file's suffix, else by what it begins with. None: no format of ours."""
    for suffix, name in SUFFIXES.items():
        if source.name.lower().endswith(suffix):
            return name
    known = source.folder is None or source.name.lower().endswith((".xml", ".rss", ".atom", ".rdf", ".jsonl"))
    return kinds.kind_of(source.head()) if known else None
