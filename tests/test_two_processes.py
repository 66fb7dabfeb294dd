"""What one process decides, the other knows: on SQLite with each process's own memory, on PostgreSQL with Redis.

The processes are started once for the file; the rows are those of the test's own database, written here by the doors.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from urllib.parse import urlencode

import pytest
from django.db import connection

from comments.models import Comment, Decision, Discussion
from tests.integrity import assert_whole
from tests.two_processes import REDIS, Browser, redis_answers, two_processes

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("two processes")]
TURNS = 25
DUELS = 12


@pytest.fixture(scope="module")
def ports(django_db_setup, django_db_blocker) -> Iterator[list[int]]:
    with django_db_blocker.unblock():
        with_redis = connection.vendor == "postgresql"
        if with_redis and not redis_answers():
            pytest.skip("no Redis answers on 127.0.0.1:6379")
        with two_processes(cache_url=REDIS if with_redis else "") as both:
            yield both


@dataclass
class Seen:
    """What pollers met: each text, when it was last asked for and still there."""

    allowed: set[str] = field(default_factory=set)
    gone: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked: int = 0
    met: set[str] = field(default_factory=set)

    def look(self, where: str, body: str, *, began: float, texts: list[str]) -> None:
        self.asked += 1
        for text in texts:
            if text not in body:
                continue
            self.met.add(text)
            if text not in self.allowed:
                self.faults.append(f"{where} shows {text}, which nobody has approved")
            if began > self.gone.get(text, float("inf")) + 1:
                self.faults.append(f"{where} shows {text} {began - self.gone[text]:.1f} s after it was rejected")


def surfaces(article) -> list[str]:
    here = article.get_absolute_url()
    lists = ["/", "/sections/ville/", "/feed/", f"/comments/counts?articles={article.slug}"]
    return [here, f"{here}?sort=oldest", f"{here}?sort=answers", f"{here}?posted=1", f"{here}comments/feed/", *lists]


@pytest.mark.django_db(transaction=True)
def test_nothing_unvalidated_is_ever_seen_and_what_is_rejected_is_gone_everywhere(ports, article, write, take):
    """Both processes are polled on every public page while comments come, are approved and are rejected."""
    written = [write(f"Voix{number}fin", name=f"Nom{number}fin") for number in range(TURNS)]
    texts, seen, stop = [comment.text for comment in written], Seen(), threading.Event()

    def poll(port: int) -> None:
        browser = Browser(port, {"Accept-Encoding": "identity"})
        while not stop.is_set():
            for path in surfaces(article):
                began = time.monotonic()
                status, _headers, body = browser.ask(path)
                if status != 200:
                    seen.faults.append(f"{path} answers {status}")
                seen.look(f"{port}{path}", body, began=began, texts=texts)

    with ThreadPoolExecutor(len(ports)) as pollers:
        polling = [pollers.submit(poll, port) for port in ports]
        try:
            for number, comment in enumerate(written):
                seen.allowed.add(comment.text)
                take(comment, "APPROVE")
                time.sleep(0.03)
                if number % 2:
                    take(comment, "REJECT")
                    seen.gone[comment.text] = time.monotonic()
            time.sleep(1.3)
        finally:
            stop.set()
        for one in polling:
            one.result()
    assert seen.faults == []
    assert seen.met, "the pollers met what was approved, so that they could have met more"
    assert seen.asked > 4 * len(surfaces(article))
    for port in ports:
        page = Browser(port).ask(article.get_absolute_url())[2]
        assert {text for text in texts if text in page} == set(texts[::2])
    assert_whole()


@pytest.mark.django_db(transaction=True)
def test_both_give_the_same_bytes_and_tags_and_each_other_304(ports, article, publish):
    publish("Une voix.")
    one, other = (Browser(port) for port in ports)
    for path in surfaces(article):
        first, second, third = one.ask(path), other.ask(path), one.ask(path)
        assert _lasting(first) == _lasting(second) == _lasting(third), path
        tag = first[1]["ETag"]
        assert other.ask(path, If_None_Match=tag)[0] == 304
        head = other.ask(path, method="HEAD")
        assert _lasting(head)[:2] == _lasting(first)[:2]


def _lasting(answer: tuple[int, dict, str]) -> tuple[int, dict, str]:
    status, headers, body = answer
    lasting = {name: value for name, value in headers.items() if name not in ("Date", "Connection")}
    # django-csp writes its directives in the order of a set, which each process has its own of.
    policy = sorted(part.strip() for part in lasting.pop("Content-Security-Policy").split(";"))
    return status, lasting | {"Content-Security-Policy": policy}, body


@pytest.mark.django_db(transaction=True)
def test_two_moderators_at_two_processes_cannot_both_decide(ports, article, write, signed_in, moderator, colleague):
    waiting = [write(f"À décider {number}") for number in range(DUELS)]
    desks = [_at_the_desk(port, signed_in(person)) for port, person in zip(ports, (moderator, colleague), strict=True)]
    acts = [{"action": "APPROVE"}, {"action": "REJECT", "ground": "SPAM"}]

    def decides(desk: Callable[..., int], act: dict[str, str]) -> list[int]:
        return [desk(comment, act) for comment in waiting]

    with ThreadPoolExecutor(2) as at_once:
        answers = list(at_once.map(decides, desks, acts))
    for comment, both in zip(waiting, zip(*answers, strict=True), strict=True):
        assert sorted(both) == [303, 409]
        assert Decision.objects.filter(comment=comment).count() == 1
        comment.refresh_from_db()
        assert comment.version == 2
    assert Discussion.objects.get().visible_count == Comment.objects.visible().count()
    assert_whole()


def _at_the_desk(port: int, browser) -> Callable[[Comment, dict[str, str]], int]:
    token = "a" * 32
    session = browser.cookies["sessionid"].value
    kept = Browser(port, {"Cookie": f"sessionid={session}; csrftoken={token}", "X-CSRFToken": token})

    def decide(comment: Comment, act: dict[str, str]) -> int:
        body = urlencode(act | {"version": 1})
        return kept.ask(f"/moderation/comments/{comment.public_id}/decide/", method="POST", body=body)[0]

    return decide
