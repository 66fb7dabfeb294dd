"""What a moderator reads of a reader, and what chiefs are told at once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments.bulks import decide_bulk
from comments.models import Finding, Reader
from comments.notes import pin
from comments.readers import facts, pending_of
from comments.reports import file_report
from comments.standing import set_standing
from comments.threats import Threats, threats

HOUR = timedelta(hours=1)


@pytest.fixture
def complain(at):
    def filed(comment, reason: str = "SPAM"):
        return file_report(comment, reason=reason, detail="", email="", address="192.0.2.1", port=None, at=at)

    return filed


@pytest.fixture
def yannick(write) -> Reader:
    """A reader whose one comment waits."""
    return write("attend", ago=9 * HOUR).reader


def test_the_panel_tells_what_a_reader_has_written_and_what_became_of_it(
    yannick, write, publish, take, complain, moderator, at
):
    complain(publish("visible"), "ABUSE")
    take(write("abus"), "REJECT", ground="ABUSE")
    take(write("abus encore"), "REJECT", ground="ABUSE")
    take(write("pub"), "REJECT", ground="SPAM")
    take(undone := write("repêché"), "REJECT", ground="HATE")
    take(undone, "APPROVE")
    take(twice := write("deux fois"), "REJECT", ground="HATE")
    take(twice, "APPROVE")
    take(twice, "REJECT", ground="SPAM")
    take(write("à voir"), "FLAG")
    write("d’un autre", email="autre@example.org")
    note = pin("Déjà prévenu.", reader=yannick, by=moderator, at=at)
    measure = set_standing(yannick, kind="WATCH", reason="x", by=moderator, at=at)
    told = facts(yannick, at=at)
    assert told.since == yannick.first_seen_at
    assert told.by_status == {"PENDING": 1, "APPROVED": 2, "REJECTED": 4, "FLAGGED": 1}
    assert (told.total, told.approved, told.rejected, told.waiting) == (8, 2, 4, 2)
    assert list(told.by_ground.items()) == [("ABUSE", 2), ("SPAM", 2)]
    assert told.reports == {"OPEN": 1} and told.reported == 1
    assert told.notes == [note] and told.standings == [measure]
    assert len(told.last) == 8 and told.last[-1].text == "attend"


def test_the_last_ten_are_the_newest_and_the_cost_does_not_grow(yannick, write, take, at):
    with CaptureQueriesContext(connection) as of_one:
        facts(yannick, at=at)
    for number in range(12):
        take(write(str(number), ago=number * timedelta(minutes=1)), "REJECT")
    with CaptureQueriesContext(connection) as of_many:
        told = facts(yannick, at=at)
        assert [one.decisions.all()[0].decided_by for one in told.last] == ["Mona"] * 10
        assert {one.discussion.article.headline for one in told.last}
    assert [one.text for one in told.last] == [str(number) for number in range(10)]
    assert len(of_many) == 7 and len(of_one) <= 7


def test_all_that_waits_of_a_reader_is_decided_at_once(yannick, write, publish, moderator, at):
    write("attend aussi")
    publish("visible")
    write("d’un autre", email="autre@example.org")
    _bulk, outcomes = decide_bulk(pending_of(yannick), action="REJECT", ground="SPAM", by=moderator, at=at)
    assert len(outcomes) == 2 and all(outcome.decision for outcome in outcomes)
    assert pending_of(yannick) == []


class TestThreats:
    def test_a_reported_or_a_suspected_threat_is_told(self, write, publish, complain, take):
        assert threats() == Threats(0, None)
        complain(reported := publish("je sais où tu habites"), "THREAT")
        assert threats() == Threats(1, reported)
        Finding.objects.create(comment=(found := write("gare à toi")), rule="banned_words", ground="THREAT")
        Finding.objects.create(comment=found, rule="banned_patterns", ground="THREAT")
        assert threats() == Threats(2, found)
        take(found, "REJECT", ground="THREAT")
        take(reported, "REJECT", ground="THREAT")
        assert threats().count == 0

    def test_another_reason_or_an_older_text_is_none(self, write, publish, complain):
        complain(publish("x"), "SPAM")
        Finding.objects.create(comment=write("y"), rule="links", ground="SPAM")
        Finding.objects.create(comment=write("z"), rule="banned_words", ground="THREAT", revision=2)
        assert threats().count == 0

    def test_it_costs_two_queries(self, write):
        for number in range(4):
            Finding.objects.create(comment=write(str(number)), rule="banned_words", ground="THREAT")
        with CaptureQueriesContext(connection) as queries:
            assert threats().count == 4
        assert len(queries) == 2
