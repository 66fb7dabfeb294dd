"""Imprints of many texts, made in a process beside while their rows are written: half of an import's work is these."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import IO, Self, cast

from comments.imprints import imprint_of

# A process takes longer to start than so many imprints to make.
FEW = 1_000
_PROJECT = Path(__file__).resolve().parent.parent.parent
Imprints = Callable[[], Sequence[int]]


class ImprintsBeside:
    """`with ImprintsBeside() as beside: imprints = beside.of(texts)`, and later `imprints()`, in the same order.

    Few texts start no process, and where it fails the imprints are made here.
    """

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None
        self._asking: ThreadPoolExecutor | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        if self._child:
            self._child.kill()
        if self._asking:
            self._asking.shutdown(cancel_futures=True)
        if self._child:
            # Not by its `with`, which would write out what a process that is gone was still to get.
            for pipe in (self._child.stdin, self._child.stdout):
                with suppress(OSError):
                    cast(IO[bytes], pipe).close()
            self._child.wait()

    def of(self, texts: Iterable[str]) -> Imprints:
        """Ask for them; what is returned waits until they are there."""
        asked = list(texts)
        if len(asked) < FEW:
            return imprints_here(asked)
        # A thread that only waits: two full pipes would hold each other up.
        self._asking = self._asking or ThreadPoolExecutor(1)
        return self._asking.submit(self._answered, asked).result

    def _answered(self, texts: list[str]) -> Sequence[int]:
        try:
            child = self._started()
            asking, answers = cast(IO[bytes], child.stdin), cast(IO[bytes], child.stdout)
            asking.write(json.dumps(texts).encode() + b"\n")
            asking.flush()
            return cast(list[int], json.loads(answers.readline()))
        except (OSError, ValueError):
            return imprints_here(texts)()

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._child = subprocess.Popen(
                [sys.executable, "-m", "comments.imprints"],
                cwd=_PROJECT,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._child


def imprints_here(texts: Iterable[str]) -> Imprints:
    """The same, made when they are asked for, in this process."""
    return lambda: [imprint_of(text) for text in texts]
