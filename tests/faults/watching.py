"""Who watches: every public page in turn, and what is asked about single comments, waiting and decided ones.

test_watching.py finds the public address that is missing here.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from tests.faults.result import Ledger
from tests.faults.site import SECTION, SLUG, TOKEN, TOP, Answer, Site

ARTICLE = f"/articles/{SLUG}/"
COUNTS = f"/comments/counts?articles={SLUG}"
PUBLIC = (
    "/",
    f"/sections/{SECTION}/",
    "/feed/",
    ARTICLE,
    f"{ARTICLE}?sort=oldest",
    f"{ARTICLE}?sort=answers",
    f"{ARTICLE}?sort=oldest&after=1.1",
    f"{ARTICLE}?posted=1",
    f"{ARTICLE}comments/feed/",
    f"/comments/{TOP}/following/",
    COUNTS,
)
# Of one comment: while it is not visible these answer as if there were none…
OWN = ("/comments/{}/", "/comments/{}/following/", "/comments/{}/report/")
# … and these with the article's page, in which it is not.
AROUND = (f"{ARTICLE}?at={{}}", f"{ARTICLE}?reply={{}}")
NOT_THERE = {404, 410}
BREATH = 0.1


@dataclass
class Watcher:
    """`comments` are (public id, token), in the order in which they are decided."""

    site: Site
    ledger: Ledger
    comments: list[list[Any]] = field(default_factory=list)
    chance: random.Random = field(default_factory=lambda: random.Random(20))

    def looks(self) -> Iterator[Callable[[], object]]:
        """Without end: every public page, then some comments, a breath; each look as a function to call."""
        while True:
            yield from (partial(self.look, place) for place in PUBLIC)
            yield from (partial(self.look_at, *one) for one in self.some())
            yield partial(time.sleep, BREATH)

    def look_around(self) -> None:
        """Every public page in turn."""
        for place in PUBLIC:
            self.look(place)

    def look(self, place: str) -> set[str]:
        """The tokens that are shown there."""
        answer = self._ask(place)
        if answer is None or answer.status != 200:
            return set()
        shown = set(TOKEN.findall(answer.body.decode()))
        self.ledger.saw(shown)
        if place == COUNTS:
            self.ledger.counted(json.loads(answer.body)["counts"][SLUG], from_the_start=1)
        return shown

    def some(self) -> list[list[Any]]:
        """A comment that is decided about just now, one of before, one that waits."""
        if not self.comments:
            return []
        now = min(len(self.ledger.decided), len(self.comments) - 1)
        before, later = self.chance.randrange(now + 1), self.chance.randrange(now, len(self.comments))
        return [self.comments[number] for number in (now, before, later)]

    def look_at(self, public_id: int, token: str) -> None:
        """Each address of one comment. That it is there counts as having seen it."""
        for place in OWN:
            # Read before it is asked for: what is approved by then has to be there.
            hidden = NOT_THERE if token not in self.ledger.approved else ()
            answer = self._ask(place.format(public_id), also=hidden)
            if answer and answer.status < 400:
                self.ledger.saw({token} | set(TOKEN.findall(answer.body.decode())))
        for place in AROUND:
            answer = self._ask(place.format(public_id))
            if answer and answer.status == 200:
                told = answer.body.decode()
                self.ledger.saw(set(TOKEN.findall(told)) | ({token} if str(public_id) in told else set()))

    def _ask(self, place: str, **allowed: Any) -> Answer | None:
        answer = self.site.ask("GET", place)
        self.ledger.note(answer, place, **allowed)
        return answer
