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

from django.conf import settings
from django.db import connection

PROJECT = Path(__file__).resolve().parent.parent
# Until a process answers, in seconds: it reads the whole project first, on a machine that may be busy.
PATIENCE = 60
REDIS = "redis://127.0.0.1:6379/13"


@contextmanager
def two_processes(*, cache_url: str) -> Iterator[list[int]]:
    """The ports of two gunicorns with one worker each, on the database of this test."""
    ports = [_free_port(), _free_port()]
    with tempfile.TemporaryDirectory(prefix="two-processes-") as folder:
        started = [_started(port, folder, cache_url) for port in ports]
        try:
            for port in ports:
                _wait_for(port)
            yield ports
        finally:
            for process in started:
                process.terminate()
            for process in started:
                process.wait(timeout=20)


def redis_answers() -> bool:
    try:
        socket.create_connection(("127.0.0.1", 6379), timeout=1).close()
    except OSError:
        return False
    return True


class Browser:
    """One connection to one process; never follows a redirect."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
        self._headers = headers or {}

    def ask(self, path: str, *, method: str = "GET", body: str | None = None, **headers: str) -> tuple[int, dict, str]:
        sent = self._headers | {name.replace("_", "-"): value for name, value in headers.items()}
        if body is not None:
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        self._connection.request(method, path, body=body, headers=sent)
        answer = self._connection.getresponse()
        return answer.status, dict(answer.getheaders()), answer.read().decode()


def _started(port: int, folder: str, cache_url: str) -> subprocess.Popen[bytes]:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "DEBUG": "0",
        "HTTPS": "0",
        "SECRET_KEY": settings.SECRET_KEY,
        "ALLOWED_HOSTS": "127.0.0.1",
        "SITE_URL": "http://127.0.0.1",
        "DATABASE_URL": _address_of_this_database(),
        "DATA_DIR": folder,
        "CACHE_URL": cache_url,
        "DATABASE_POOL": "4",
        "LOG_LEVEL": "ERROR",
    }
    words = ["-m", "gunicorn", "newsroom.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "1", "--log-level", "error"]
    # Threads keep connections open: a poller asks a hundred times a second.
    words += ["--threads", "4", "--keep-alive", "30", "--no-control-socket"]
    return subprocess.Popen([sys.executable, *words], env=environment, cwd=PROJECT)


def _address_of_this_database() -> str:
    here = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{here['NAME']}"
    who = here["USER"] + (f":{here['PASSWORD']}" if here["PASSWORD"] else "")
    return f"postgres://{who}@{here['HOST'] or '127.0.0.1'}:{here['PORT'] or 5432}/{here['NAME']}"


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if Browser(port).ask("/healthz")[0] == 200:
                return
        except OSError:
            time.sleep(0.1)
    raise TimeoutError(f"no process answers on port {port}")
