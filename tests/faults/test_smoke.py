"""A short run of each scenario, on the database of the suite, and one whose guards are taken away. `make faults` runs
them long, each with its twins.

That PostgreSQL is stopped is left to its own suite: on SQLite the file then took 107 s in place of 79 (2 cores).
In the browser's group: never beside tests that wait for a browser.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import connection

from tests.faults import plan
from tests.faults.machines import Missing
from tests.faults.result import Result

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("browser")]
HERE = [name for name, (databases, _twins) in plan.SCENARIOS.items() if connection.vendor in databases]
# Enough for a moderator who goes on deciding until a short run is over.
PENDING = 400


@pytest.fixture(scope="module")
def ground() -> Iterator[plan.Ground]:
    try:
        with plan.ground(connection.vendor, pending=PENDING) as made:
            yield made
    except Missing as missing:
        _left_out(missing)


def _left_out(missing: Missing) -> None:
    """Skipped with a sentence on somebody's machine; a failure where every test has to run."""
    if os.environ.get("CI") == "true":
        pytest.fail(str(missing))
    pytest.skip(str(missing))


def _run(name: str, ground: plan.Ground, sabotage: str = "") -> Result:
    try:
        return plan.run(name, ground, plan.SMOKE, sabotage=sabotage)
    except Missing as missing:
        _left_out(missing)


@pytest.mark.parametrize("name", HERE)
def test_nothing_is_lost_doubled_or_shown_unread(name, ground):
    assert _run(name, ground).reds == []


def test_without_its_guards_the_site_is_caught(ground):
    """Thanks before the commit, and every comment visible; the other twins run in `make faults`."""
    told = " ".join(_run("worker_killed", ground, "thanks_before_the_commit,every_comment_is_visible").reds)
    assert "lost" in told
    assert "unvalidated" in told


@pytest.mark.parametrize("ci", ["", "true"])
def test_what_a_machine_lacks_is_a_skip_there_and_a_failure_where_every_test_has_to_run(ci, monkeypatch):
    def without(*_run, **_how):
        raise Missing("Redis is not installed here")

    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr(plan, "run", without)
    with pytest.raises((pytest.fail.Exception, pytest.skip.Exception), match="Redis is not installed") as left_out:
        _run("redis_killed", plan.Ground(Path(), {}))
    assert left_out.type is (pytest.fail.Exception if ci else pytest.skip.Exception)
