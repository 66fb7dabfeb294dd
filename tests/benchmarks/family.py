"""The memory of a process and all that it started, together: PSS, in which what they share is counted once."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Self

# Seconds between two looks.
EVERY = 0.2


class FamilyWatched:
    """`with FamilyWatched(pid) as family:`; then `family.peak`, the largest sum in MiB that was seen."""

    def __init__(self, pid: int) -> None:
        self.peak = 0.0
        self._pid = pid
        self._over = threading.Event()
        self._looking = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Self:
        self._looking.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._over.set()
        self._looking.join()

    def _look(self) -> None:
        while not self._over.is_set():
            self.peak = max(self.peak, sum(map(_held, family_of(self._pid))) / 1024)
            self._over.wait(EVERY)


def family_of(pid: int) -> list[int]:
    """A process, those that its threads started, and theirs; who has ended meanwhile is left out."""
    found = [pid]
    for one in found:
        for children in Path(f"/proc/{one}/task").glob("*/children"):
            found += map(int, _read(children).split())
    return found


def _held(pid: int) -> int:
    """KiB; 0 of one that has ended, or where Linux does not tell."""
    lines = (line.split() for line in _read(Path(f"/proc/{pid}/smaps_rollup")).splitlines())
    return next((int(words[1]) for words in lines if words[0] == "Pss:"), 0)


def _read(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
