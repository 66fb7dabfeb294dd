"""django-comments-xtd measured beside: whole threads as its template tag draws them, posts that are held."""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.benchmarks.pressing import TEXT, Pressed, Request, press, press_in_rounds, press_slow
from tests.benchmarks.serving import running

_SITE = Path(__file__).with_name("xtd_site.py")


@dataclass(frozen=True)
class _Site:
    """`pages` by their number of visible comments; `security` is what a post must bring."""

    address: str
    server: int
    pages: dict[str, str]
    security: dict[str, Any]


def read(python: Path, *, sizes: Sequence[int], seconds: float, parent: Path) -> dict[int, Pressed]:
    """`python` is that of an environment with it and gunicorn; the store lies below `parent`."""
    with _served(python, sizes, parent) as site:
        pages = {size: Request(site.pages[str(size)], {}) for size in sizes}
        return {
            size: press_slow(site.address, page, server=site.server, seconds=seconds) for size, page in pages.items()
        }


def submit(python: Path, *, stored: int, seconds: float, parent: Path) -> Pressed:
    with _served(python, [stored], parent) as site:
        words = {"name": "Lectrice @N@", "email": "lectrice@N@@example.org", "comment": TEXT}
        told = {**site.security, **words, "honeypot": "", "followup": False, "reply_to": 0}
        headers = {"Content-Type": "application/json"}
        post = Request("/comments/api/comment/", headers, json.dumps(told, ensure_ascii=False))
        press(site.address, [post], server=site.server, seconds=1, again=True)
        return press_in_rounds(site.address, [post], server=site.server, seconds=seconds, again=True)


@contextmanager
def _served(python: Path, sizes: Sequence[int], parent: Path) -> Iterator[_Site]:
    with tempfile.TemporaryDirectory(prefix="xtd-", dir=parent) as name:
        folder = Path(name)
        env = {**os.environ, "XTD_STORE": str(folder / "comments.db")}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        ask = folder / "ask.json"
        ask.write_text(json.dumps({"sizes": list(sizes), "text": TEXT}))
        subprocess.run([python, _SITE, ask], env=env, check=True, timeout=600)
        words = [str(python.with_name("gunicorn")), f"{_SITE.stem}:application", "--workers", "2"]
        words += ["--pythonpath", str(_SITE.parent)]
        with running(words, probe="/nowhere/", env=env, cwd=folder) as (address, server):
            yield _Site(address, server, **json.loads(ask.read_text()))
