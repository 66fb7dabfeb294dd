"""Refusals and warnings of an import, in any number: a million bad rows must not fill the memory."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass
from typing import IO

# What an ordinary import has stays in memory; what comes after lies in a file that the system takes away by itself.
IN_MEMORY = 1_000


@dataclass(frozen=True, slots=True)
class Remark:
    """A refusal or a warning about one file; `line` counts from 1."""

    place: str
    sentence: str
    line: int | None = None


class Remarks:
    """In the order in which they were told. They are gone through one after the other; none is added meanwhile."""

    def __init__(self, told: Iterable[Remark] = ()) -> None:
        self._first: list[Remark] = []
        self._rest: IO[str] | None = None
        self._count = 0
        self.extend(told)

    def append(self, remark: Remark) -> None:
        self._count += 1
        if len(self._first) < IN_MEMORY:
            self._first.append(remark)
            return
        if self._rest is None:
            self._rest = tempfile.TemporaryFile("w+", encoding="ascii", prefix="remarks-")  # noqa: SIM115
        self._rest.write(json.dumps(astuple(remark)) + "\n")

    def extend(self, told: Iterable[Remark]) -> None:
        for remark in told:
            self.append(remark)

    def __len__(self) -> int:
        return self._count

    def __iter__(self) -> Iterator[Remark]:
        yield from self._first
        if self._rest is not None:
            self._rest.seek(0)
            yield from (Remark(*json.loads(line)) for line in self._rest)

    def __repr__(self) -> str:
        return f"{self._count} remarks, first {self._first[:3]}"
