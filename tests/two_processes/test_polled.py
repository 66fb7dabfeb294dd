"""What one process decides, the other knows: on SQLite with each process's own memory, on PostgreSQL with Redis.

The processes are started once for the folder; the rows are those of the test's own database, written here by the doors.
"""

from __future__ import annotations

import time
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import get_resolver

from newsroom.pages import KNOWN_PARAMETERS
from newsroom.staff_paths import STAFF_PATHS
from tests.conftest import NOON, make_article
from tests.integrity import assert_whole
from tests.test_role_matrix import addresses
from tests.two_processes import Browser
from tests.two_processes.surfaces import POLLED, World
from tests.two_processes.watching import GRACE, name_of, text_of, watching

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("two processes")]
TURNS = 12
# Every third is taken out again, by these in turn.
TAKEN_OUT = ("REJECT", "FLAG")


@pytest.fixture
def world(article, section, write) -> World:
    """Tops of branches; below the first of them answers of every depth, those of depth 3 with a name they answer."""
    written = []
    for number in range(TURNS):
        parent = [None, written and written[0], written and written[-1], written and written[-1]][number % 4] or None
        written.append(write(text_of(number), name=name_of(number), parent=parent))
    later = make_article(section, slug="plus-tard", published_at=NOON - timedelta(hours=1))
    return World(article, later, written)


def test_every_public_address_is_polled():
    public = {
        name or pattern for name, pattern in addresses(get_resolver()) if not f"/{pattern}".startswith(STAFF_PATHS)
    }
    # Under DEBUG alone.
    assert {one for one in public if not one.startswith("^media/")} == set(POLLED)


@pytest.mark.django_db(transaction=True)
def test_every_parameter_of_an_article_is_polled(world):
    asked = {name for surface in POLLED["article"](world, [0]) for name in parse_qs(urlsplit(surface.path).query)}
    assert asked == set(KNOWN_PARAMETERS)


@pytest.mark.django_db(transaction=True)
def test_nothing_unvalidated_is_ever_seen_and_what_is_rejected_is_gone_everywhere(ports, world, take):
    """Both processes are polled on every public page while comments are approved, rejected and held again."""
    with watching(ports, world) as watch:
        watch.rounds_end()
        for number, comment in enumerate(world.written):
            watch.brings_in(number, lambda: take(comment, "APPROVE"))
            watch.rounds_end()
            if number % 3 == 1:
                watch.takes_out(number, lambda: take(comment, TAKEN_OUT[number % 2]))
        watch.until(lambda: not watch.unmet())
        time.sleep(GRACE)
        watch.rounds_end(2)
    assert list(watch.faults.values()) == []
    staying = {text_of(number) for number in range(TURNS) if number % 3 != 1}
    for port in ports:
        feed = Browser(port).ask(f"{world.here}comments/feed/")[2]
        assert {text_of(number) for number in range(TURNS) if text_of(number) in feed} == staying
    assert_whole()


@pytest.mark.django_db(transaction=True)
def test_both_give_the_same_bytes_and_tags_and_each_other_304(ports, world, take):
    for number in (0, 1, 2):
        take(world.written[number], "APPROVE")
    one, other = (Browser(port) for port in ports)
    shared = [surface for surface in world.asked([0, 1]) if surface.form is None and surface.found == 200]
    for surface in shared:
        if surface.name in ("key", "healthz"):
            continue
        first, second, third = (who.ask(surface.path, **surface.headers) for who in (one, other, one))
        assert _lasting(first) == _lasting(second) == _lasting(third), surface.path
        assert other.ask(surface.path, If_None_Match=first[1]["ETag"], **surface.headers)[0] == 304
        head = other.ask(surface.path, method="HEAD", **surface.headers)
        assert _lasting(head)[:2] == _lasting(first)[:2]


def _lasting(answer: tuple[int, dict, str]) -> tuple[int, dict, str]:
    status, headers, body = answer
    return status, {name: value for name, value in headers.items() if name not in ("Date", "Connection")}, body
