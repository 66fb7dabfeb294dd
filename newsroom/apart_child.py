"""The process that reads (newsroom/importers/apart.py): sources in by standard input, lines of JSON out.

It opens no connection and starts no process, has no database, and is ended from outside when it takes too long.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import traceback
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO

_FORBIDDEN = ("socket.connect", "socket.getaddrinfo", "subprocess.Popen", "os.system", "os.exec", "os.posix_spawn")


def main(memory: int) -> None:
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    # What a library prints must not stand among the answers.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    _set_up()
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    sys.addaudithook(_forbid)
    while line := sys.stdin.buffer.readline():
        request = json.loads(line)
        for answer in _answers(request, sys.stdin.buffer):
            answers.write(json.dumps(answer).encode() + b"\n")
            answers.flush()


def _set_up() -> None:
    """Settings and our own catalogue, without applications: no table is touched here."""
    from django.apps import apps

    apps.populate(())


def _forbid(event: str, _arguments: tuple[Any, ...]) -> None:
    if event in _FORBIDDEN:
        raise PermissionError(event)


def _answers(request: dict[str, Any], stdin: BinaryIO) -> Iterator[dict[str, Any]]:
    from django.utils import translation

    from newsroom.importers.source import RefusedArticle

    try:
        with translation.override(request["language"]):
            yield from _told(request, stdin.read(request["length"]))
        yield {"end": True}
    except RefusedArticle as refusal:
        yield {"refused": [refusal.reason, refusal.line]}
    except MemoryError:
        yield {"greedy": True}
    except Exception:  # whatever a parser raises: the importer logs it and goes on with the next
        yield {"failed": traceback.format_exc()[-4000:]}


def _told(request: dict[str, Any], data: bytes) -> Iterator[dict[str, Any]]:
    from newsroom.importers import FORMATS
    from newsroom.importers.carried import packed
    from newsroom.importers.imported import ImportedArticle
    from newsroom.importers.source import Source

    source = Source(
        request["name"],
        data,
        datetime.fromisoformat(request["read_at"]),
        Path(request["folder"]) if request["folder"] else None,
        address=request["address"],
        path=Path(request["path"]) if request["path"] else None,
    )
    for told in FORMATS[request["format"]](source):
        reach = [source.reach.read, source.reach.size]
        if isinstance(told, ImportedArticle):
            yield {"article": packed(told), "reach": reach}
        else:
            yield {"unreadable": [told.sentence, told.line], "reach": reach}


if __name__ == "__main__":
    main(int(sys.argv[1]))
