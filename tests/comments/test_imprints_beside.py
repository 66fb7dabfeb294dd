"""Imprints made in a process beside: the same as here, in their order, whatever becomes of the process."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from comments import imprints
from comments.imprints import beside as module
from comments.imprints import imprint_of
from comments.imprints.beside import FEW, ImprintsBeside
from tests.hostile import OWN

TEXTS = [f"Avis {number} : le pont n’est pas fini. {OWN[number % len(OWN)]}" for number in range(FEW)]


@pytest.fixture
def started(monkeypatch):
    """The processes started meanwhile."""
    children, real = [], subprocess.Popen

    def popen(*words, **how):
        children.append(real(*words, **how))
        return children[-1]

    monkeypatch.setattr(module.subprocess, "Popen", popen)
    return children


def test_a_process_makes_the_same_imprints_in_their_order(started):
    with ImprintsBeside() as beside:
        several = [beside.of(TEXTS), beside.of(reversed(TEXTS))]
        made = [list(imprints()) for imprints in several]
    assert made[0] == [imprint_of(text) for text in TEXTS]
    assert made[1] == made[0][::-1]
    assert len(started) == 1


def test_more_than_pipes_hold_is_asked_for_before_anything_is_taken():
    texts = [text * 10 for text in TEXTS]
    with ImprintsBeside() as beside:
        several = [beside.of(texts) for _turn in range(2)]
        assert several[0]() == several[1]()


def test_few_texts_start_no_process(started):
    with ImprintsBeside() as beside:
        assert beside.of(TEXTS[: FEW - 1])() == [imprint_of(text) for text in TEXTS[: FEW - 1]]
    assert not started


def test_where_the_process_dies_they_are_made_here(started):
    with ImprintsBeside() as beside:
        beside.of(TEXTS)()
        os.kill(started[0].pid, signal.SIGKILL)
        started[0].wait()
        assert beside.of(TEXTS)() == [imprint_of(text) for text in TEXTS]


def test_where_no_process_can_be_started_they_are_made_here(monkeypatch):
    monkeypatch.setattr(module.sys, "executable", "/nowhere/python")
    with ImprintsBeside() as beside:
        assert beside.of(TEXTS)() == [imprint_of(text) for text in TEXTS]


def test_the_process_ends_with_who_asks(started):
    with ImprintsBeside() as beside:
        beside.of(TEXTS)()
        assert started[0].poll() is None
    assert all(child.poll() is not None for child in started)


def test_the_process_knows_no_django_and_so_no_database():
    words = "import sys, comments.imprints; sys.exit(any(name.partition('.')[0] == 'django' for name in sys.modules))"
    done = subprocess.run([sys.executable, "-c", words], cwd=Path(imprints.__file__).parents[2], check=False)
    assert done.returncode == 0
