"""XML exports of any size, row by row: a post, an item, an entry at a time.

By expat: it tells where it is to the byte, keeps nothing that was read, and after a broken row a new one takes up at
the next row. Names are local: `wp:comment` and `comment` are the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from xml.parsers import expat

from django.utils.translation import gettext as _

from comments.importers.comment import Unreadable
from comments.importers.export import Export
from comments.importers.rows.balance import Balance
from comments.importers.rows.kinds import Kind, refuse_other_kinds
from comments.importers.rows.xml_row import Row, Shape
from newsroom.importers.source import MEBIBYTE, RefusedArticle

CHUNK = 64 * 1024
DEPTH_MAX = 100
# A row is one comment, or one article with its body.
ROW_MAX = 8 * MEBIBYTE
# One tag or comment of the file; expat reads it again with each chunk, so that a larger one costs its square.
PIECE_MAX = MEBIBYTE
# An element costs memory beside its text.
ELEMENT_COST = 500
# What XML forbids and exports hold all the same: control characters. Line ends and tabs stay.
_CONTROLS = bytes(code for code in range(32) if code not in b"\t\n\r")
_WIDE = (b"\xff\xfe", b"\xfe\xff")


def xml_rows(export: Export, shape: Shape) -> Iterator[Row | Unreadable]:
    """The rows, in the order in which they end; what stands between them is not kept.

    A broken place is told by its line, and reading goes on at the next row. Raises RefusedArticle: not this kind of
    file, a document type (they can be bombs), nesting beyond DEPTH_MAX, a row beyond ROW_MAX, more broken than whole.
    """
    refuse_other_kinds(export, Kind.XML)
    reading = _Reading(shape)
    with export.open() as file:
        reading.begin(file.read(CHUNK))
        yield from reading.told()
        while chunk := file.read(CHUNK):
            reading.go_on(chunk)
            yield from reading.told()
    reading.finish()
    yield from reading.told()


class _Element(NamedTuple):
    """An element that is being read: its name as written, its local name, what is kept of it inside a row."""

    written: str
    name: str
    kept: Row | None
    is_row: bool


class _Reading:
    """One pass over a file. `open` are the elements around the present place; `costs` what each open row holds."""

    def __init__(self, shape: Shape) -> None:
        self.shape = shape
        self.ready: list[Row | Unreadable] = []
        self.open: list[_Element] = []
        self.costs: list[int] = []
        self.balance = Balance()
        self.is_wide = self.is_seeking = self.is_taking_up = False
        self.encoding: str | None = None
        self.first_line, self.last_row, self.fed = 1, 0, 0
        self.passed, self.row_start = b"", shape.start()
        self.parser = self._new_parser()

    def told(self) -> list[Row | Unreadable]:
        ready, self.ready = self.ready, []
        return ready

    def begin(self, chunk: bytes) -> None:
        self.is_wide = chunk.startswith(_WIDE)
        start = 0 if self.is_wide else max(chunk.find(b"<"), 0)
        self.first_line += chunk.count(b"\n", 0, start)
        self.go_on(chunk[start:])

    def go_on(self, chunk: bytes) -> None:
        if not self.is_wide:
            chunk = chunk.translate(None, _CONTROLS)
        if self.is_seeking:
            self._seek(chunk)
        else:
            self._parse(chunk)

    def finish(self) -> None:
        if self.is_seeking:
            return
        try:
            self.parser.Parse(b"", True)
        except expat.ExpatError as error:
            self._refuse_without_root(error)
            self._tell(self.first_line + error.lineno - 1, _("The file breaks off here."))

    def _parse(self, chunk: bytes) -> None:
        """Also what is left of the chunk behind each broken place: expat goes no further by itself."""
        rest: bytes | None = chunk
        while rest is not None:
            try:
                self.parser.Parse(rest, False)
            except expat.ExpatError as error:
                self._refuse_without_root(error)
                rest = self._after_error(rest, error)
                continue
            except (LookupError, ValueError) as error:
                raise RefusedArticle(
                    _("The file is written in an encoding that is not known: %(error)s.") % {"error": error}, 1
                ) from error
            self.fed += len(rest)
            if self.fed - max(self.parser.CurrentByteIndex, 0) > PIECE_MAX:
                raise RefusedArticle(_("One piece of this file is larger than 1 MB."), self._line())
            return

    def _after_error(self, chunk: bytes, error: expat.ExpatError) -> bytes | None:
        """Give the broken row up, seek the next one. What is left to parse from there; None: none is in sight."""
        line = self.first_line + error.lineno - 1
        row = next((element.kept for element in reversed(self.open) if element.is_row), None)
        sentence = _("This is broken XML: %(error)s.") % {"error": expat.ErrorString(error.code)}
        if self.is_wide:
            sentence += " " + _("What follows in this file was not read.")
        self._tell(row.line if row else line, sentence)
        self.first_line, self.is_seeking, self.passed = line, True, b""
        return self._sought(chunk[max(self.parser.ErrorByteIndex - self.fed + 1, 1) :])

    def _seek(self, chunk: bytes) -> None:
        rest = self._sought(chunk)
        if rest is not None:
            self._parse(rest)

    def _sought(self, chunk: bytes) -> bytes | None:
        """Pass over what is broken. What is left from the next row on, with a parser that stands where it stands."""
        passed = b"" if self.is_wide else self.passed + chunk
        found = self.row_start.search(passed)
        if found is None:
            # A row's first tag may lie across two chunks.
            self.passed = passed[-2200:]
            self.first_line += passed.count(b"\n", 0, len(passed) - len(self.passed))
            return None
        self.first_line += passed.count(b"\n", 0, found.start())
        self.is_seeking = False
        self._take_up(found[1].decode())
        return passed[found.start() :]

    def _take_up(self, name: str) -> None:
        """Stand where a row of this name stands; rows that were open beside it are given up."""
        around = self.shape.rows[name]
        if not self.open:  # the root was closed too early
            self.open.append(_Element(self.shape.root, self.shape.root, None, is_row=False))
        while len(self.open) > 1 and self.open[-1].name != around:
            self.open.pop()
        if self.open[-1].name != around:
            self.open.append(_Element(around, around, None, is_row=False))
        self.costs = self.costs[: sum(element.is_row for element in self.open)]
        self.parser = self._new_parser()
        opening = "".join(f"<{element.written}>" for element in self.open).encode()
        self.is_taking_up = True
        self.parser.Parse(opening, False)
        self.is_taking_up = False
        self.fed = len(opening)

    def _new_parser(self) -> expat.XMLParserType:
        parser = expat.ParserCreate(self.encoding)
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler, parser.SkippedEntityHandler = self._text, self._entity
        parser.StartDoctypeDeclHandler, parser.XmlDeclHandler = self._doctype, self._declaration
        # An entity that nobody declared (&nbsp;) is text like any other: HTML reads it later.
        parser.UseForeignDTD(True)
        return parser

    def _start(self, written: str, attributes: dict[str, str]) -> None:
        if self.is_taking_up:
            return
        name = _local(written)
        if not self.open and name != self.shape.root:
            raise RefusedArticle(
                _("This XML is of another kind: it begins with <%(name)s>, not with <%(root)s>.")
                % {"name": name[:40], "root": self.shape.root},
                self._line(),
            )
        if len(self.open) >= DEPTH_MAX:
            raise RefusedArticle(_("Elements are nested more than %(most)s deep.") % {"most": DEPTH_MAX}, self._line())
        around = self.open[-1] if self.open else None
        is_row = around is not None and self.shape.rows.get(name) == around.name
        kept = None
        if around and (is_row or around.kept):
            told = {_local(key): value for key, value in attributes.items()} if attributes else attributes
            kept = Row(name, told, self._line() if is_row else 0, within=around.kept if is_row else None)
            if is_row:
                # Where several rows share a line, their number among the rows: no two have the same place.
                self.last_row = kept.line = max(kept.line, self.last_row + 1)
                self.costs.append(0)
            elif around.kept:
                around.kept.inner.append(kept)
            self._pay(ELEMENT_COST + (sum(map(len, told.values())) if told else 0))
        self.open.append(_Element(written, name, kept, is_row))

    def _end(self, _written: str) -> None:
        element = self.open.pop()
        if element.is_row and element.kept:
            self.costs.pop()
            self.balance.whole += 1
            self.ready.append(element.kept)

    def _text(self, text: str) -> None:
        if not self.is_taking_up and self.open and (kept := self.open[-1].kept):
            kept.inner.append(text)
            self._pay(len(text))

    def _entity(self, name: str, is_parameter: bool) -> None:
        if not is_parameter:
            self._text(f"&{name};")

    def _doctype(self, *_told: object) -> None:
        raise RefusedArticle(
            _("This file declares a document type: exports have none, and with one a small file can grow without end."),
            self._line(),
        )

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        self.encoding = encoding

    def _pay(self, cost: int) -> None:
        self.costs[-1] += cost
        if self.costs[-1] > ROW_MAX:
            raise RefusedArticle(
                _("One comment or article of this file is larger than %(most)s MB.") % {"most": ROW_MAX // MEBIBYTE},
                self._line(),
            )

    def _line(self) -> int:
        return self.first_line + self.parser.CurrentLineNumber - 1

    def _tell(self, line: int, sentence: str) -> None:
        self.balance.count_broken(line)
        self.ready.append(Unreadable(sentence, line))

    def _refuse_without_root(self, error: expat.ExpatError) -> None:
        if not self.open and not self.balance.whole and not self.balance.broken:
            sentence = _("This is not XML: %(error)s.") % {"error": expat.ErrorString(error.code)}
            raise RefusedArticle(sentence, self.first_line + error.lineno - 1) from error


def _local(name: str) -> str:
    return name.rpartition(":")[2]
