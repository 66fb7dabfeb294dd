"""Reading measured on one database, named by the environment: `python -m tests.benchmarks.reading_one ask.json`.

Reads what is asked for from the file, and writes what was measured back into it. Started by reading.py.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import django

django.setup()

from django.core.cache import caches  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from comments.models import Comment  # noqa: E402
from newsroom.models import Article  # noqa: E402
from tests.benchmarks.pressing import Pressed, Request, press  # noqa: E402
from tests.benchmarks.serving import PROJECT, running, served  # noqa: E402
from tests.benchmarks.threads_filled import fill  # noqa: E402

WORKERS = 2
LOOKS = 15
# Answers that a look at the rest of a branch shows: as many in each thread, for to draw more of them takes longer.
SHOWN = 15


def main(file: Path) -> None:
    asked = json.loads(file.read_text())
    file.write_text(json.dumps(measure(**asked)))


def measure(*, sizes: list[int], seconds: float) -> dict[str, Any]:
    """Rates a second, and times in ms of the server's own work, by size of the thread."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    articles = fill(sizes)
    found: dict[str, Any] = {"vendor": connection.vendor, "sizes": sizes}
    found["made"] = {size: _made(article) for size, article in articles.items()}
    found["lists"] = {size: _lists(article) for size, article in articles.items()}
    found["page_bytes"] = len(_browser().get(articles[sizes[0]].get_absolute_url()).content)
    connection.close()
    floor = [sys.executable, "-m", "gunicorn", "tests.benchmarks.floor", "--workers", str(WORKERS)]
    left = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with running(floor, probe="/1", env=left, cwd=PROJECT) as (address, process):
        found["floor"] = _read(address, process, f"/{found['page_bytes']}", seconds)
    with served(workers=WORKERS) as (address, process):
        found["kept"] = {
            size: _read(address, process, article.get_absolute_url(), seconds) for size, article in articles.items()
        }
    return found


def _read(address: str, process: int, path: str, seconds: float) -> dict[str, float]:
    asked: Callable[[float], Pressed] = lambda how_long: press(  # noqa: E731
        address, [Request(path, {})], server=process, seconds=how_long, again=True
    )
    asked(1)
    pressed = asked(seconds)
    if set(pressed.answers) != {"200"}:
        raise SystemExit(f"{path} answers {pressed.answers}")
    return {"a_second": pressed.a_second, "cpu_ms": pressed.cpu_ms, "p99": pressed.p99}


def _made(article: Article) -> float:
    """The page after a change: nothing of it is kept."""
    return _work(article.get_absolute_url(), before=caches["pages"].clear)


def _lists(article: Article) -> dict[str, float]:
    """What else is read of a thread, by name."""
    here, discussion = article.get_absolute_url(), article.discussion
    longest = discussion.comments.filter(depth=0).order_by("-visible_answers", "pk")[0]
    answers = list(Comment.objects.visible().filter(root=longest).in_branch_order())
    last_read = answers[-SHOWN - 1] if len(answers) > SHOWN else answers[0]
    middle = discussion.comments.filter(depth=0).order_by("submitted_at")[discussion.visible_count // 4]
    cursor = f"{int(middle.submitted_at.timestamp()) * 1_000_000}.{middle.public_id}"
    paths = {
        "a later page": f"{here}?sort=oldest&after={cursor}",
        "the page of one comment": f"{here}?at={middle.public_id}",
        "further answers of a branch": f"/comments/{last_read.public_id}/following/",
        "counts of articles": f"/comments/counts?articles={article.slug}",
        "the feed of its comments": f"{here}comments/feed/",
    }
    return {name: _work(path, before=caches["pages"].clear) for name, path in paths.items()}


def _work(path: str, *, before: Callable[[], object]) -> float:
    """The median time in ms, by the clock: the database's work is part of it, and so is what else the machine does."""
    browser, took = _browser(), []
    for _look in range(LOOKS):
        before()
        began = time.perf_counter()
        answer = browser.get(path)
        took.append((time.perf_counter() - began) * 1000)
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code}")
    return statistics.median(took)


def _browser() -> Client:
    return Client(SERVER_NAME="127.0.0.1")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
