"""The site under test: its own folder, its own database, two gunicorn workers on a free port."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

PROJECT = Path(__file__).resolve().parent.parent.parent
WORKERS = 2
SLUG, SECTION = "le-pont-des-tanneurs", "ville"
# Public number of a comment that is visible from the start, and has answers that wait.
TOP = 7_000_000_000_000_001
# Stands in each comment's text: what was sent, stored and seen is told apart by it.
TOKEN = re.compile(r"jeton-[0-9a-f]{16}")
# So begin the tokens of answers that wait from the start: an article's page shows the first of a branch alone.
ANSWER = "jeton-a"
# Seconds after which a process that does not start, or an answer that does not come, is a fault.
PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes
    location: str = ""
    retry_after: str = ""


@dataclass
class Site:
    """`database` is the address of a database of its own; empty: a SQLite file in the folder. `log` lies elsewhere: the
    folder's disk may be full."""

    folder: Path
    log: Path
    database: str = ""
    cache: str = ""
    sabotage: str = ""
    port: int = 0
    master: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(20))

    @property
    def vendor(self) -> str:
        return "postgresql" if self.database else "sqlite"

    def environment(self) -> dict[str, str]:
        """As in production, but for TLS and for limits: sixteen readers share one address here."""
        inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TZ")}
        own = {
            "DJANGO_SETTINGS_MODULE": "tests.faults.settings",
            "DATA_DIR": str(self.folder),
            "SECRET_KEY": "the faults' own key, of no worth anywhere else at all",
            "ALLOWED_HOSTS": "127.0.0.1",
            "HTTPS": "0",
            "LOG_LEVEL": "ERROR",
            "LIMIT_SUBMIT_PER_ADDRESS": "100000000,600",
            "LIMIT_SUBMIT_PER_READER": "100000000,600",
            "FAULTS_SABOTAGE": self.sabotage,
        }
        named = {"DATABASE_URL": self.database, "CACHE_URL": self.cache}
        return inherited | own | {name: value for name, value in named.items() if value}

    def inside(self, verb: str, **asked: Any) -> Any:
        """Run a function of inside.py in a process of its own, on this site's database."""
        words = [sys.executable, "-m", "tests.faults.inside", verb]
        env = self.environment() | {"FAULTS_SABOTAGE": ""}
        done = subprocess.run(
            words, input=json.dumps(asked), env=env, cwd=PROJECT, capture_output=True, text=True, timeout=3600
        )
        if done.returncode:
            raise RuntimeError(f"{verb}: {done.stderr[-2000:]}")
        return json.loads(done.stdout.splitlines()[-1])

    def manage(self, *words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *words]
        return subprocess.run(command, env=self.environment(), cwd=PROJECT, capture_output=True, text=True, timeout=600)

    @contextmanager
    def running(self) -> Iterator[Site]:
        self.port = free_port()
        command = [sys.executable, "-m", "gunicorn", "tests.faults.wsgi", "--bind", f"127.0.0.1:{self.port}"]
        # Loaded once and forked: a worker that was killed is replaced at once, and is worth killing again.
        command += [
            "--workers",
            str(WORKERS),
            "--preload",
            "--timeout",
            "60",
            "--backlog",
            "512",
            "--no-control-socket",
        ]
        (self.folder / "static").mkdir(exist_ok=True)
        with self.log.open("ab") as log:
            server = subprocess.Popen(command, env=self.environment(), cwd=PROJECT, stdout=log, stderr=log)
        try:
            self._wait_until_it_answers(server)
            self.master = server.pid
            yield self
        finally:
            server.send_signal(signal.SIGTERM)
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                for pid in (*children(server.pid), server.pid):
                    os.kill(pid, signal.SIGKILL)
                server.wait()

    def kill_a_worker(self) -> bool:
        """kill -9, as the kernel does when memory is short. Whether there was one to kill."""
        alive = children(self.master)
        if alive:
            os.kill(self.chance.choice(alive), signal.SIGKILL)
        return bool(alive)

    def ask(self, method: str, path: str, fields: dict[str, Any] | None = None, *, session: str = "") -> Answer | None:
        """None: no answer came, as when the process died. Nobody knows then whether it was done."""
        headers = {"Host": f"127.0.0.1:{self.port}"}
        if session:
            token = "a" * 32
            headers |= {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token}
        body = urlencode(fields) if fields is not None else None
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        link = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            link.request(method, path, body, headers)
            came = link.getresponse()
            return Answer(
                came.status, came.read(), came.headers.get("Location", ""), came.headers.get("Retry-After", "")
            )
        except (OSError, HTTPException):
            return None
        finally:
            link.close()

    def _wait_until_it_answers(self, server: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and server.poll() is None:
            answer = self.ask("GET", "/healthz")
            if answer and answer.status == 200:
                return
            time.sleep(0.1)
        raise RuntimeError(f"the site does not start: {self.log.read_text()[-2000:]}")


def free_port() -> int:
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        return held.getsockname()[1]


def children(parent: int) -> list[int]:
    """The processes that this one has started and that are alive."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, ppid = stat.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(ppid) == parent and state != "Z":
            found.append(int(stat.parent.name))
    return found
