"""How much work something takes, in units that a slow machine does not change: calls made, bytes unpacked."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from comments.importers.rows import unpacking


@dataclass
class Work:
    """`calls` of functions, Python's own among them; `unpacked`: bytes that came out of a packed file."""

    calls: int = 0
    unpacked: int = 0


@contextmanager
def worked() -> Iterator[Work]:
    work, packed = Work(), unpacking._Unpacking
    unpack = packed.readinto

    def readinto(file: Any, buffer: bytearray) -> int:
        count = unpack(file, buffer)
        work.unpacked += count
        return count

    def count(_frame: object, event: str, _told: object) -> None:
        work.calls += event in ("call", "c_call")

    before = sys.getprofile()
    packed.readinto = readinto
    sys.setprofile(count)
    try:
        yield work
    finally:
        sys.setprofile(before)
        packed.readinto = unpack
