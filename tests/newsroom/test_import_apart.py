"""Reading in a process apart: what takes too long, too much or breaks down is refused, and the next page is read."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest

from newsroom.importers.apart import ReadingApart
from newsroom.importers.carried import packed, unpacked
from newsroom.importers.source import MEBIBYTE, RefusedArticle
from tests.newsroom.saved_page import page, source
from tests.newsroom.test_import_html import read as read_here
from tests.newsroom.test_import_html import saved

HEAVY = saved(body="<p>mot</p>" * 14_000)


def read(apart: ReadingApart, text: str | bytes, *, format: str = "html"):
    (article,) = apart.read(source(text, name="page.html"), format=format)
    return article


def test_what_is_read_apart_is_what_is_read_here():
    with ReadingApart() as apart:
        assert read(apart, saved()) == read_here(saved())
        assert read(apart, page(), format="page").headline.startswith("Le funiculaire")
    assert unpacked(packed(read_here(saved()))) == read_here(saved())


def test_a_refusal_is_a_sentence_and_the_process_goes_on():
    with ReadingApart() as apart:
        with pytest.raises(RefusedArticle) as refusal:
            read(apart, saved(told=None))
        assert refusal.value.reason.endswith(".")
        child = apart._child.pid
        read(apart, saved())
        assert apart._child.pid == child


def test_a_page_that_takes_too_long_is_given_up_and_the_next_is_read():
    with ReadingApart() as apart:
        read(apart, saved())
        apart._seconds = 0.2
        child = apart._child
        with pytest.raises(RefusedArticle, match=r"0[.,]2"):
            read(apart, HEAVY)
        # Ended in the midst of it, not waited for.
        assert child.returncode == -signal.SIGKILL and apart._child is None
        apart._seconds = 60
        assert read(apart, saved()).headline


def test_a_page_that_takes_too_much_memory_is_given_up_and_the_next_is_read():
    with ReadingApart(memory=220 * MEBIBYTE, seconds=60) as apart:
        read(apart, saved())
        with pytest.raises(RefusedArticle):
            read(apart, HEAVY.replace("<p>mot", "<p>" + "mot " * 150))
        assert read(apart, saved()).headline


def test_a_process_that_dies_is_replaced_and_none_stays_behind():
    with ReadingApart() as apart:
        read(apart, saved())
        first = apart._child
        first.kill()
        first.wait()
        with pytest.raises(RefusedArticle):
            read(apart, saved())
        read(apart, saved())
        last = apart._child.pid
    with pytest.raises(ProcessLookupError):
        os.kill(last, 0)


@pytest.mark.parametrize(
    "act",
    ["import socket; socket.create_connection(('127.0.0.1', 9))", "import socket; socket.getaddrinfo('e.example', 80)",
     "import subprocess; subprocess.run(['true'])", "import os; os.system('true')"],
    ids=["connect", "look up", "start", "shell"],
)  # fmt: skip
def test_what_a_page_would_make_it_do_is_forbidden(act):
    told = subprocess.run(
        [
            sys.executable,
            "-c",
            f"import sys; from newsroom.apart_child import _forbid; sys.addaudithook(_forbid); {act}",
        ],
        capture_output=True,
        text=True,
        check=False,
    )
    assert told.returncode == 1 and "PermissionError" in told.stderr
