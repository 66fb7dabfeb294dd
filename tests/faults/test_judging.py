"""Each kind of fault turns a run red: a judge that cannot condemn is a defect."""

from __future__ import annotations

import pytest

from tests.faults.page import page
from tests.faults.result import Ledger, Result, judged
from tests.faults.site import Answer

WHOLE = {"lost": [], "doubled": [], "undone": [], "faults": [], "twice": 0}


def answer(status: int, body: bytes = b"", retry_after: str = "") -> Answer:
    return Answer(status, body, retry_after=retry_after)


def test_a_run_in_which_nothing_was_amiss_is_green():
    ledger = Ledger(asked_for={"jeton-1"})
    for one in (answer(200), answer(303), answer(409), answer(429), answer(503, retry_after="5"), None):
        ledger.note(one, "a comment")
    ledger.saw({"jeton-1"})
    assert judged("", "sqlite", ledger, WHOLE).is_green


@pytest.mark.parametrize(
    ("found", "told"),
    [
        ({"lost": ["jeton-1"]}, "acknowledged and lost: 1"),
        ({"doubled": ["jeton-1"]}, "doubled: 1"),
        ({"undone": ["key"]}, "decisions acknowledged and lost: 1"),
        ({"faults": ["discussion 1: counts 2"]}, "discussion 1: counts 2"),
    ],
)
def test_what_the_database_lacks_is_red(found, told):
    assert judged("", "sqlite", Ledger(), WHOLE | found).reds == [told]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (answer(500), "answered 500"),
        (answer(404), "answered 404"),
        (answer(200, b"<pre>Traceback (most recent call last)"), "stack trace"),
        (answer(503), "without saying when"),
    ],
)
def test_an_answer_that_the_product_may_not_give_is_red(given, told):
    ledger = Ledger()
    ledger.note(given, "a comment")
    assert told in judged("", "sqlite", ledger, WHOLE).reds[0]


def test_a_comment_that_is_seen_before_its_approval_was_asked_for_is_red():
    ledger = Ledger(asked_for={"jeton-1"})
    ledger.saw({"jeton-1", "jeton-2"})
    assert judged("", "sqlite", ledger, WHOLE).reds == ["unvalidated and seen: jeton-2"]


def test_the_page_says_what_was_kept_what_was_broken_and_which_twin_was_not_caught():
    figures = {"answers": {"303": 2, "none": 1}, "lost": 0}
    told = page(
        [
            Result("kept", "sqlite", figures, []),
            Result("lost", "sqlite", figures, ["acknowledged and lost: 2"]),
            Result("caught", "sqlite", figures, ["doubled: 3"], "another_key"),
            Result("missed", "sqlite", figures, [], "another_key"),
        ],
        {"redis_killed, sqlite": "Redis is not installed here"},
        command="make faults",
    )
    for words in ("2 × 303, 1 × no answer", "**broken**: acknowledged and lost: 2", "red, as it must be"):
        assert words in told
    assert "**not caught**" in told
    assert "Redis is not installed here" in told


def _results(found: int) -> list[Result]:
    figures = {"answers": {"200": found}}
    both = [(scenario, vendor) for vendor in ("sqlite", "postgresql") for scenario in ("a storm", "a duel")]
    runs = [Result(*one, dict(figures), []) for one in both]
    return [*runs, *(Result(*one, dict(figures), [f"doubled: {found}"], "another_key") for one in both)]


def _rows(told: str) -> list[list[str]]:
    return [line.split(" | ") for line in told.splitlines() if line.startswith("| a ")]


def test_a_page_of_some_scenarios_keeps_the_rows_of_the_others_in_their_place():
    before = page(_results(1), {}, command="make faults")
    now = [one for one in _results(2) if (one.scenario, one.database) == ("a duel", "sqlite")]
    now.append(Result("a duel", "sqlite", {"answers": {}}, [], "another_guard"))
    told = page(now, {}, command="make faults", old=before)
    added = [line for line in told.splitlines() if line not in before.splitlines()]
    gone = [line for line in before.splitlines() if line not in told.splitlines()]
    assert [line.split(" | ")[0] for line in (*added, *gone)] == ["| a duel"] * 5
    assert "2 × 200" in added[0] and "1 × 200" in gone[0]
    assert "doubled: 2" in added[1] and "**not caught**" in added[2]
    assert [row[:2] for row in _rows(told)][:4] == [row[:2] for row in _rows(before)][:4]
    assert _rows(page([], {}, command="make faults", old=told)) == _rows(told)


def test_a_row_of_before_rows_told_their_day_has_the_day_of_its_page():
    row = "| a storm | sqlite | another key | doubled: 3 | red, as it must be |"
    old = f"`make faults` on 2026-01-02, 2 cores.\n\n{row}\n"
    told = page([], {}, command="make faults", old=old)
    assert "| a storm | sqlite | 2026-01-02 | another key | doubled: 3 | red, as it must be |" in told
