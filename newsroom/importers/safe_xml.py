"""XML of unknown origin: no entities, no outside, no depth; what asks for them is refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _
from lxml import etree

from newsroom.importers.source import RefusedArticle

DEEPEST = 100
_PROLOG = 64 * 1024
_ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)


def refuse_entities(head: bytes) -> None:
    """`head` is how the file begins. Raises RefusedArticle for a document type that declares entities of its own."""
    # UTF-16 is ASCII with zeros between.
    if _ENTITY.search(head[:_PROLOG].replace(b"\0", b"")):
        raise RefusedArticle(_("The file declares entities (<!ENTITY …>): such files are not read."))


def elements(file: IO[bytes], *, named: tuple[str, ...], root: str) -> Iterator[etree._Element]:
    """Each element of such a name with all it holds, one at a time; what was read is let go.

    `root` is what the document's first element must be called. Raises RefusedArticle: entities, too deep, no such
    root, damaged (with its line; what came before was read).
    """
    head = file.read(_PROLOG)
    refuse_entities(head)
    file.seek(0)
    depth = 0
    steps = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in steps:
            if event == "start":
                depth += 1
                _refuse_misplaced(element, depth, root)
                continue
            depth -= 1
            if element.tag in named:
                yield element
                _let_go(element)
    except etree.XMLSyntaxError as error:
        raise RefusedArticle(_why(error), error.lineno or None) from error


def _refuse_misplaced(element: etree._Element, depth: int, root: str) -> None:
    if depth > DEEPEST:
        raise RefusedArticle(
            _("The file's elements are nested more than %(most)s deep.") % {"most": DEEPEST}, line_of(element)
        )
    if depth == 1 and element.tag != root:
        name = str(element.tag).rpartition("}")[2]
        raise RefusedArticle(
            _("The file begins with <%(name)s>: this is another format.") % {"name": name[:60]}, line_of(element)
        )


def line_of(element: etree._Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) else None


def _let_go(element: etree._Element) -> None:
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]  # type: ignore[union-attr]


def _why(error: etree.XMLSyntaxError) -> str:
    told = str(error)
    if "depth" in told:
        return _("The file's elements are nested more than %(most)s deep.") % {"most": DEEPEST}
    if "entity" in told.lower() and "loop" in told.lower():
        return _("The file declares entities (<!ENTITY …>): such files are not read.")
    return _("The file is damaged here: it is no well-formed XML.")
