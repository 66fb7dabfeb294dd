"""Reading measured on one database, named by the environment: `python -m tests.benchmarks.reading_one ask.json`.

Reads what is asked for from the file, and writes what was measured back into it. Started by reading.py.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
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
from tests.benchmarks.threads_filled import fill, fill_quiet  # noqa: E402

WORKERS = 2
LOOKS = 15
# Of pressing each in turn.
ROUNDS = 3
# Answers that a look at the rest of a branch shows: as many in each thread, for to draw more of them takes longer.
SHOWN = 15
# Articles that are counted at once, quiet ones among them; threads up to SMALL stand before the larger ones come.
COUNTED, FEW, SMALL = 20, 10, 1_000


def main(file: Path) -> None:
    asked = json.loads(file.read_text())
    file.write_text(json.dumps(measure(**asked)))


def measure(*, sizes: list[int], seconds: float) -> dict[str, Any]:
    """Rates a second, and times in ms of the server's own work, by size of the thread."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    fill_quiet(COUNTED, size=FEW)
    small = [size for size in sizes if size <= SMALL] or sizes[:1]
    articles = fill(small)
    found: dict[str, Any] = {"vendor": connection.vendor, "sizes": sizes, "site_before": _site(articles)}
    articles |= fill([size for size in sizes if size not in small])
    found["site"] = _site(articles)
    # The page after a change: nothing of it is kept.
    found["made"] = _worked({size: article.get_absolute_url() for size, article in articles.items()})
    found["lists"] = _lists({size: _paths(article) for size, article in articles.items()})
    found["page_bytes"] = len(_browser().get(articles[sizes[0]].get_absolute_url()).content)
    connection.close()
    floor = [sys.executable, "-m", "gunicorn", "tests.benchmarks.floor", "--workers", str(WORKERS)]
    left = {name: value for name, value in os.environ.items() if name != "DJANGO_SETTINGS_MODULE"}
    with running(floor, probe="/1", env=left, cwd=PROJECT) as bare, served(workers=WORKERS) as site:
        asked = {"floor": (*bare, f"/{found['page_bytes']}")}
        asked |= {str(size): (*site, article.get_absolute_url()) for size, article in articles.items()}
        read = _read(asked, seconds)
    return found | {"floor": read.pop("floor"), "kept": read}


def _read(asked: dict[str, tuple[str, int, str]], seconds: float) -> dict[str, dict[str, float]]:
    """The median round of each address, server and path: one after the other and again, for a machine has its moods."""
    rounds = [{name: _pressed(*one, seconds / ROUNDS) for name, one in asked.items()} for _round in range(ROUNDS + 1)]
    # The first warms what there is.
    return {
        name: {
            figure: statistics.median(getattr(one[name], figure) for one in rounds[1:])
            for figure in ("a_second", "cpu_ms", "p99")
        }
        for name in asked
    }


def _pressed(address: str, server: int, path: str, seconds: float) -> Pressed:
    pressed = press(address, [Request(path, {})], server=server, seconds=seconds, again=True)
    if set(pressed.answers) != {"200"}:
        raise SystemExit(f"{path} answers {pressed.answers}")
    return pressed


def _lists(paths: dict[int, dict[str, str]]) -> dict[int, dict[str, float]]:
    """What else is read of a thread, by its size and by name."""
    found: dict[int, dict[str, float]] = {size: {} for size in paths}
    for name in next(iter(paths.values())):
        for size, took in _worked({size: several[name] for size, several in paths.items()}).items():
            found[size][name] = took
    return found


def _paths(article: Article) -> dict[str, str]:
    here, discussion = article.get_absolute_url(), article.discussion
    longest = discussion.comments.filter(depth=0).order_by("-visible_answers", "pk")[0]
    answers = list(Comment.objects.visible().filter(root=longest).in_branch_order())
    last_read = answers[-SHOWN - 1] if len(answers) > SHOWN else answers[0]
    middle = discussion.comments.filter(depth=0).order_by("submitted_at")[discussion.visible_count // 4]
    cursor = f"{int(middle.submitted_at.timestamp()) * 1_000_000}.{middle.public_id}"
    return {
        "a later page": f"{here}?sort=oldest&after={cursor}",
        "the page of one comment": f"{here}?at={middle.public_id}",
        "the page of one answer": f"{here}?at={last_read.public_id}",
        "further answers of a branch": f"/comments/{last_read.public_id}/following/",
        "counts of articles": f"/comments/counts?articles={article.slug}",
        "the feed of its comments": f"{here}comments/feed/",
    }


def _site(articles: dict[int, Article]) -> dict[str, float]:
    """What is read of all articles, the threads that there are among them: in ms, by name."""
    quiet = [f"calme-{number}" for number in range(COUNTED - len(articles))]
    slugs = ",".join([*quiet, *(article.slug for article in articles.values())])
    paths = {"the front page": "/", "counts of twenty articles": f"/comments/counts?articles={slugs}"}
    return {name: _worked({0: path})[0] for name, path in paths.items()}


def _worked(paths: dict[int, str]) -> dict[int, float]:
    """The median time of each in ms, by the clock, nothing kept: the database's work is part of it, and so is what else
    the machine does. They take turns.
    """
    browser = _browser()
    took: dict[int, list[float]] = {size: [] for size in paths}
    for _look in range(LOOKS):
        for size, path in paths.items():
            caches["pages"].clear()
            began = time.perf_counter()
            answer = browser.get(path)
            took[size].append((time.perf_counter() - began) * 1000)
            if answer.status_code != 200:
                raise SystemExit(f"{path} answers {answer.status_code}")
    return {size: statistics.median(times) for size, times in took.items()}


def _browser() -> Client:
    return Client(SERVER_NAME="127.0.0.1")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
