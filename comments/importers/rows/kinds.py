"""What kind of file this really is, by its first bytes: names lie."""

from __future__ import annotations

import json
import re
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.importers.export import Export
from newsroom.importers.source import RefusedArticle


class Kind(StrEnum):
    XML = "XML"
    JSON = "JSON"
    SQLITE = "SQLITE"
    GZIP = "GZIP"
    ZIP = "ZIP"
    PDF = "PDF"
    PICTURE = "PICTURE"
    BINARY = "BINARY"
    EMPTY = "EMPTY"
    TEXT = "TEXT"


NAMES: dict[Kind, str | Promise] = {
    Kind.XML: "XML",
    Kind.JSON: "JSON",
    Kind.SQLITE: gettext_lazy("an SQLite database"),
    Kind.GZIP: gettext_lazy("compressed twice"),
    Kind.ZIP: gettext_lazy("a ZIP archive: unpack it first"),
    Kind.PDF: "PDF",
    Kind.PICTURE: gettext_lazy("a picture"),
    Kind.BINARY: gettext_lazy("binary"),
    Kind.EMPTY: gettext_lazy("empty"),
    Kind.TEXT: gettext_lazy("plain text"),
}

_SIGNS = {
    b"SQLite format 3\0": Kind.SQLITE,
    b"\x1f\x8b": Kind.GZIP,
    b"PK\x03\x04": Kind.ZIP,
    b"PK\x05\x06": Kind.ZIP,
    b"%PDF": Kind.PDF,
    b"\x89PNG": Kind.PICTURE,
    b"\xff\xd8\xff": Kind.PICTURE,
    b"GIF8": Kind.PICTURE,
}
_WIDE = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_ROOT = re.compile(r"<(?:[A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)[^<>]*>")
# Junk before the first tag, as far as it is looked past.
_BEFORE_XML = re.compile(r"[^<{\[]{0,16}<[?!A-Za-z_]")


def kind_of(head: bytes) -> Kind:
    """The kind of a file that begins like this."""
    for sign, kind in _SIGNS.items():
        if head.startswith(sign):
            return kind
    text = _as_text(head).lstrip("\ufeff \t\r\n")
    if not text:
        return Kind.EMPTY
    if _BEFORE_XML.match(text):
        return Kind.XML
    if text[0] in "{[":
        return Kind.JSON
    return Kind.BINARY if "\0" in text else Kind.TEXT


def refuse_other_kinds(export: Export, *wanted: Kind) -> None:
    """Raises RefusedArticle, which names the kind that the file is."""
    kind = kind_of(export.head())
    if kind not in wanted:
        raise RefusedArticle(
            _("This is not %(wanted)s: the file is %(kind)s.")
            % {"wanted": " / ".join(str(NAMES[one]) for one in wanted), "kind": NAMES[kind]}
        )


def refuse_foreign_kinds(head: bytes) -> None:
    """Raises RefusedArticle where the file begins like one that is no export of anything."""
    kind = kind_of(head)
    if kind in (Kind.GZIP, Kind.ZIP, Kind.PDF, Kind.PICTURE):
        raise RefusedArticle(_("This is no export: the file is %(kind)s.") % {"kind": NAMES[kind]})


def format_by_content(head: bytes) -> str | None:
    """The format of a file that begins like this, None where it is none of ours."""
    kind, text = kind_of(head), _as_text(head)
    if kind is Kind.XML:
        root = next((found[1] for found in _ROOT.finditer(text)), "")
        return {"disqus": "disqus", "rss": "wxr", "feed": "blogger"}.get(root)
    if kind is Kind.JSON:
        return _format_of_json(text.lstrip("\ufeff \t\r\n"))
    return "isso" if kind is Kind.SQLITE else None


def _format_of_json(text: str) -> str | None:
    try:
        first = json.loads(text.split("\n", 1)[0])
    except (ValueError, RecursionError):
        first = None
    keys = first.keys() if isinstance(first, dict) else ()
    if "users" in keys and "posts" in keys and "version" in keys:
        return "remark42"
    if "storyID" in keys or "tenantID" in keys:
        return "coral"
    if "article" in keys and "submitted_at" in keys:
        return "jsonl"
    return next((name for sign, name in _BY_WORDS.items() if f'"{sign}"' in text), None)


# Documents on several lines: the first word that stands in no other format.
_BY_WORDS = {
    "post_stream": "discourse",
    "commentHex": "commento",
    "commenters": "commento",
    "locator": "remark42",
    "storyID": "coral",
    "submitted_at": "jsonl",
    "comments": "isso",
}


def _as_text(head: bytes) -> str:
    return head.decode(_WIDE.get(head[:2], "utf-8"), errors="replace")
