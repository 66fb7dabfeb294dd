"""The site with the demonstration's data and a fortnight behind it, in a folder of its own, on a free port."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

HERE = Path(__file__).resolve().parent
PROJECT = HERE.parent.parent


@contextmanager
def site(folder: str) -> Iterator[str]:
    """The address of a running site, until the block ends."""
    environment = os.environ | {"DEBUG": "1", "DATA_DIR": folder, "PYTHONUNBUFFERED": "1"}
    environment.pop("DATABASE_URL", None)
    manage = [sys.executable, str(PROJECT / "manage.py")]
    past = [sys.executable, HERE / "fortnight.py"]
    for words in ([*manage, "migrate", "--verbosity", "0"], [*manage, "demo_accounts"], past, [*manage, "demo"]):
        subprocess.run(words, env=environment, check=True, stdout=subprocess.DEVNULL)  # noqa: S603 (our own command)
    port = _free_port()
    serving = [*manage, "runserver", "--noreload", f"127.0.0.1:{port}"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(serving, env=environment, **quiet) as server:  # noqa: S603 (as above)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            server.terminate()


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def _wait_for(address: str, *, seconds: int = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()  # noqa: S310 (our own address)
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
