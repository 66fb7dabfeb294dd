"""Exports with something wrong in them: bytes turned, cut, doubled, moved, and hostile pieces put in."""

from __future__ import annotations

import json
import re
from random import Random

# What must never come out of an import is marked by a word that no fixture has.
MARK = "zzmark"
HOSTILE = [
    f"<img src=x onerror={MARK}>".encode(),
    f"<script>{MARK}</script>".encode(),
    f"<svg/onload={MARK}>".encode(),
    f"</p><iframe src='javascript:{MARK}'>".encode(),
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"-->",
    b"<!DOCTYPE x [<!ENTITY y 'z'>]>",
    b"&amp;",
    b"&lt;",
    b"&#0;",
    b"&#xD800;",
    b"\x00",
    b"\x0b",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"\\u0000",
    b"\\ud800",
    b"\\",
    b'"',
    b"'",
    b"{",
    b"[",
    b"[" * 2000,
    b"<a>" * 300,
    b"}",
    b"null",
    b"-1",
    b"1e999",
    b"9" * 5000,
    b"0000-00-00 00:00:00",
    b"9999-12-31T23:59:59Z",
    b"0001-01-01T00:00:00+14:00",
    "\u202e\u0000\u200b".encode(),
    b" " * 70_000,
]


def _nested(depth: int) -> object:
    value: object = "a"
    for _n in range(depth):
        value = [value]
    return value


# What a moment, wherever one stands, becomes: the edges of the calendar, days and hours that are none, hours that a
# change of the clock skips or doubles.
MOMENTS = [
    b"9999-12-31T23:59:59Z",
    b"9999-12-31T23:59:59-14:00",
    b"0001-01-01T00:00:00+14:00",
    b"9999-12-31 23:59:59",
    b"0001-01-01 00:00:00",
    b"0000-00-00 00:00:00",
    b"2026-02-30T25:61:61Z",
    b"2026-03-29T02:30:00",
    b"2026-10-25T02:30:00",
    b"2026-03-02T09:15:00+23:59",
    b"31/12/9999",
    b"01/01/0001",
    b"29/02/2025",
    b"29 f\xc3\xa9vrier",
    b"31 d\xc3\xa9cembre 9999",
    b"Fri, 31 Dec 9999 23:59:59 -1200",
    b"253402300799",
    b"-62135596800",
    b"1e308",
]
_MOMENT = re.compile(
    rb"\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)?)?|\d{1,2}/\d{1,2}/\d{4}"
    rb"|\d{1,2} [A-Za-z\xa0-\xff]{3,9}(?: \d{4}(?: \d\d:\d\d:\d\d [+-]\d{4})?)?|\b1[67]\d{8}(?:\d{3})?(?:\.\d+)?\b"
)
_SCRIPT = re.compile(rb"<script[^>]*json[^>]*>(.*?)</script>", re.DOTALL)
VALUES = [
    None,
    True,
    0,
    -1,
    10**40,
    1.5,
    float("inf"),
    float("nan"),
    "",
    " ",
    "\0",
    "\ud800",
    "a" * 100_000,
    f"<img src=x onerror={MARK}>",
    f"https://e.example/{MARK}?a=b",
    "javascript:alert(1)",
    "2026-03-02T09:15:00Z",
    "9999-12-31T23:59:59-14:00",
    [],
    {},
    [[]],
    [{}],
    _nested(600),
    {"$date": {"$numberLong": "9" * 19}},
    {"$date": None},
]


def mutated(data: bytes, random: Random) -> bytes:
    """One to four things gone wrong. The same numbers give the same file."""
    for _n in range(random.choice((1, 1, 1, 2, 3, 4))):
        data = random.choice(WAYS)(data, random)
    return _turn_moment(data, random) if random.random() < 0.1 else data


def _turn_bits(data: bytes, random: Random) -> bytes:
    changed = bytearray(data)
    for _n in range(random.randint(1, 8)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def _cut_out(data: bytes, random: Random) -> bytes:
    start, end = _piece(data, random)
    return data[:start] + data[end:]


def _cut_off(data: bytes, random: Random) -> bytes:
    return data[: random.randint(0, len(data))]


def _double(data: bytes, random: Random) -> bytes:
    start, end = _piece(data, random)
    return data[:end] + data[start:end] * random.choice((1, 1, 2, 20)) + data[end:]


def _move(data: bytes, random: Random) -> bytes:
    start, end = _piece(data, random)
    rest = data[:start] + data[end:]
    at = random.randint(0, len(rest))
    return rest[:at] + data[start:end] + rest[at:]


def _put_in(data: bytes, random: Random) -> bytes:
    at = random.randint(0, len(data))
    return data[:at] + random.choice(HOSTILE) + data[at:]


def _put_in_for(data: bytes, random: Random) -> bytes:
    start, end = _piece(data, random)
    return data[:start] + random.choice(HOSTILE) + data[end:]


def _turn_value(data: bytes, random: Random) -> bytes:
    """One value of a JSON document, of one of its lines or of a script in a page becomes another; other files stay as
    they are."""
    lines = list(re.finditer(rb"[^\n]+|\Z", data))
    scripts = list(_SCRIPT.finditer(data))
    for start, end in (
        (0, len(data)),
        random.choice(lines).span(),
        random.choice(scripts).span(1) if scripts else (0, 0),
    ):
        try:
            tree = json.loads(data[start:end])
        except (ValueError, RecursionError):
            continue
        _turn_one(tree, random)
        told = json.dumps(tree, ensure_ascii=random.random() < 0.5)
        return data[:start] + told.encode(errors="surrogatepass") + data[end:]
    return data


def _turn_one(tree: object, random: Random) -> None:
    while isinstance(tree, dict | list) and tree:
        key = random.choice(list(tree)) if isinstance(tree, dict) else random.randrange(len(tree))
        if not isinstance(tree[key], dict | list) or random.random() < 0.15:  # type: ignore[index]
            tree[key] = random.choice(VALUES)  # type: ignore[index]
            return
        tree = tree[key]  # type: ignore[index]


def _turn_moment(data: bytes, random: Random) -> bytes:
    found = list(_MOMENT.finditer(data))
    if not found:
        return data
    start, end = random.choice(found).span()
    return data[:start] + random.choice(MOMENTS) + data[end:]


def _piece(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 2, 8, 40, 400)))


WAYS = (_turn_value, _turn_value, _turn_bits, _cut_out, _cut_off, _double, _move, _put_in, _put_in, _put_in_for)
