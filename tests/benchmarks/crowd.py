"""Several moderators at once on one queue, each in a process of their own."""

from __future__ import annotations

import multiprocessing
import time
from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.utils import timezone

from comments import queues
from comments.decisions import decide
from comments.models import Action, Comment, Decision
from newsroom.models import User


@dataclass(frozen=True)
class Crowd:
    """`waits` in ms, one for each comment asked for. `to_two`: comments that two people were given."""

    waits: list[float]
    to_two: int
    decided: int
    rows: int
    seconds: float
    faults: list[str]


def work_at_once(people: list[User], *, turns: int, pause: float = 0.0) -> Crowd:
    """Each asks for the next comments and decides the first, `turns` times; `pause` seconds after each decision."""
    before = Decision.objects.count()
    connections.close_all()
    forked = multiprocessing.get_context("fork")
    told: Any = forked.Queue()
    start = forked.Barrier(len(people), timeout=60)
    hands = [forked.Process(target=_work, args=(told, start, person.pk, turns, pause)) for person in people]
    began = time.perf_counter()
    for hand in hands:
        hand.start()
    answers = [told.get(timeout=300) for _hand in hands]
    for hand in hands:
        hand.join(timeout=30)
    seconds = time.perf_counter() - began
    given = [answer["given"] for answer in answers]
    decided = [pk for answer in answers for pk in answer["decided"]]
    return Crowd(
        waits=[wait for answer in answers for wait in answer["waits"]],
        to_two=sum(map(len, given)) - len(set().union(*given)) + len(decided) - len(set(decided)),
        decided=len(decided),
        rows=Decision.objects.count() - before,
        seconds=seconds,
        faults=[fault for answer in answers for fault in answer["faults"]],
    )


def _work(told: Any, start: Any, person: int, turns: int, pause: float) -> None:
    """Everything a moderator was given stays leased for two minutes: in a shorter run nobody else may get it."""
    answer: dict[str, Any] = {"given": set(), "decided": [], "waits": [], "faults": []}
    try:
        # Connected before it counts, as a web worker is.
        moderator = User.objects.get(pk=person)
        start.wait()
        for _turn in range(turns):
            began = time.perf_counter()
            ahead = queues.next_for(moderator, "pending", at=timezone.now())
            answer["waits"].append((time.perf_counter() - began) * 1000)
            answer["given"] |= {comment.pk for comment in ahead}
            _approve(ahead[0], moderator)
            answer["decided"].append(ahead[0].pk)
            time.sleep(pause)
    except Exception as fault:  # the others go on, and the table says so
        answer["faults"].append(f"{type(fault).__name__}: {fault}")
    finally:
        connections.close_all()
        told.put(answer)


def _approve(comment: Comment, moderator: User) -> None:
    decide(comment, action=Action.APPROVE, version=comment.version, by=moderator, at=timezone.now())
