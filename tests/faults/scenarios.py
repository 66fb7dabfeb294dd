"""Each scenario: what happens to a running site, and what must hold afterwards. A run gives a Result."""

from __future__ import annotations

import shutil
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

from tests.faults.machines import Cluster, Redis
from tests.faults.people import ARTICLE, Crowd, at_work, decide, is_thanks, newest_is_shown, until
from tests.faults.result import Ledger, Result, judged
from tests.faults.site import Site

SUBMITTERS = 16
SETTLE = 60


def worker_killed(site: Site, *, seconds: float, every: float, session: str, submitters: int = SUBMITTERS) -> Result:
    """kill -9 of a web process, again and again, while readers send and a moderator decides."""
    ledger, kills = Ledger(), 0
    crowd, desk = Crowd(site, ledger), _desk(site, session)
    with site.running():
        crowd.look_around()
        with at_work(crowd, submitters=submitters, **desk):
            until(lambda: len(ledger.acknowledged) > submitters, seconds=SETTLE)
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                time.sleep(every)
                kills += site.kill_a_worker()
    return _judged("a web process is killed", site, ledger, kills=kills)


def storm(site: Site, *, keys: int, posts: int = 10) -> Result:
    """Many posts of one key at once: each is thanked, one comment stands."""
    ledger = Ledger()
    crowd = Crowd(site, ledger)
    with site.running(), ThreadPoolExecutor(posts) as hands:
        for _key in range(keys):
            token, fields = crowd.post()
            answers = list(hands.map(lambda _hand, sent=fields: crowd.send(sent), range(posts)))
            ledger.sent += posts
            if all(map(is_thanks, answers)):
                ledger.acknowledge(token)
            else:
                ledger.amiss.append("a post of the storm was not thanked")
    return _judged("one key, many posts", site, ledger, keys=keys, posts=posts)


def duel(site: Site, *, comments: int, sessions: list[str]) -> Result:
    """Two moderators decide the opposite on the same version: one is the first, one is told."""
    ledger = Ledger()
    waiting = site.inside("waiting", most=comments)
    won = told = 0
    sides = list(zip(sessions, ({"action": "APPROVE"}, {"action": "REJECT", "ground": "SPAM"}), strict=True))
    with site.running(), ThreadPoolExecutor(2) as people:
        for public_id, token in waiting:
            ledger.asked_for.add(token)
            both = people.map(lambda who, one=public_id: decide(site, ledger, who[0], one, who[1]), sides)
            answers = sorted(answer.status if answer else 0 for answer in both)
            won, told = won + sum(200 <= one < 400 for one in answers), told + answers.count(409)
    result = _judged("two moderators, one comment", site, ledger, comments=len(waiting), won=won, told=told)
    if (won, told) != (len(waiting), len(waiting)) or result.figures["decided twice"]:
        result.reds.append(f"of {len(waiting)} duels {won} were won, {told} told")
    return result


def postgresql_stopped(
    site: Site, machine: Cluster, *, times: int, session: str, up: float, down: float, submitters: int = SUBMITTERS
) -> Result:
    """The database goes away without a goodbye, and comes back."""
    ledger = Ledger()
    with site.running(), at_work(Crowd(site, ledger), submitters=submitters, **_desk(site, session)):
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
    site: Site, machine: Redis, *, times: int, session: str, up: float, down: float, submitters: int = SUBMITTERS
) -> Result:
    """The shared cache is emptied, dies and comes back empty: it may cost time, and nothing else."""
    ledger = Ledger()
    crowd = Crowd(site, ledger)
    with site.running():
        crowd.look(ARTICLE)
        with at_work(crowd, submitters=submitters, **_desk(site, session)):
            for _time in range(times):
                time.sleep(up)
                machine.flush()
                time.sleep(up)
                machine.kill()
                time.sleep(down)
                machine.start()
            until(lambda: len(ledger.approved) > 1, seconds=SETTLE)
        fresh = newest_is_shown(crowd)
    return _expect(_judged("Redis is emptied and killed", site, ledger, kills=times), freshness=fresh)


def disk_full(
    site: Site, disk: Path, *, leave: float, session: str, submitters: int = SUBMITTERS, machine: Cluster | None = None
) -> Result:
    """No room on the disk of the database but `leave` megabytes; later there is again."""
    ledger, ballast = Ledger(), disk / "ballast"
    crowd = Crowd(site, ledger, weight=3_000)
    with site.running():
        _fill(ballast, leave=leave)
        with at_work(crowd, submitters=submitters, **_desk(site, session)):
            full = until(lambda: ledger.outages > submitters, seconds=SETTLE)
            ballast.unlink()
            if machine and not machine.is_up():
                machine.start()
            thanked = len(ledger.acknowledged)
            recovered = until(lambda: len(ledger.acknowledged) > thanked + submitters, seconds=SETTLE)
    result = _judged("the disk is full", site, ledger, outages=ledger.outages)
    return _expect(result, outage=full, recovery=recovered)


def backup_under_load(
    site: Site, other: Site, *, seconds: float, submitters: int = SUBMITTERS, careless: bool = False
) -> Result:
    """A backup is made while readers send; put back elsewhere, it holds all that was thanked before it began."""
    ledger, kept = Ledger(), site.folder / "kept"
    with site.running(), at_work(Crowd(site, ledger), submitters=submitters):
        until(lambda: len(ledger.acknowledged) > submitters, seconds=SETTLE)
        time.sleep(seconds)
        before = list(ledger.acknowledged)
        began = time.monotonic()
        backup = site.manage("backup", str(kept))
        took = time.monotonic() - began
        during = len(ledger.acknowledged) - len(before)
        until(lambda: len(ledger.acknowledged) > len(before), seconds=SETTLE)
    restored = other.manage("restore", str(kept))
    if careless:
        other.inside("lose_one", tokens=before)
    audit = other.inside("audit", acknowledged=before, decided=[])
    result = judged("a backup under load", site.vendor, ledger, audit, during=during, backup_seconds=round(took, 1))
    for done in (backup, restored):
        result.reds += [done.stderr.strip().splitlines()[-1]] if done.returncode else []
    return result


def _desk(site: Site, session: str) -> dict[str, Any]:
    return {"session": session, "waiting": site.inside("waiting", most=10_000)} if session else {}


def _judged(scenario: str, site: Site, ledger: Ledger, **figures: object) -> Result:
    """After the site has stopped: read in another process."""
    audit = site.inside("audit", acknowledged=ledger.acknowledged, decided=ledger.decided)
    result = judged(scenario, site.vendor, ledger, audit, **figures)
    result.figures["decided twice"] = audit["twice"]
    if not ledger.acknowledged and not ledger.decided and "told" not in figures:
        result.reds.append("nothing was acknowledged: the run shows nothing")
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
