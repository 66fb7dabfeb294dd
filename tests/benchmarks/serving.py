"""The site as it is deployed, in processes of its own, for as long as it is measured."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.faults.site import free_port

PROJECT = Path(__file__).resolve().parent.parent.parent


@contextmanager
def served(*, workers: int) -> Iterator[tuple[str, int]]:
    """Its address, and the process that is the parent of the others. The environment is this process's own."""
    words = [sys.executable, "-m", "gunicorn", "newsroom.wsgi", "--workers", str(workers)]
    with running(words, probe="/healthz", env=dict(os.environ), cwd=PROJECT) as started:
        yield started


@contextmanager
def running(words: list[str], *, probe: str, env: dict[str, str], cwd: Path) -> Iterator[tuple[str, int]]:
    """A gunicorn on a free port, once it answers `probe`; ended by its own number."""
    port = free_port()
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    command = [*words, "--bind", f"127.0.0.1:{port}", "--no-control-socket"]
    with subprocess.Popen(command, env=env, cwd=cwd, **quiet) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(f"{address}{probe}", server)
            yield address, server.pid
        finally:
            server.terminate()


def _wait_for(address: str, server: subprocess.Popen[bytes], *, seconds: int = 60) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(address, timeout=5).close()
            return
        except urllib.error.HTTPError:
            return  # it answers
        except OSError:
            if time.monotonic() > until or server.poll() is not None:
                raise
            time.sleep(0.1)
