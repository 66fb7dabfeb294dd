"""Exports with something wrong in them: bytes turned, cut, doubled, moved, and hostile pieces put in."""

from __future__ import annotations

import json
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
    {"$date": {"$numberLong": "9" * 19}},
    {"$date": None},
]


def mutated(data: bytes, random: Random) -> bytes:
    """One to four things gone wrong. The same numbers give the same file."""
    for _n in range(random.choice((1, 1, 1, 2, 3, 4))):
        data = random.choice(WAYS)(data, random)
    return data


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
    """One value of a JSON document, or of one of its lines, becomes another; other files stay as they are."""
    lines = data.split(b"\n")
    at = random.randrange(len(lines))
    for told, put_back in (
        (data, lambda new: new),
        (lines[at], lambda new: b"\n".join([*lines[:at], new, *lines[at + 1 :]])),
    ):
        try:
            tree = json.loads(told)
        except (ValueError, RecursionError):
            continue
        _turn_one(tree, random)
        return put_back(json.dumps(tree, ensure_ascii=random.random() < 0.5).encode(errors="surrogatepass"))
    return data


def _turn_one(tree: object, random: Random) -> None:
    while isinstance(tree, dict | list) and tree:
        key = random.choice(list(tree)) if isinstance(tree, dict) else random.randrange(len(tree))
        if not isinstance(tree[key], dict | list) or random.random() < 0.15:  # type: ignore[index]
            tree[key] = random.choice(VALUES)  # type: ignore[index]
            return
        tree = tree[key]  # type: ignore[index]


def _piece(data: bytes, random: Random) -> tuple[int, int]:
    start = random.randint(0, len(data))
    return start, min(len(data), start + random.choice((1, 2, 8, 40, 400)))


WAYS = (_turn_value, _turn_value, _turn_bits, _cut_out, _cut_off, _double, _move, _put_in, _put_in, _put_in_for)
