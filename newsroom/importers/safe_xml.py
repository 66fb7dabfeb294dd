"""XML of unknown origin: no entities, no outside, no depth; what asks for them is refused by name."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import IO, NoReturn
from xml.parsers import expat

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
        raise RefusedArticle(_declares())
    root_of(head)


def root_of(data: bytes) -> str:
    """The local name of the first element, however far down it stands; empty where the text is no XML until there.

    Raises RefusedArticle where entities are declared before it.
    """
    reader = expat.ParserCreate()
    found: list[str] = []

    def declares(*_declared: object) -> None:
        raise RefusedArticle(_declares())

    def begins(name: str, _attributes: object) -> None:
        found.append(name)
        raise _Begun

    reader.EntityDeclHandler, reader.StartElementHandler = declares, begins
    # What is no XML is read by other means, or refused by them.
    with suppress(_Begun, expat.ExpatError, ValueError, LookupError):
        reader.Parse(data, False)
    return found[0].rpartition(":")[2] if found else ""


def refuse_other_root(name: str, line: int | None = None) -> NoReturn:
    raise RefusedArticle(_("The file begins with <%(name)s>: this is another format.") % {"name": name[:60]}, line)


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


class _Begun(Exception):
    """The first element is there: what follows is for the format's reader."""


def _declares() -> str:
    return _("The file declares entities (<!ENTITY …>): such files are not read.")


def _refuse_misplaced(element: etree._Element, depth: int, root: str) -> None:
    if depth > DEEPEST:
        raise RefusedArticle(
            _("The file's elements are nested more than %(most)s deep.") % {"most": DEEPEST}, line_of(element)
        )
    if depth == 1 and element.tag != root:
        refuse_other_root(str(element.tag).rpartition("}")[2], line_of(element))


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
        return _declares()
    return _("The file is damaged here: it is no well-formed XML.")
