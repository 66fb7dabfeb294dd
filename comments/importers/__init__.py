"""The registry: format → reader of comments, nothing else.

A reader takes an Export and yields ImportedComment, Unreadable, LeftOut and Announced as it reads on; it touches no
table and raises RefusedArticle where the file as a whole cannot be read. docs/howto/add-an-importer.md
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from comments.importers import blogger, commento, coral, discourse, disqus, isso, jsonl, page, remark42, wxr
from comments.importers.comment import Told
from comments.importers.export import Export
from comments.importers.rows.kinds import format_by_content, refuse_foreign_kinds

Reader = Callable[[Export], Iterator[Told]]

FORMATS: dict[str, Reader] = {
    "blogger": blogger.read,
    "commento": commento.read,
    "coral": coral.read,
    "discourse": discourse.read,
    "disqus": disqus.read,
    "isso": isso.read,
    "jsonl": jsonl.read,
    "page": page.read,
    "remark42": remark42.read,
    "wxr": wxr.read,
}
# What a folder is searched for. Of all but `.txt`, the content tells the format.
SUFFIXES = (".txt", ".jsonl", ".json", ".xml", ".atom", ".db", ".sqlite", ".gz")


def format_of(export: Export) -> str | None:
    """By what the file begins with; a page by its suffix. None: no format of ours.

    Raises RefusedArticle, which names the kind, where the file is of a kind that no export has.
    """
    if export.name.lower().endswith(".txt"):
        return "page"
    head = export.head(64 * 1024)
    refuse_foreign_kinds(head)
    if found := format_by_content(head):
        return found
    if export.name.lower().removesuffix(".gz").endswith(".jsonl"):
        return "jsonl"
    if export.name == "-":
        return "jsonl" if head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") else "page"
    return None
