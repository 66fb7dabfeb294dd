"""Everything measured on one database, named by the environment: `python -m tests.benchmarks.one_database ask.json`.

Reads what is asked for from the file, and writes what was measured back into it. Started by desk.py.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from comments import queues, search  # noqa: E402
from comments.models import Claim, Comment, Decision  # noqa: E402
from newsroom.models import User  # noqa: E402
from tests.benchmarks import crowd, filling, keyboard  # noqa: E402

FEW = 1_000
LOOKS = 15
# The commonest word, a rare one, none; each operator, and some together.
SEARCHES = (
    *("marché", "12345", "absolument", '"On nous l’avait promis"', "marché -barrée", "-marché"),
    *("status:approved", "status:rejected", "status:flagged", "status:withdrawn", "article:tanneurs"),
    *("article:article-7 status:rejected", "before:2020-01-01", "marché status:flagged", "-marché status:rejected"),
)
PAGES = {"focus": "/moderation/?queue=pending&layout=focus", "list": "/moderation/?queue=pending&layout=list"}


def main(file: Path) -> None:
    asked = json.loads(file.read_text())
    file.write_text(json.dumps(measure(**asked)))


def measure(*, pending: int, decided: int, moderators: int, turns: int, decisions: int) -> dict[str, Any]:
    """Times in ms. `decisions` 0: no browser."""
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    at = timezone.now()
    people = filling.make_people(moderators)
    discussions, readers = filling.make_articles(at=at), filling.make_readers(at=at)
    began = time.perf_counter()
    filling.add_decided(decided, discussions=discussions, readers=readers, by=people[0], at=at)
    filling.add_pending(range(FEW), discussions=discussions, readers=readers, at=at)
    few, few_parts, few_searches = page_times(people[0]), part_times(people[0]), search_times()
    filling.add_pending(range(FEW, pending), discussions=discussions, readers=readers, at=at)
    filled = time.perf_counter() - began
    found: dict[str, Any] = {
        "vendor": connection.vendor,
        "version": _version(),
        "pending": pending,
        "decided": decided,
        "moderators": moderators,
        "filled_in": filled,
        "few": few,
        "many": page_times(people[0]),
        "load_before": os.getloadavg()[0],
    }
    found |= {"few_parts": few_parts, "parts": part_times(people[0])}
    found |= {"few_searches": few_searches, "searches": search_times()}
    found["rush"] = _crowd(people, turns=turns)
    found["steady"] = _crowd(people, turns=min(turns, 20), pause=0.5)
    if decisions:
        found["keyboard"] = _typed(people[0], decisions)
    return found | {"load_after": os.getloadavg()[0]}


def page_times(person: User) -> dict[str, float]:
    """The median time in which the server makes each layout of the desk."""
    browser = _signed_in(person)
    return {name: statistics.median(_once(browser, path) for _look in range(LOOKS)) for name, path in PAGES.items()}


def _once(browser: Client, path: str) -> float:
    began = time.perf_counter()
    answer = browser.get(path)
    took = (time.perf_counter() - began) * 1000
    if answer.status_code != 200 or b"Lectrice" not in answer.content:
        raise SystemExit(f"{path} answers {answer.status_code}, without comments")
    return took


def part_times(person: User) -> dict[str, float]:
    """The median time of what the pages are made of, nothing drawn."""
    now = timezone.now()
    first = partial(queues.first_of, "pending", for_moderator=person, at=now, size=6)
    asked: dict[str, Callable[[], object]] = {
        "a page of the queue (20), with all that its cards show": partial(queues.page, "pending", at=now),
        "the first six that are left to a moderator": first,
        "the size of the queue": partial(queues.size, "pending"),
        "the sizes of all queues": queues.sizes,
    }
    told = {told: _median(ask) for told, ask in asked.items()}
    leased = partial(queues.next_for, person, "pending", at=now)
    return told | {"the next six, leased to a moderator": _median(leased, after=Claim.objects.all().delete)}


def search_times() -> dict[str, float]:
    return {words: _median(partial(_search, words)) for words in SEARCHES}


def _search(words: str) -> None:
    rows = search.matching(words).order_by("-submitted_at", "-pk").only("submitted_at")
    Comment.objects.select_related("discussion__article").in_bulk([comment.pk for comment in rows[:21]])


def _median(ask: Callable[[], object], *, after: Callable[[], object] = lambda: None) -> float:
    """In ms; `after` each is not measured."""
    times = []
    for _look in range(LOOKS):
        began = time.perf_counter()
        ask()
        times.append((time.perf_counter() - began) * 1000)
        after()
    return statistics.median(times)


def _signed_in(person: User) -> Client:
    browser = Client(SERVER_NAME="127.0.0.1")
    browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    return browser


def _crowd(people: list[User], *, turns: int, pause: float = 0.0) -> dict[str, Any]:
    worked = crowd.work_at_once(people, turns=turns, pause=pause)
    Claim.objects.all().delete()
    return {
        "p50": percentile(worked.waits, 50),
        "p95": percentile(worked.waits, 95),
        "asked": len(worked.waits),
        "to_two": worked.to_two,
        "decided": worked.decided,
        "rows": worked.rows,
        "a_second": worked.decided / worked.seconds,
        "faults": worked.faults,
    }


def _typed(person: User, decisions: int) -> dict[str, Any]:
    before = Decision.objects.count()
    typed = keyboard.type_through(_signed_in(person).cookies["sessionid"].value, decisions=decisions)
    return {
        "p50": percentile(typed.paints, 50),
        "p95": percentile(typed.paints, 95),
        "decided": typed.decided,
        "rows": Decision.objects.count() - before,
        "a_minute": typed.decided / typed.seconds * 60,
    }


def percentile(times: list[float], per_cent: int) -> float:
    """The nearest rank: a time that was measured."""
    return sorted(times)[max(0, -(-len(times) * per_cent // 100) - 1)]


def _version() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version" if connection.vendor == "postgresql" else "SELECT sqlite_version()")
        return str(cursor.fetchone()[0]).split()[0]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
