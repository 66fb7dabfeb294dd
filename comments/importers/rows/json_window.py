"""A window on the text of a JSON document: it moves on as values are read, and knows its place in the file."""

from __future__ import annotations

import codecs
import json
import re
from typing import Any, BinaryIO

from django.utils.translation import gettext as _

from newsroom.importers.source import MEBIBYTE, RefusedArticle

CHUNK = 256 * 1024
# One value that is read whole: a comment, or a branch of a tree with all its answers.
VALUE_MAX = 16 * MEBIBYTE
_SPACE = re.compile(r"[ \t\r\n]*")
# An error this near to the end of the window may be nothing but the end of the window.
_NEAR = 32
# Python converts no longer number, and nothing here needs one.
_DIGITS_MAX = 4_000
_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
_DECODER = json.JSONDecoder(parse_int=lambda digits: int(digits) if len(digits) < _DIGITS_MAX else digits)


class Broken(Exception):
    """A place that is no JSON; its text is a sentence that names it. `line` counts from 1; `goes_on`: what follows was
    read."""

    def __init__(self, sentence: str, line: int, *, goes_on: bool = True) -> None:
        self.line = line
        self.goes_on = goes_on
        super().__init__(sentence)


class Damaged(Broken):
    """A value whose text no encoding gives; what comes after it stands where it should."""


class JsonWindow:
    """`text[at:]` is what is still to be read of what was fetched; `line` and `column` are of the start of `text`."""

    def __init__(self, file: BinaryIO) -> None:
        self.file = file
        first = file.read(CHUNK)
        decoder = codecs.getincrementaldecoder(_MARKS.get(first[:2], "utf-8-sig"))
        # A damaged byte spoils its value, not the file: it is kept as half a surrogate pair, and told there.
        self.decoder = decoder("surrogateescape" if first[:2] not in _MARKS else "replace")
        self.text = self.decoder.decode(first)
        self.is_all = self.is_damaged = False
        self.at, self.line, self.column = 0, 1, 1
        self._note_damage(self.text)

    def sign(self) -> str:
        """The next character that is no space; empty at the end. The window stands at it."""
        while True:
            self.at = _SPACE.match(self.text, self.at).end()  # type: ignore[union-attr]
            if self.at < len(self.text) or not self._fetch(CHUNK):
                return self.text[self.at : self.at + 1]

    def takes(self, sign: str) -> bool:
        if self.sign() != sign:
            return False
        self.at += 1
        return True

    def take(self, sign: str) -> None:
        """Raises Broken where something else stands."""
        if not self.takes(sign):
            raise self.broken(f"Expecting {sign!r}")

    def key(self) -> str:
        if self.sign() != '"':
            raise self.broken("Expecting property name enclosed in double quotes")
        return str(self.value())

    def value(self) -> Any:
        """The next value, whole. Raises Broken, and RefusedArticle where it is larger than VALUE_MAX."""
        self.sign()
        wanted = CHUNK
        while True:
            try:
                value, end = _DECODER.raw_decode(self.text, self.at)
            except RecursionError as error:
                raise self._refusal(_("This JSON is nested too deep or holds a number that is none.")) from error
            except json.JSONDecodeError as error:
                is_cut = error.msg.startswith("Unterminated") or error.pos > len(self.text) - _NEAR
                if self.is_all or not is_cut:
                    raise self.broken(error.msg, error.pos) from error
            else:
                # A number that ends with the window may go on behind it.
                if end < len(self.text) or self.is_all:
                    return self._taken(value, end)
            if len(self.text) - self.at > VALUE_MAX:
                raise self._refusal(
                    _("One comment or article of this file is larger than %(most)s MB.")
                    % {"most": VALUE_MAX // MEBIBYTE}
                )
            self._fetch(wanted)
            wanted *= 2

    def seek(self, pattern: re.Pattern[str]) -> bool:
        """Move on to where the pattern ends next, behind the present place; False where it occurs no more."""
        self.at += 1
        while True:
            if found := pattern.search(self.text, self.at):
                self.at = found.end()
                return True
            # It may lie across two windows.
            self.at = max(self.at, len(self.text) - 1_000)
            if not self._fetch(CHUNK):
                return False

    def _taken(self, value: Any, end: int) -> Any:
        if self.is_damaged and not _is_text(self.text[self.at : end]):
            line, self.at = self._place(self.at)[0], end
            raise Damaged(_("The text is UTF-8 with damaged bytes: save it again from its source."), line)
        self.at = end
        return value

    def _fetch(self, count: int) -> bool:
        """Let go what was read and fetch more; False at the end of the file."""
        if self.is_all:
            return False
        self.line, self.column = self._place(self.at)
        data = self.file.read(count)
        came = self.decoder.decode(data, final=not data)
        self.is_all = not data
        self._note_damage(came)
        self.text, self.at = self.text[self.at :] + came, 0
        return not self.is_all or bool(came)

    def _note_damage(self, text: str) -> None:
        self.is_damaged |= not _is_text(text)

    def _place(self, at: int) -> tuple[int, int]:
        """Line and column of a place in the window."""
        lines = self.text.count("\n", 0, at)
        return self.line + lines, at - self.text.rfind("\n", 0, at) if lines else self.column + at

    def broken(self, why: str, at: int | None = None) -> Broken:
        """In the words of Python's decoder, at the present place where no other is named."""
        line, column = self._place(self.at if at is None else at)
        sentence = _("This is broken JSON: %(error)s.") % {"error": f"{why}: line {line} column {column}"}
        return Broken(sentence, line)

    def _refusal(self, reason: str) -> RefusedArticle:
        return RefusedArticle(reason, self._place(self.at)[0])


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True
