"""Who is there while it happens: readers who send and send again, a moderator who decides, somebody who watches."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.faults.result import Ledger
from tests.faults.site import SLUG, TOKEN, Answer, Site

ARTICLE = f"/articles/{SLUG}/"
PUBLIC = ("/", ARTICLE, f"{ARTICLE}comments/feed/", f"{ARTICLE}?sort=oldest", "/feed/")
# Every so many: gives up after no answer; sends what has been acknowledged once more.
GIVES_UP, SENDS_AGAIN = 12, 5
PAUSE = 0.1
# A shared copy may be this old, in seconds.
FRESH = 1.2


@dataclass
class Crowd:
    site: Site
    ledger: Ledger
    stop: threading.Event = field(default_factory=threading.Event)
    # Random characters in each text beside its sentence: a database cannot pack them.
    weight: int = 0

    def post(self) -> tuple[str, dict[str, str]]:
        token = f"jeton-{secrets.token_hex(8)}"
        who = {"author_name": "Solène", "email": f"{token[-6:]}@example.org"}
        text = f"La navette est pleine au troisième arrêt. {secrets.token_urlsafe(self.weight)} {token}"
        return token, who | {"text": text, "idempotency_key": secrets.token_urlsafe(18)}

    def send(self, fields: dict[str, str]) -> Answer | None:
        answer = self.site.ask("POST", f"{ARTICLE}comments/", fields)
        self.ledger.note(answer, "a comment")
        return answer

    def submit(self) -> None:
        """One reader after another, until the end: each sends until there are thanks, as a person or a browser does."""
        chance = random.Random(threading.get_ident())
        while not self.stop.is_set():
            token, fields = self.post()
            with self.ledger.lock:
                self.ledger.sent += 1
            while not self.stop.is_set():
                answer = self.send(fields)
                if is_thanks(answer):
                    self.ledger.acknowledge(token)
                    if chance.randrange(SENDS_AGAIN) == 0:
                        self.send(fields)
                    break
                if answer is None and chance.randrange(GIVES_UP) == 0:
                    break
                self.stop.wait(PAUSE)

    def moderate(self, session: str, waiting: list[list[Any]]) -> None:
        """Approves, and every fourth time rejects, what waited before; asks again until there is an answer."""
        for number, (public_id, token) in enumerate(waiting):
            act = {"action": "REJECT", "ground": "SPAM"} if number % 4 == 3 else {"action": "APPROVE"}
            if act["action"] == "APPROVE":
                with self.ledger.lock:
                    self.ledger.asked_for.add(token)
            key = secrets.token_urlsafe(12)
            while not self.stop.is_set():
                answer = decide(self.site, self.ledger, session, public_id, act | {"idempotency_key": key})
                if answer and answer.status < 400:
                    with self.ledger.lock:
                        self.ledger.decided.append(key)
                        self.ledger.approved += [token] if act["action"] == "APPROVE" else []
                    break
                if answer and answer.status == 409:
                    break
                self.stop.wait(PAUSE)
            if self.stop.wait(PAUSE / 2):
                return

    def watch(self) -> None:
        while not self.stop.is_set():
            self.look_around()
            self.stop.wait(PAUSE)

    def look_around(self) -> None:
        """Every public surface in turn."""
        for place in PUBLIC:
            self.look(place)

    def look(self, place: str) -> set[str]:
        answer = self.site.ask("GET", place)
        self.ledger.note(answer, place)
        if answer and answer.status == 200:
            shown = set(TOKEN.findall(answer.body.decode()))
            self.ledger.saw(shown)
            return shown
        return set()


def newest_is_shown(crowd: Crowd) -> bool:
    """Whether the article's page shows, a second later, the comment that was approved last."""
    time.sleep(FRESH)
    return bool(crowd.ledger.approved) and crowd.ledger.approved[-1] in crowd.look(ARTICLE)


def is_thanks(answer: Answer | None) -> bool:
    return answer is not None and answer.status == 303 and "posted=1" in answer.location


def decide(
    site: Site, ledger: Ledger, session: str, public_id: int, act: dict[str, str], *, version: int = 1
) -> Answer | None:
    place = f"/moderation/comments/{public_id}/decide/"
    answer = site.ask("POST", place, {"version": version, "layout": "list"} | act, session=session)
    ledger.note(answer, "a decision")
    return answer


@contextmanager
def at_work(crowd: Crowd, *, submitters: int, session: str = "", waiting: Sequence[list[Any]] = ()) -> Iterator[None]:
    """All of them, each in a thread, until the block ends. One who breaks is told as a fault."""
    work: list[Callable[[], None]] = [crowd.submit] * submitters + [crowd.watch]
    if waiting:
        work.append(lambda: crowd.moderate(session, list(waiting)))
    threads = [threading.Thread(target=_telling, args=(crowd, one), daemon=True) for one in work]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        crowd.stop.set()
        for thread in threads:
            thread.join(timeout=90)


def _telling(crowd: Crowd, work: Callable[[], None]) -> None:
    try:
        work()
    except Exception as broken:  # the others go on; the result says so
        with crowd.ledger.lock:
            crowd.ledger.amiss.append(f"the test itself: {type(broken).__name__}: {broken}")


def until(condition: Callable[[], bool], *, seconds: float) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(PAUSE / 2)
    return condition()
