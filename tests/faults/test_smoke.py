"""A short run of each scenario, on the database of the suite, and one whose guards are taken away. `make faults` runs
them long, each with its twins.

In the browser's group: never beside tests that wait for a browser.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from django.db import connection

from tests.faults import plan
from tests.faults.machines import Missing
from tests.faults.result import Result

pytestmark = [pytest.mark.faults, pytest.mark.xdist_group("browser")]
HERE = [name for name, (databases, _twins) in plan.SCENARIOS.items() if connection.vendor in databases]


@pytest.fixture(scope="module")
def ground() -> Iterator[plan.Ground]:
    try:
        with plan.ground(connection.vendor, pending=60) as made:
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
        pytest.skip(str(missing))


@pytest.mark.parametrize("name", HERE)
def test_nothing_is_lost_doubled_or_shown_unread(name, ground):
    assert _run(name, ground).reds == []


def test_without_its_guards_the_site_is_caught(ground):
    """Thanks before the commit, and every comment visible; the other twins run in `make faults`."""
    told = " ".join(_run("worker_killed", ground, "thanks_before_the_commit,every_comment_is_visible").reds)
    assert "lost" in told
    assert "unvalidated" in told
