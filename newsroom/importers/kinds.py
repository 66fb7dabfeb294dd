"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import codecs

from django.utils.translation import gettext as _

from newsroom.importers.source import RefusedArticle

_FOREIGN = {
    b"PK\x03\x04": "ZIP",
    b"\x1f\x8b": "GZIP",
    b"BZh": "BZIP2",
    b"\xfd7zXZ\x00": "XZ",
    b"7z\xbc\xaf\x27\x1c": "7Z",
    b"Rar!": "RAR",
    b"%PDF": "PDF",
    b"\x89PNG": "PNG",
    b"\xff\xd8\xff": "JPEG",
    b"GIF8": "GIF",
    b"RIFF": "WEBP",
    b"SQLite format 3": "SQLite",
    b"\x7fELF": "ELF",
    b"MZ\x90": "EXE",
    b"{\\rtf": "RTF",
    b"\xd0\xcf\x11\xe0": "DOC",
}
_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def refuse_foreign(head: bytes) -> None:
    """Raises RefusedArticle, by the kind's own name: an archive, a picture, a program is no text."""
    for start, kind in _FOREIGN.items():
        if head.startswith(start):
            raise RefusedArticle(_("This is a file of the kind %(kind)s, not a text.") % {"kind": kind})


def kind_of(head: bytes) -> str:
    """ "wxr", "feed", "jsonl", "html", or "page" for any other text."""
    text = _text(head).lstrip()
    start = text[:1]
    if start == "{":
        return "jsonl"
    if start != "<":
        return "page"
    if "wordpress.org/export/" in text:
        return "wxr"
    is_html = "<html" in text.lower() or "<!doctype html" in text.lower()
    return "feed" if not is_html and any(root in text for root in ("<rss", "<feed", "<rdf:RDF")) else "html"


def _text(head: bytes) -> str:
    for mark, encoding in _MARKS.items():
        if head.startswith(mark):
            return head[len(mark) :].decode(encoding, errors="replace")
    return head.decode("utf-8", errors="replace")
