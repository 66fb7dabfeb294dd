"""isso measured beside: the same clients, the same text, moderation on, its guard off. Nothing of it is kept here."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from tests.benchmarks.pressing import TEXT, Pressed, Request, press, press_in_rounds, press_slow
from tests.benchmarks.serving import running
from tests.faults.site import free_port

_STORES = Path(__file__).with_name("isso_stores.py")
_SETTINGS = """[general]
dbpath = {folder}/comments.db
host = http://127.0.0.1:{port}/
notify =
[admin]
enabled = true
password = for-one-measurement
[moderation]
enabled = true
[guard]
enabled = false
[server]
listen = http://127.0.0.1:{port}
"""


def write(python: Path, *, stored: int, pending: int, seconds: float, parent: Path) -> dict[str, Pressed]:
    """`python` is that of an environment with isso and gunicorn in it; the store lies below `parent`."""
    with tempfile.TemporaryDirectory(prefix="isso-", dir=parent) as name:
        folder = Path(name)
        server = _Server(python, folder)
        server.fill(stored)
        found = {"submit": server.pressed([_post()], seconds=seconds, again=True)}
    with tempfile.TemporaryDirectory(prefix="isso-", dir=parent) as name:
        server = _Server(python, Path(name))
        paths = [Request(path, {}, "{}") for path in server.fill(pending)]
        return found | {"decide": server.pressed(paths, seconds=seconds, again=False)}


def read(python: Path, *, sizes: Sequence[int], seconds: float, parent: Path) -> dict[int, Pressed]:
    """Whole threads, as isso gives them out, by their number of visible comments."""
    found = {}
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="isso-", dir=parent) as name:
            server = _Server(python, Path(name))
            server.fill(size, visible=True)
            with server.served() as (address, process):
                found[size] = press_slow(address, Request("/?uri=/pont/", {}), server=process, seconds=seconds)
    return found


def _post() -> Request:
    words = {"author": "Lectrice @N@", "email": "lectrice@N@@example.org", "title": "Le pont", "text": TEXT}
    headers = {"Content-Type": "application/json"}
    return Request("/new?uri=/pont/", headers, json.dumps(words, ensure_ascii=False))


class _Server:
    def __init__(self, python: Path, folder: Path) -> None:
        self.python, self.folder = python, folder
        settings = folder / "isso.cfg"
        settings.write_text(_SETTINGS.format(folder=folder, port=free_port()))
        # With moderation on its documentation's --preload leaves workers stuck now and then.
        self.words = [str(python.with_name("gunicorn")), "isso.run", "--workers", "2"]
        self.how: dict[str, Any] = {"probe": "/config", "env": {**os.environ, "ISSO_SETTINGS": str(settings)}}

    def fill(self, comments: int, *, visible: bool = False) -> list[str]:
        """The paths that approve those that wait. The server makes the tables when it starts."""
        with running(self.words, cwd=self.folder, **self.how):
            pass
        ask = self.folder / "ask.json"
        asked = {"store": str(self.folder / "comments.db"), "comments": comments, "visible": visible, "text": TEXT}
        ask.write_text(json.dumps(asked))
        subprocess.run([self.python, _STORES, ask], check=True, timeout=600)
        return list(json.loads(ask.read_text())["paths"])

    def served(self) -> AbstractContextManager[tuple[str, int]]:
        return running(self.words, cwd=self.folder, **self.how)

    def pressed(self, requests: list[Request], *, seconds: float, again: bool) -> Pressed:
        with self.served() as (address, server):
            warm = requests if again else requests[:100]
            press(address, warm, server=server, seconds=1, again=again)
            left = requests if again else requests[100:]
            return press_in_rounds(address, left, server=server, seconds=seconds, again=again)
