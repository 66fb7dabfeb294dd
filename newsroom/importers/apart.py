"""Reading in a process apart, within time and memory: what a page is made of cannot harm who imports it.

The process (newsroom/apart_child.py) reads one source after the other and answers in lines of JSON. One that is too
slow or too greedy is ended, and the next source gets a new one.
"""

from __future__ import annotations

import json
import logging
import os
import select
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import IO, Any, Self, cast

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from newsroom.importers.carried import unpacked
from newsroom.importers.imported import Told, Unreadable
from newsroom.importers.source import MEBIBYTE, RefusedArticle, Source

log = logging.getLogger(__name__)

# For one article of a source; a page of 10 MB made of nothing but paragraphs takes about half of it.
SECONDS = 20.0
# Of address space, the interpreter and its libraries included.
MEMORY = 1536 * MEBIBYTE
_LONGEST_LINE = 64 * MEBIBYTE


class ReadingApart:
    """`with ReadingApart() as apart: apart.read(source, format="html")`."""

    def __init__(self, *, seconds: float = SECONDS, memory: int = MEMORY) -> None:
        self._seconds = seconds
        self._memory = memory
        self._child: subprocess.Popen[bytes] | None = None
        self._held = bytearray()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self._end()

    def read(self, source: Source, *, format: str) -> Iterator[Told]:
        """What the format's reader tells of the source. Raises RefusedArticle."""
        finished = False
        try:
            self._hand_over(source, format)
            while (told := self._answer(source)) is not None:
                yield told
            finished = True
        except RefusedArticle as refusal:
            finished = not isinstance(refusal, _Broken)
            raise
        finally:
            if not finished:
                self._end()

    def _hand_over(self, source: Source, format: str) -> None:
        request = {
            "format": format,
            "name": source.name,
            "read_at": source.read_at.isoformat(),
            "folder": str(source.folder.absolute()) if source.folder else "",
            "address": source.address,
            "path": str(source.path.absolute()) if source.path else "",
            "language": translation.get_language() or settings.LANGUAGE_CODE,
            "length": len(source.data),
        }
        try:
            pipe = cast(IO[bytes], self._started().stdin)
            pipe.write(json.dumps(request).encode() + b"\n" + source.data)
            pipe.flush()
        except OSError as error:
            raise _Broken(_broke()) from error

    def _answer(self, source: Source) -> Told | None:
        """None at the end of the source."""
        answer: dict[str, Any] = json.loads(self._line())
        source.reach.read, source.reach.size = answer.get("reach", (source.reach.read, source.reach.size))
        if "article" in answer:
            return unpacked(answer["article"])
        if "unreadable" in answer:
            return Unreadable(*answer["unreadable"])
        if "refused" in answer:
            raise RefusedArticle(*answer["refused"])
        if "failed" in answer:
            log.error("import_articles: %s\n%s", source.name, answer["failed"])
            raise RefusedArticle(_("The page could not be imported: an error that is now in the log."))
        if "greedy" in answer:
            raise _Broken(_greedy(self._memory))
        return None

    def _line(self) -> bytes:
        deadline = time.monotonic() + self._seconds
        while (end := self._held.find(b"\n")) < 0:
            self._held += self._more(deadline)
            if len(self._held) > _LONGEST_LINE:
                raise _Broken(_broke())
        line = bytes(self._held[:end])
        del self._held[: end + 1]
        return line

    def _more(self, deadline: float) -> bytes:
        pipe = cast(IO[bytes], self._started().stdout).fileno()
        waiting = select.poll()
        waiting.register(pipe, select.POLLIN)
        if not waiting.poll(max(deadline - time.monotonic(), 0) * 1000):
            raise _Broken(
                _("Reading it took longer than %(seconds)s seconds: it was given up.")
                % {"seconds": f"{self._seconds:g}"}
            )
        came = os.read(pipe, MEBIBYTE)
        if not came:
            raise _Broken(_broke())
        return came

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is None:
            self._held.clear()
            self._child = subprocess.Popen(  # noqa: S603 (our own module, nothing of the source on the line)
                [sys.executable, "-m", "newsroom.apart_child", str(self._memory)],
                cwd=settings.BASE_DIR,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
            )
        return self._child

    def _end(self) -> None:
        if self._child is None:
            return
        self._child.kill()
        for pipe in (self._child.stdin, self._child.stdout):
            try:
                if pipe:
                    pipe.close()
            except OSError:  # what was still to be written to it
                pass
        self._child.wait()
        self._child = None


class _Broken(RefusedArticle):
    """The process is of no more use."""


def _broke() -> str:
    return _("The page could not be read: reading it broke down.")


def _greedy(memory: int) -> str:
    return _("Reading it needs more than %(most)s MB of memory: it was given up.") % {"most": memory // MEBIBYTE}
