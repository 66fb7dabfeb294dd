"""Pollers at both processes while somebody decides, and what each answer may show at its moment."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlencode

from tests.two_processes import PATIENCE, Browser
from tests.two_processes.surfaces import SHOW_OTHERS, Surface, World

# A shared copy may be this old, in seconds.
GRACE = 1.0
_SHOWN = re.compile(r"(?:Voix|Nom)(\d+)fin")


def text_of(number: int) -> str:
    return f"Voix{number}fin"


def name_of(number: int) -> str:
    return f"Nom{number}fin"


@dataclass
class Watch:
    """When each comment was decided, and what the pollers met meanwhile.

    Between the asking and the answer of a decision nobody knows; before and after, what is visible is certain.
    """

    world: World
    asked_in: dict[int, float] = field(default_factory=dict)
    taken_in: dict[int, float] = field(default_factory=dict)
    asked_out: dict[int, float] = field(default_factory=dict)
    taken_out: dict[int, float] = field(default_factory=dict)
    # The first of each kind on each surface: a leak is met a thousand times.
    faults: dict[tuple[str, str], str] = field(default_factory=dict)
    met: set[tuple[int, str]] = field(default_factory=set)
    rounds: Counter[int] = field(default_factory=Counter)
    stop: threading.Event = field(default_factory=threading.Event)
    polling: dict[int, Future[None]] = field(default_factory=dict)

    def brings_in(self, number: int, decide: Callable[[], object]) -> None:
        self.asked_in[number] = time.monotonic()
        decide()
        self.taken_in[number] = time.monotonic()

    def takes_out(self, number: int, decide: Callable[[], object]) -> None:
        self.asked_out[number] = time.monotonic()
        decide()
        self.taken_out[number] = time.monotonic()

    def may_be_seen(self, number: int, began: float, ended: float) -> bool:
        is_in = self.asked_in.get(number, float("inf")) <= ended
        return is_in and began <= self.taken_out.get(number, float("inf")) + GRACE

    def must_be_seen(self, number: int, began: float, ended: float) -> bool:
        is_in = self.taken_in.get(number, float("inf")) <= began
        return is_in and ended <= self.asked_out.get(number, float("inf"))

    def judge(self, port: int, surface: Surface, status: int, body: str, *, began: float, ended: float) -> None:
        """Texts and names, whether it is there at all, and each number on it."""
        where, number = f"{port} {surface.name} ({surface.about})", surface.about
        may = number is None or self.may_be_seen(number, began, ended)
        must = number is None or self.must_be_seen(number, began, ended)
        right = [surface.found] * may + [surface.gone] * (not must)
        if status not in right:
            self.faults.setdefault((surface.name, "status"), f"{where} answers {status}, not {right}")
        shown = {int(one) for one in _SHOWN.findall(body)}
        for one in sorted(shown):
            if not self.may_be_seen(one, began, ended):
                told = f"{where} shows {one}: {self._told(one, began)}"
                self.faults.setdefault((surface.name, "shown"), told)
        everything = range(len(self.world.written))
        below = [one for one in everything if self.world.written[one].parent_id]
        if status == surface.found:
            for count, kind in ((surface.counts, everything), (surface.answers, below)):
                if count and (told := self._out_of_bounds(count(body), kind, began, ended)):
                    self.faults.setdefault((surface.name, f"of {len(kind)}"), f"{where} {told}")
        if surface.shows and status == surface.found and self._is_met(surface, surface.shows(body)):
            self.met.add((port, surface.name))

    def _out_of_bounds(self, said: Iterable[int], kind: Sequence[int], began: float, ended: float) -> str:
        least = sum(self.must_be_seen(one, began, ended) for one in kind)
        most = sum(self.may_be_seen(one, began, ended) for one in kind)
        wrong = [one for one in said if not least <= one <= most]
        return f"counts {wrong}, where {least} to {most} are visible" if wrong else ""

    def _is_met(self, surface: Surface, part: str) -> bool:
        shown = {int(one) for one in _SHOWN.findall(part)}
        return bool(shown) if surface.about is None or surface.name in SHOW_OTHERS else surface.about in shown

    def _told(self, number: int, began: float) -> str:
        if number in self.taken_out:
            return f"rejected {began - self.taken_out[number]:.1f} s before it was asked for"
        return "nobody has approved it"

    def unmet(self) -> set[tuple[int, str]]:
        """(port, surface) of those that show comments and have shown none that was approved."""
        surfaces = self.world.asked(range(len(self.world.written)))
        wanted = {(port, surface.name) for port in self.polling for surface in surfaces if surface.shows}
        return wanted - self.met

    def near(self, port: int) -> list[int]:
        """What is decided just now and what will be; by turns what was taken out last, or one of the others."""
        now, last, turn = len(self.asked_in) - 1, len(self.world.written) - 1, self.rounds[port]
        return [max(now, 0), min(now + 1, last), turn % (last + 1) if turn % 2 else max(self.taken_out, default=0)]

    def poll(self, port: int) -> None:
        browser = Browser(port, {"Accept-Encoding": "identity"})
        while not self.stop.is_set():
            for surface in self.world.asked(self.near(port)):
                method, body = ("GET", None) if surface.form is None else ("POST", urlencode(surface.form))
                began = time.monotonic()
                status, _headers, page = browser.ask(surface.path, method=method, body=body, **surface.headers)
                self.judge(port, surface, status, page, began=began, ended=time.monotonic())
            self.rounds[port] += 1

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait while the pollers go on; a poller that broke is told at once."""
        end = time.monotonic() + PATIENCE
        while not is_so() and time.monotonic() < end:
            time.sleep(0.01)
            for one in self.polling.values():
                if one.done():
                    one.result()
        assert is_so(), f"not met: {sorted(self.unmet())}; amiss: {list(self.faults.values())}"

    def rounds_end(self, how_many: int = 1) -> None:
        """Until each poller has come to its last surface so many times: the second round began after this was asked."""
        before = dict(self.rounds)
        self.until(lambda: all(self.rounds[port] >= before.get(port, 0) + how_many for port in self.polling))


@contextmanager
def watching(ports: list[int], world: World) -> Iterator[Watch]:
    watch = Watch(world)
    with ThreadPoolExecutor(len(ports)) as pollers:
        watch.polling = {port: pollers.submit(watch.poll, port) for port in ports}
        try:
            yield watch
        finally:
            watch.stop.set()
    for one in watch.polling.values():
        one.result()
