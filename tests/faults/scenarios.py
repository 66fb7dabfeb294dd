"""Each scenario: what happens to a running site, and what must hold afterwards. A run gives a Result."""

from __future__ import annotations

import secrets
import shutil
import subprocess
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.faults import careless
from tests.faults.machines import Cluster, Redis
from tests.faults.people import APPROVE, REJECT, Crowd, at_work, is_thanks, newest_is_shown, until
from tests.faults.result import Ledger, Result, judged
from tests.faults.site import Site
from tests.faults.watching import ARTICLE

SUBMITTERS = 16
SETTLE = 60
# (public id, token) of what waits from the start, the oldest first.
Waiting = list[list[Any]]


def worker_killed(
    site: Site, *, seconds: float, every: float, session: str, waiting: Waiting, submitters: int = SUBMITTERS
) -> Result:
    """kill -9 of a web process, again and again, while readers send and a moderator decides."""
    crowd, kills = Crowd(site, Ledger(), waiting), 0
    with site.running():
        crowd.watcher.look_around()
        with at_work(crowd, submitters=submitters, session=session):
            until(lambda: len(crowd.ledger.acknowledged) > submitters, seconds=SETTLE)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                time.sleep(every)
                kills += site.kill_a_worker()
    return _expect(_judged("a web process is killed", site, crowd.ledger, kills=kills), kills=kills > 0)


def storm(site: Site, *, keys: int, waiting: Waiting, posts: int = 10) -> Result:
    """Many posts of one key at once: each is thanked, one comment stands. Nobody decides: none is ever seen."""
    crowd = Crowd(site, Ledger(), waiting)
    ledger = crowd.ledger
    with site.running(), at_work(crowd), ThreadPoolExecutor(posts) as hands:
        for _key in range(keys):
            token, fields = crowd.post()
            answers = list(hands.map(lambda _hand, sent=fields: crowd.send(sent), range(posts)))
            ledger.sent += posts
            if all(map(is_thanks, answers)):
                ledger.acknowledge(token)
            else:
                ledger.amiss.append("a post of the storm was not thanked")
        crowd.watcher.look_around()
    return _judged("one key, many posts", site, ledger, keys=keys, posts=posts)


def duel(site: Site, *, waiting: Waiting, sessions: list[str]) -> Result:
    """Two moderators decide the opposite on the same version: one is the first, one is told."""
    crowd = Crowd(site, Ledger(), waiting)
    won = told = 0
    sides = list(zip(sessions, (APPROVE, REJECT), strict=True))
    with site.running(), at_work(crowd), ThreadPoolExecutor(2) as people:
        for one in waiting:
            both = people.map(
                lambda side, one=one: crowd.decide(side[0], *one, side[1], key=secrets.token_urlsafe(12)), sides
            )
            answers = [answer.status if answer else 0 for answer in both]
            won, told = won + sum(200 <= one < 400 for one in answers), told + answers.count(409)
        crowd.watcher.look_around()
    duels = len(waiting)
    result = _judged("two moderators, one comment", site, crowd.ledger, comments=duels, won=won, told=told)
    if (won, told) != (duels, duels) or result.figures["decided twice"]:
        result.reds.insert(0, f"of {duels} duels {won} were won, {told} told")
    return result


def postgresql_stopped(
    site: Site,
    machine: Cluster,
    *,
    times: int,
    session: str,
    waiting: Waiting,
    up: float,
    down: float,
    submitters: int = SUBMITTERS,
) -> Result:
    """The database goes away without a goodbye, and comes back."""
    crowd = Crowd(site, Ledger(), waiting)
    ledger = crowd.ledger
    with site.running(), at_work(crowd, submitters=submitters, session=session):
        for _time in range(times):
            time.sleep(up)
            machine.stop_at_once()
            time.sleep(down)
            machine.start()
        thanked = len(ledger.acknowledged)
        recovered = until(lambda: len(ledger.acknowledged) > thanked, seconds=SETTLE)
    result = _judged("PostgreSQL is stopped at once", site, ledger, stops=times, outages=ledger.outages)
    return _expect(result, recovery=recovered, outage=ledger.outages > 0)


def redis_killed(
    site: Site,
    machine: Redis,
    *,
    times: int,
    session: str,
    waiting: Waiting,
    up: float,
    down: float,
    submitters: int = SUBMITTERS,
) -> Result:
    """The shared cache is emptied, dies and comes back empty: it may cost time, and nothing else."""
    crowd, used = Crowd(site, Ledger(), waiting), 0
    ledger = crowd.ledger
    with site.running():
        crowd.watcher.look(ARTICLE)
        with at_work(crowd, submitters=submitters, session=session):
            for _time in range(times):
                time.sleep(up)
                used += machine.holds()
                machine.flush()
                time.sleep(up)
                machine.kill()
                for one in crowd.watcher.some():
                    crowd.watcher.look_at(*one)
                time.sleep(down)
                machine.start()
            until(lambda: len(ledger.approved) > 1, seconds=SETTLE)
        fresh = newest_is_shown(crowd)
    result = _judged("Redis is emptied and killed", site, ledger, kills=times, outages=ledger.outages)
    return _expect(result, copies_in_redis=used > 0, freshness=fresh, outage_free=not ledger.outages)


def disk_full(
    site: Site,
    disk: Path,
    *,
    leave: float,
    session: str,
    waiting: Waiting,
    submitters: int = SUBMITTERS,
    machine: Cluster | None = None,
) -> Result:
    """No room on the disk of the database but `leave` megabytes; later there is again."""
    crowd, ballast = Crowd(site, Ledger(), waiting, weight=3_000), disk / "ballast"
    ledger = crowd.ledger
    with site.running():
        _fill(ballast, leave=leave)
        with at_work(crowd, submitters=submitters, session=session):
            full = until(lambda: ledger.outages > submitters, seconds=SETTLE)
            ballast.unlink()
            if machine and not machine.is_up():
                machine.start()
            thanked = len(ledger.acknowledged)
            recovered = until(lambda: len(ledger.acknowledged) > thanked + submitters, seconds=SETTLE)
    result = _judged("the disk is full", site, ledger, outages=ledger.outages)
    return _expect(result, outage=full, recovery=recovered)


def backup_under_load(
    site: Site,
    other: Site,
    *,
    seconds: float,
    session: str,
    waiting: Waiting,
    submitters: int = SUBMITTERS,
    carelessly: bool = False,
) -> Result:
    """A backup is made while readers send and a moderator decides; put back elsewhere, it holds all that was thanked
    and decided before it began, and fits together."""
    crowd, kept = Crowd(site, Ledger(), waiting), site.folder / "kept"
    ledger = crowd.ledger
    with site.running(), at_work(crowd, submitters=submitters, session=session):
        until(lambda: len(ledger.acknowledged) > submitters and len(ledger.decided) > 1, seconds=SETTLE)
        time.sleep(seconds)
        before, decided = list(ledger.acknowledged), list(ledger.decided)
        began = time.monotonic()
        trouble = careless.copy(site, kept) if carelessly else _told(site.manage("backup", str(kept)))
        took = time.monotonic() - began
        during = len(ledger.acknowledged) - len(before), len(ledger.decided) - len(decided)
    trouble += careless.put_back(kept, other) if carelessly else _told(other.manage("restore", str(kept)))
    audit = other.inside("audit", acknowledged=before, decided=decided)
    told = {"sent_during": during[0], "decided_during": during[1], "backup_seconds": round(took, 1)}
    result = judged("a backup under load", site.vendor, ledger, audit, **told)
    result.reds += trouble
    _expect(result, load_before=bool(before), decisions_before=bool(decided), looks=ledger.looks > 0)
    # A careless copy of one file is over before anybody can send.
    return result if carelessly else _expect(result, load_during=during[0] > 0, decisions_during=during[1] > 0)


def _told(done: subprocess.CompletedProcess[str]) -> list[str]:
    """The last words of a command that failed."""
    return (done.stderr.strip().splitlines() or ["failed"])[-1:] if done.returncode else []


def _judged(scenario: str, site: Site, ledger: Ledger, **figures: object) -> Result:
    """After the site has stopped: read in another process."""
    audit = site.inside("audit", acknowledged=ledger.acknowledged, decided=ledger.decided)
    result = judged(scenario, site.vendor, ledger, audit, **figures)
    result.figures["decided twice"] = audit["twice"]
    if not ledger.acknowledged and not ledger.decided:
        result.reds.append("nothing was acknowledged: the run shows nothing")
    _expect(result, looks=ledger.looks > 0)
    return replace(result, sabotage=site.sabotage)


def _expect(result: Result, **held: bool) -> Result:
    """A run in which the fault did not come, or did not go, shows nothing."""
    result.reds += [f"not seen: {what}" for what, was in held.items() if not was]
    return result


def _fill(ballast: Path, *, leave: float) -> None:
    """All of the disk but `leave` megabytes."""
    free = shutil.disk_usage(ballast.parent).free - int(leave * 1_000_000)
    with ballast.open("wb") as file:
        while free > 0:
            free -= file.write(b"\0" * min(free, 1_000_000))
