"""Which scenario runs where, how long, and which sabotage must turn it red."""

from __future__ import annotations

import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.faults import scenarios
from tests.faults.machines import Cluster, cluster, redis, small_disk
from tests.faults.result import Result
from tests.faults.site import Site

BOTH = ("sqlite", "postgresql")
# Of each scenario: on which databases, and its twins.
SCENARIOS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "worker_killed": (BOTH, ("thanks_before_the_commit", "every_comment_is_visible")),
    "storm": (BOTH, ("another_key_each_time", "every_comment_is_visible")),
    "duel": (BOTH, ("does_not_compare_versions", "every_comment_is_visible")),
    "backup_under_load": (BOTH, ("a_careless_copy",)),
    "disk_full": (BOTH, ("thanks_whatever_happened",)),
    "redis_killed": (BOTH, ("pages_are_kept_without_their_version", "errors_of_redis_come_through")),
    "postgresql_stopped": (("postgresql",), ("thanks_whatever_happened", "an_outage_is_a_fault")),
}


@dataclass(frozen=True)
class Scale:
    """`seconds` of killing, one kill `every` so many; how many keys, duels and stops."""

    seconds: float = 180
    every: float = 3
    keys: int = 2_000
    duels: int = 5_000
    stops: int = 10
    submitters: int = 16


# A twin needs no longer: what is missing shows at once.
TWIN = Scale(seconds=15, every=2, keys=20, duels=20, stops=3)
SMOKE = Scale(seconds=3, every=1, keys=4, duels=5, stops=1, submitters=4)


@dataclass
class Ground:
    """One database, migrated and peopled once; each run gets its own copy of it."""

    folder: Path
    told: dict[str, Any]
    machine: Cluster | None = None
    template: str = ""

    @property
    def vendor(self) -> str:
        return "postgresql" if self.machine else "sqlite"

    def site(self, folder: Path | None = None, **how: str) -> Site:
        folder = folder or Path(tempfile.mkdtemp(prefix="site-", dir=self.folder))
        log = self.folder / f"{folder.name}.log"
        if self.machine:
            return Site(folder, log, database=self.machine.make(like=self.template), **how)
        shutil.copyfile(self.folder / "newsroom.sqlite3", folder / "newsroom.sqlite3")
        return Site(folder, log, **how)

    def moderated(self) -> dict[str, Any]:
        """A moderator who is signed in, and what waits for her."""
        return {"session": self.told["sessions"][0], "waiting": self.told["waiting"]}

    def empty_site(self) -> Site:
        """Where a backup is put back."""
        folder = Path(tempfile.mkdtemp(prefix="other-", dir=self.folder))
        return Site(folder, folder / "log", database=self.machine.make() if self.machine else "")


@contextmanager
def ground(vendor: str, *, pending: int, parent: Path | None = None) -> Iterator[Ground]:
    """`parent` is the folder of a PostgreSQL cluster. Raises Missing."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="faults-")))
        machine = stack.enter_context(cluster(parent)) if vendor == "postgresql" else None
        first = Site(folder, folder / "log", database=machine.make() if machine else "")
        told = first.inside("prepare", pending=pending)
        yield Ground(folder, told, machine, urlsplit(first.database).path[1:])


def run(name: str, on: Ground, scale: Scale, *, sabotage: str = "") -> Result:
    """Raises Missing where this machine has not what the scenario needs."""
    began = time.monotonic()
    with ExitStack() as stack:
        result = _RUN[name](on, scale, sabotage, stack)
    result.sabotage, result.seconds = sabotage, time.monotonic() - began
    return result


def _worker_killed(on: Ground, scale: Scale, sabotage: str, stack: ExitStack) -> Result:
    how = on.moderated() | {"seconds": scale.seconds, "every": scale.every, "submitters": scale.submitters}
    return scenarios.worker_killed(on.site(sabotage=sabotage), **how)


def _storm(on: Ground, scale: Scale, sabotage: str, stack: ExitStack) -> Result:
    return scenarios.storm(on.site(sabotage=sabotage), keys=scale.keys, waiting=on.told["waiting"])


def _duel(on: Ground, scale: Scale, sabotage: str, stack: ExitStack) -> Result:
    waiting = on.told["waiting"][: scale.duels]
    return scenarios.duel(on.site(sabotage=sabotage), waiting=waiting, sessions=on.told["sessions"])


def _backup(on: Ground, scale: Scale, sabotage: str, stack: ExitStack) -> Result:
    how = on.moderated() | {"submitters": scale.submitters, "carelessly": bool(sabotage)}
    return scenarios.backup_under_load(on.site(), on.empty_site(), seconds=min(scale.seconds / 4, 10), **how)


def _disk_full(on: Ground, scale: Scale, sabotage: str, stack: ExitStack) -> Result:
    """PostgreSQL's whole cluster, its log of what is written included, lies on the small disk."""
    how = {"leave": 0.5, "submitters": scale.submitters}
    if on.machine is None:
        disk = stack.enter_context(small_disk(48))
        return scenarios.disk_full(on.site(disk, sabotage=sabotage), disk, **how, **on.moderated())
    disk = stack.enter_context(small_disk(256))
    there = stack.enter_context(ground("postgresql", pending=200, parent=disk))
    return scenarios.disk_full(there.site(sabotage=sabotage), disk, machine=there.machine, **how, **there.moderated())


def _redis_killed(on: Ground, scale: Scale, sabotage: str, stack: ExitStack) -> Result:
    machine = stack.enter_context(redis())
    site = on.site(sabotage=sabotage, cache=machine.address)
    how = on.moderated() | {"times": scale.stops, "up": 1.0, "down": 1.0, "submitters": scale.submitters}
    return scenarios.redis_killed(site, machine, **how)


def _postgresql_stopped(on: Ground, scale: Scale, sabotage: str, stack: ExitStack) -> Result:
    assert on.machine is not None
    how = on.moderated() | {"times": scale.stops, "up": 2.0, "down": 1.0, "submitters": scale.submitters}
    return scenarios.postgresql_stopped(on.site(sabotage=sabotage), on.machine, **how)


_RUN = {
    "worker_killed": _worker_killed,
    "storm": _storm,
    "duel": _duel,
    "backup_under_load": _backup,
    "disk_full": _disk_full,
    "redis_killed": _redis_killed,
    "postgresql_stopped": _postgresql_stopped,
}
