"""How far into a file its reader is: what a bar of progress needs to tell how long is left."""

from __future__ import annotations

import io
import os
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, cast


@dataclass(slots=True)
class Reach:
    """Bytes read, of how many; `size` is 0 while no file is open."""

    read: int = 0
    size: int = 0


def opened(path: Path, reach: Reach) -> BinaryIO:
    """The file's bytes; `reach` follows what is read of them."""
    return cast(BinaryIO, io.BufferedReader(_Followed(path, reach)))


class _Followed(io.FileIO):
    def __init__(self, path: Path, reach: Reach) -> None:
        super().__init__(path, "rb")
        self._reach = reach
        reach.read, reach.size = 0, os.fstat(self.fileno()).st_size

    def readinto(self, buffer: object) -> int:
        count = super().readinto(buffer)  # type: ignore[arg-type]
        self._reach.read = self.tell()
        return count
