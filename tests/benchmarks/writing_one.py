"""Writing measured on one database, named by the environment: `python -m tests.benchmarks.writing_one ask.json`.

Reads what is asked for from the file, and writes what was measured back into it. Started by writing.py.
"""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from comments import bulks  # noqa: E402
from comments.integrity import faults  # noqa: E402
from comments.models import Comment, Decision, WordList  # noqa: E402
from newsroom.models import Article, User  # noqa: E402
from tests.benchmarks import filling  # noqa: E402
from tests.benchmarks.pressing import TEXT, Request, press, press_in_rounds  # noqa: E402
from tests.benchmarks.serving import served  # noqa: E402

READERS = 5_000
WATCHED = 200
BULKS = 3


def main(file: Path) -> None:
    asked = json.loads(file.read_text())
    file.write_text(json.dumps(measure(**asked)))


def measure(*, stored: int, pending: int, seconds: float) -> dict[str, Any]:
    call_command("migrate", verbosity=0)
    call_command("collectstatic", interactive=False, verbosity=0)
    at = timezone.now()
    people = filling.make_people(2)
    discussions, readers = filling.make_articles(at=at), filling.make_readers(at=at)
    WordList.objects.create(name="Injures", words="\n".join(f"injure{n}" for n in range(WATCHED)), patterns="arna+que")
    filling.add_pending(range(stored), discussions=discussions, readers=readers, at=at)
    found = {"vendor": connection.vendor, "submit": _pressed(_posts(), seconds=seconds, again=True)}
    found["submitted"] = Comment.objects.count() - stored
    filling.add_pending(range(stored, pending), discussions=discussions, readers=readers, at=at)
    found["decide"] = _pressed(_decisions(people[0]), seconds=seconds, again=False)
    found["decided"] = Decision.objects.count()
    found["bulk"], found["undo"] = _bulks(people[1])
    return found | {"faults": list(faults())[:3]}


def _pressed(requests: Iterator[Request], *, seconds: float, again: bool) -> dict[str, Any]:
    """Against the site as it is deployed: gunicorn, two workers."""
    asked = list(requests)
    connections.close_all()
    with served(workers=2) as (address, server):
        press(address, asked[:100], server=server, seconds=1, again=again)
        return asdict(press_in_rounds(address, asked[100:], server=server, seconds=seconds, again=again))


def _posts() -> Iterator[Request]:
    slugs = list(Article.objects.order_by("pk").values_list("slug", flat=True))
    for number in range(READERS):
        fields = {"author_name": f"Lectrice {number}", "email": f"lectrice{number}@example.org", "text": TEXT}
        fields |= {"idempotency_key": "@N@", "website": "", "parent": "", "signed_time": ""}
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Forwarded-For": "@A@"}
        body = urlencode(fields).replace("%40N%40", "@N@")
        yield Request(f"/articles/{slugs[number % len(slugs)]}/comments/", headers, body)


def _decisions(person: User) -> Iterator[Request]:
    """As the desk's script sends them."""
    browser, token = Client(SERVER_NAME="127.0.0.1"), "a" * 32
    browser.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[0])
    cookie = f"sessionid={browser.cookies['sessionid'].value}; csrftoken={token}"
    headers = {"Cookie": cookie, "Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
    waiting = Comment.objects.awaiting_validation().order_by("public_id")
    for public_id, version in waiting.values_list("public_id", "version"):
        fields = {"action": "APPROVE", "version": version, "queue": "pending", "csrfmiddlewaretoken": token}
        body = urlencode(fields | {"idempotency_key": f"k{public_id}"})
        yield Request(f"/moderation/comments/{public_id}/decide/", headers, body)


def _bulks(person: User) -> tuple[float, float]:
    """Comments a second in the median of three acts on a thousand, and in taking them back."""
    decided, undone = [], []
    for _turn in range(BULKS):
        read = [(one, one.version) for one in Comment.objects.awaiting_validation().order_by("?")[: bulks.MOST]]
        began = time.perf_counter()
        act, outcomes = bulks.decide_bulk(read, action="APPROVE", by=person, at=timezone.now())
        decided.append(len(outcomes) / (time.perf_counter() - began))
        began = time.perf_counter()
        bulks.undo_bulk(act, by=person, at=timezone.now())
        undone.append(len(outcomes) / (time.perf_counter() - began))
    return statistics.median(decided), statistics.median(undone)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
