"""Bytes of a saved text → the text, whatever editor or system saved it."""

from __future__ import annotations

import codecs
import re
import unicodedata

from django.utils.translation import gettext as _

from newsroom.importers.source import RefusedArticle

_MARKS = {codecs.BOM_UTF8: "utf-8", codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}
# C0 controls but tab and line feed, DEL, lone surrogates, byte order marks inside the text, zero-width spaces.
_UNPRINTABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufeff\u200b\u2060]")
# Latin letters, signs and typography, each its own normal form: nearly every text is of these alone.
_TIDY = re.compile("[\t\n -~\xa0-\u017f\u2013-\u2014\u2018-\u201f\u2026\u202f\u20ac]*")
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]+")


def decode(data: bytes) -> str:
    """UTF-8, UTF-16 with its mark, else Windows-1252 (which holds Latin-1's letters). Lines end in a line feed.

    Raises RefusedArticle: empty, binary, or UTF-8 with damaged bytes.
    """
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return tidy(data[len(mark) :].decode(encoding, errors="replace"))
    if not data.strip():
        raise RefusedArticle(_("The file is empty."))
    if b"\x00" in data:
        raise RefusedArticle(_("This is not a text: the file is binary."), data[: data.index(b"\x00")].count(b"\n") + 1)
    try:
        return tidy(data.decode("utf-8"))
    except UnicodeDecodeError as damage:
        return tidy(_one_byte_text(data, damage))


def _one_byte_text(data: bytes, damage: UnicodeDecodeError) -> str:
    # Latin-1 French almost never forms a valid UTF-8 sequence: several of them mean damaged UTF-8, not Latin-1.
    broken = data.decode("utf-8", errors="replace").count("\ufffd")
    if len(_MULTIBYTE.findall(data)) > broken:
        line = data[: damage.start].count(b"\n") + 1
        raise RefusedArticle(_("The text is UTF-8 with damaged bytes: save it again from its source."), line)
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def tidy(text: str) -> str:
    """NFC, one kind of line end, no unprintable characters. No-break spaces and curly quotes stay as written."""
    if _TIDY.fullmatch(text):
        return text
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return unicodedata.normalize("NFC", _UNPRINTABLE.sub("", text))


def one_line(text: str) -> str:
    """A text on one line, without spaces at its ends. A no-break space inside stays one."""
    return re.sub(r"[ \t\n]+", " ", tidy(text)).strip()
