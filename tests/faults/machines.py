"""What the site stands on, of the test's own: a PostgreSQL cluster, a Redis, a small disk. Removed afterwards.

Never the server at DATABASE_URL: this one is stopped in the middle of its work.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import psycopg

from tests.faults.site import free_port


class Missing(Exception):
    """This machine has not what a scenario needs; its text says what."""


@dataclass
class Cluster:
    """PostgreSQL, with the durability of its defaults."""

    folder: Path
    bin: Path
    port: int
    user: str | None

    def start(self) -> None:
        options = f"-p {self.port} -k {self.folder} -c listen_addresses=127.0.0.1 -c max_connections=60"
        self._tool("pg_ctl", "-D", f"{self.folder}/data", "-l", f"{self.folder}/log", "-o", options, "-w", "start")

    def stop_at_once(self) -> None:
        """No checkpoint, no goodbye: what was committed must come back from the log."""
        with suppress(subprocess.CalledProcessError):
            self._tool("pg_ctl", "-D", f"{self.folder}/data", "-m", "immediate", "-w", "stop")

    def is_up(self) -> bool:
        try:
            psycopg.connect(self.address("postgres"), connect_timeout=2).close()
        except psycopg.Error:
            return False
        return True

    def address(self, name: str) -> str:
        return f"postgres://postgres@127.0.0.1:{self.port}/{name}"

    def make(self, *, like: str = "template1") -> str:
        """The address of a new database."""
        name = f"faults_{secrets.token_hex(4)}"
        with psycopg.connect(self.address("postgres"), autocommit=True) as asked:
            asked.execute(f'CREATE DATABASE {name} TEMPLATE "{like}"')
            # A copied sequence trusts what was logged ahead for the one it is a copy of: stopped before the next
            # checkpoint, it would give out the same numbers twice.
            asked.execute("CHECKPOINT")
        return self.address(name)

    def _tool(self, name: str, *words: str) -> None:
        done = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": "/", "timeout": 120, "check": True}
        subprocess.run([str(self.bin / name), *words], user=self.user, **done)


@contextmanager
def cluster(parent: Path | None = None) -> Iterator[Cluster]:
    """PostgreSQL refuses to run as root: it then runs as the user postgres. Raises Missing."""
    bin = _postgresql()
    user = "postgres" if os.geteuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="faults-pg-", dir=parent))
    try:
        if user:
            shutil.chown(folder, user)
        made = Cluster(folder, bin, free_port(), user)
        made._tool("initdb", "-D", f"{folder}/data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-sync")
        made.start()
        yield made
        made.stop_at_once()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _postgresql() -> Path:
    places = [*sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)]
    if found := shutil.which("pg_ctl"):
        places.append(Path(found).resolve().parent)
    for place in places:
        if all((place / tool).exists() for tool in ("initdb", "pg_ctl", "postgres")):
            return place
    raise Missing("PostgreSQL's server is not installed here (Debian: apt-get install postgresql)")


@dataclass
class Redis:
    port: int
    process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> str:
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        words = ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        until = time.monotonic() + 10
        while not self._says("PING") and time.monotonic() < until:
            time.sleep(0.05)

    def kill(self) -> None:
        if self.process:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait()

    def flush(self) -> None:
        self._says("FLUSHALL")

    def holds(self) -> int:
        """How many keys lie in it."""
        return int(self._asked("DBSIZE").stdout)

    def _says(self, word: str) -> bool:
        return self._asked(word).returncode == 0

    def _asked(self, word: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(["redis-cli", "-p", str(self.port), word], capture_output=True, text=True, timeout=10)


@contextmanager
def redis() -> Iterator[Redis]:
    if not shutil.which("redis-server") or not shutil.which("redis-cli"):
        raise Missing("Redis is not installed here (Debian: apt-get install redis-server)")
    if find_spec("redis") is None:
        raise Missing("the Python package redis is not installed here")
    made = Redis(free_port())
    made.start()
    try:
        yield made
    finally:
        made.kill()


@contextmanager
def small_disk(megabytes: int) -> Iterator[Path]:
    """A disk in memory of that size. Only root may mount one. Raises Missing."""
    place = Path(tempfile.mkdtemp(prefix="faults-disk-"))
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=777", "tmpfs", str(place)]
    if os.geteuid() != 0 or subprocess.run(words, capture_output=True).returncode:
        place.rmdir()
        raise Missing("a small disk is mounted by root alone")
    try:
        yield place
    finally:
        subprocess.run(["umount", "-l", str(place)], check=False)
        place.rmdir()
