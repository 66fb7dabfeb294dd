"""Who is there while it happens: readers who send and send again, a moderator who decides, somebody who watches."""

from __future__ import annotations

import random
import secrets
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.faults.result import Ledger
from tests.faults.site import ANSWER, Answer, Site
from tests.faults.watching import ARTICLE, Watcher

# Every so many: gives up after no answer; sends what has been acknowledged once more.
GIVES_UP, SENDS_AGAIN = 12, 5
PAUSE = 0.1
APPROVE, REJECT = {"action": "APPROVE"}, {"action": "REJECT", "ground": "SPAM"}
# A shared copy may be this old, in seconds.
FRESH = 1.2


@dataclass
class Crowd:
    """`waiting` are (public id, token) of what waits from the start, the oldest first."""

    site: Site
    ledger: Ledger
    waiting: list[list[Any]] = field(default_factory=list)
    # Random characters in each text beside its sentence: a database cannot pack them.
    weight: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.watcher = Watcher(self.site, self.ledger, self.waiting)

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

    def moderate(self, session: str) -> None:
        """Approves, and every fourth time rejects, what waited before; asks again until there is an answer."""
        for number, (public_id, token) in enumerate(self.waiting):
            act = REJECT if number % 4 == 3 else APPROVE
            key = secrets.token_urlsafe(12)
            while not self.stop.is_set():
                answer = self.decide(session, public_id, token, act, key=key)
                if answer and (answer.status < 400 or answer.status == 409):
                    break
                self.stop.wait(PAUSE)
            if self.stop.wait(PAUSE / 2):
                return

    def decide(self, session: str, public_id: int, token: str, act: dict[str, str], *, key: str) -> Answer | None:
        """Ask once for a decision on the first version; what is told to be done is written down."""
        approves = act is APPROVE
        if approves:
            with self.ledger.lock:
                self.ledger.asked_for.add(token)
        place = f"/moderation/comments/{public_id}/decide/"
        fields = {"version": 1, "layout": "list", "idempotency_key": key} | act
        answer = self.site.ask("POST", place, fields, session=session)
        self.ledger.note(answer, "a decision")
        if answer and answer.status < 400:
            self.ledger.decide(key, token if approves else "")
        return answer

    def watch(self) -> None:
        for look in self.watcher.looks():
            if self.stop.is_set():
                return
            look()


def newest_is_shown(crowd: Crowd) -> bool:
    """Whether the article's page shows, a second later, the comment that was approved last and answers none."""
    time.sleep(FRESH)
    approved = [token for token in crowd.ledger.approved if not token.startswith(ANSWER)]
    return bool(approved) and approved[-1] in crowd.watcher.look(ARTICLE)


def is_thanks(answer: Answer | None) -> bool:
    return answer is not None and answer.status == 303 and "posted=1" in answer.location


@contextmanager
def at_work(crowd: Crowd, *, submitters: int = 0, session: str = "") -> Iterator[None]:
    """All of them, each in a thread, until the block ends; with a `session`, a moderator. One who breaks is told as a
    fault."""
    work: list[Callable[[], None]] = [crowd.submit] * submitters + [crowd.watch]
    if session:
        work.append(lambda: crowd.moderate(session))
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
