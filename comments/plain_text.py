"""What readers type, made storable: one normal form for the form, the importers and the database.

A reader's words stay as written. What goes is what nobody sees and what turns a page against its readers:
control characters, bidi overrides (CVE-2021-42574, "Trojan Source"), zero-width characters, lone surrogates.
Lengths are judged by the caller. Each function gives back its own result unchanged.
"""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\v\f\x85\u2028\u2029]")

_UNSEEN = re.compile(
    "["
    "\x00-\x08\x0e-\x1f\x7f-\x9f"  # C0 and C1 controls; tab and line feed stay
    "\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f"  # joiners, fillers and separators without a glyph
    "\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f"  # zero-width space, bidi marks, overrides and isolates
    "\u3164\ufeff\uffa0\ufff0-\ufffb"
    "\ud800-\udfff"  # lone surrogates: no database stores them
    "\ufdd0-\ufdef"
    + "".join(f"{chr(plane << 16 | 0xFFFE)}{chr(plane << 16 | 0xFFFF)}" for plane in range(17))  # noncharacters
    + "\U0001d173-\U0001d17a\U000e0080-\U000e00ff\U000e01f0-\U000e0fff"
    "]+"
)
# Tag letters are invisible, except behind a black flag, where they spell Scotland or Wales.
_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]+\U000e007f)|[\U000e0000-\U000e007f]+")

# Where a joiner changes what is seen: Semitic and Indic scripts, emoji with their skin tones and selectors.
_JOINED = (
    "\u0590-\u1cff\u2190-\u2bff\ua800-\uabff\ufb1d-\ufdff\ufe0f\ufe70-\ufefc\U00010a00-\U00011fff\U0001f000-\U0001faff"
)
_JOINERS = "\u200c\u200d"
_JOINER_RUN = re.compile(f"([{_JOINERS}])[{_JOINERS}]+")
_STRAY_JOINER = re.compile(f"(?<![{_JOINED}])[{_JOINERS}]|[{_JOINERS}](?![{_JOINED}])")

_BLANK_LINES = re.compile(r"\n(?:[^\S\n]*\n){3,}")
# In a name also: soft hyphen, joiners, variation selectors. The Braille blank is a space that isspace() denies.
_UNSEEN_IN_NAMES = re.compile(f"[\u00ad{_JOINERS}\ufe00-\ufe0f\U000e0100-\U000e01ef]+")
_NAME_SPACES = re.compile("[\\s\u2800]+")


# Printable Latin letters, signs and typography, each its own normal form: a text of these alone has nothing unseen, and
# passing it by costs a fiftieth. What \s means in a name (NBSP) and the soft hyphen are not among the name's.
_TYPOGRAPHY = "\u2013\u2014\u2018\u2019\u201c\u201d\u2026\u20ac"
_PLAIN_TEXT = re.compile(f"[\n -~\xa0-\u017f\u202f{_TYPOGRAPHY}]*")
_PLAIN_NAME = re.compile(f"[ -~\xa1-\xac\xae-\u017f{_TYPOGRAPHY}]*")


def clean_text(raw: str) -> str:
    """A comment's text as it is stored: NFC, LF line ends, at most two blank lines in a row, no unseen characters.

    May be empty: a text of invisible characters says nothing.
    """
    if _PLAIN_TEXT.fullmatch(raw):
        return _BLANK_LINES.sub("\n\n\n", raw).strip()
    text = unicodedata.normalize("NFC", _without_unseen(_LINE_ENDS.sub("\n", raw)))
    text = _STRAY_JOINER.sub("", _JOINER_RUN.sub(r"\1", text))
    text = _BLANK_LINES.sub("\n\n\n", unicodedata.normalize("NFC", text))
    return text.strip()


def clean_name(raw: str) -> str:
    """A reader's name as it is stored: NFC, on one line, single spaces, no unseen characters. May be empty."""
    if "  " not in raw and _PLAIN_NAME.fullmatch(raw):
        return raw.strip()
    name = _without_unseen(_NAME_SPACES.sub(" ", _LINE_ENDS.sub(" ", raw)))
    name = unicodedata.normalize("NFC", _UNSEEN_IN_NAMES.sub("", name))
    return _NAME_SPACES.sub(" ", name).strip()


def clean_email(raw: str) -> str:
    """The reader's identity: NFC, no space at the ends, lower case. Not checked to be an address."""
    lowered = unicodedata.normalize("NFC", raw).strip().lower()
    return unicodedata.normalize("NFC", lowered)


def _without_unseen(text: str) -> str:
    return _TAGS.sub(r"\1", _UNSEEN.sub("", text))
