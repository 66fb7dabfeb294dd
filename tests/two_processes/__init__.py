"""Two web processes on one database, as a newspaper of some size has them, and the words to talk to them."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.test import Client

PROJECT = Path(__file__).resolve().parent.parent.parent
# Until a process answers, in seconds: it reads the whole project first, on a machine that may be busy.
PATIENCE = 60
THREADS = 4
# In one window that no test sees the end of.
BY_READER, BY_ADDRESS = 3, 5
LIMITS = {
    "LIMIT_SUBMIT_PER_READER": f"{BY_READER},1000000000",
    "LIMIT_SUBMIT_PER_ADDRESS": f"{BY_ADDRESS},1000000000",
}
Answer = tuple[int, dict[str, str], str]


@contextmanager
def processes(count: int, *, door: str = "newsroom.wsgi", **environment: str) -> Iterator[list[int]]:
    """The ports of so many gunicorns with one worker each, on the database of this test."""
    ports = [_free_port() for _number in range(count)]
    with tempfile.TemporaryDirectory(prefix="two-processes-") as folder:
        started = [_started(port, folder, door, environment) for port in ports]
        try:
            for port, process in zip(ports, started, strict=True):
                _wait_for(port, process)
            yield ports
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=20)


class Browser:
    """One connection to one process; never follows a redirect."""

    def __init__(self, port: int, headers: dict[str, str] | None = None, *, patience: float = 20) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        self._headers = headers or {}

    def ask(self, path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> Answer:
        sent = self._headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body=body, headers=sent)
        answer = self._connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()

    def post(self, path: str, **fields: object) -> Answer:
        return self.ask(path, method="POST", body=urlencode(fields, doseq=True))


def at_the_desk(port: int, person: Client, *, patience: float = 20) -> Browser:
    """At this process, somebody who has signed in: with the session, and with a token for posts."""
    token, session = "a" * 32, person.cookies["sessionid"].value
    headers = {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}
    return Browser(port, headers, patience=patience)


def address_of_this_database() -> str:
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{here['NAME']}"
    who = here["USER"] + (f":{here['PASSWORD']}" if here["PASSWORD"] else "")
    return f"postgres://{who}@{here['HOST'] or '127.0.0.1'}:{here['PORT'] or 5432}/{here['NAME']}"


def _started(port: int, folder: str, door: str, environment: dict[str, str]) -> subprocess.Popen[bytes]:
    own = {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1",
        "DATABASE_URL": address_of_this_database(),
        "DATA_DIR": folder,
        "CACHE_URL": "",
        "DATABASE_POOL": str(THREADS),
        "LOG_LEVEL": "ERROR",
    }
    words = ["-m", "gunicorn", door, "--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "error"]
    # Threads keep connections open: a poller asks a hundred times a second.
    words += ["--threads", str(THREADS), "--keep-alive", "30", "--no-control-socket"]
    return subprocess.Popen([sys.executable, *words], env=os.environ | own | environment, cwd=PROJECT)


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        try:
            if Browser(port).ask("/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no process answers on port {port}")
