"""The figures' rules as tables, without a database: ranks, rounding, days and hours, drawings, CSV cells."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from comments import figures
from comments.figures import Period, PeriodRefused, Table, chosen_period
from comments.figures.counts import Judged
from comments.figures.reading import hour_begun
from comments.figures.tables import minutes, people_table, share
from comments.figures.waits import waits_of
from comments.templatetags.charts import drawing
from comments.templatetags.figures import cell, wait
from comments.views.figures import as_csv
from newsroom.models import User
from newsroom.spreadsheets import disarmed
from tests.conftest import NOON

PARIS = ZoneInfo("Europe/Paris")


class TestWaits:
    @pytest.mark.parametrize(
        ("seconds", "median", "ninety"),
        [
            ([], None, None),
            ([7], 7, 7),
            ([4, 1, 3, 2], 2, 4),
            (range(1, 10), 5, 9),
            (range(1, 11), 5, 9),
            (range(1, 12), 6, 10),
            (range(1, 101), 50, 90),
        ],
    )
    def test_the_nearest_rank_is_a_wait_that_somebody_had(self, seconds, median, ninety):
        told = waits_of(seconds)
        assert (told.count, told.median, told.ninety) == (len(list(seconds)), median, ninety)

    @pytest.mark.parametrize(("seconds", "told"), [(None, None), (0, 0), (1, 1), (60, 1), (61, 2), (3600, 60)])
    def test_a_wait_is_never_told_shorter_than_it_was(self, seconds, told):
        assert minutes(seconds) == told

    @pytest.mark.parametrize(("part", "whole", "told"), [(0, 0, None), (0, 3, 0), (1, 3, 33), (2, 3, 67), (1, 200, 1)])
    def test_shares_are_whole_percents(self, part, whole, told):
        assert share(part, whole) == told


class TestPeriod:
    @pytest.mark.parametrize(
        ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 20), 24)]
    )
    def test_a_day_when_clocks_change_has_23_or_25_hours(self, day, hours):
        assert len(list(Period(day, day, PARIS).hours())) == hours

    def test_the_hour_that_comes_twice_is_two_hours(self):
        summer, winter = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
        assert [hour_begun(at, zone=PARIS).hour for at in (summer, winter)] == [0, 1]
        labels = [cell(hour_begun(at, zone=PARIS).astimezone(PARIS), "hour") for at in (summer, winter)]
        assert len(set(labels)) == 2

    def test_hours_are_those_of_clocks_half_an_hour_off(self):
        at = datetime(2026, 11, 20, 12, 15, tzinfo=UTC)
        assert hour_begun(at, zone=ZoneInfo("Asia/Kolkata")) == datetime(2026, 11, 20, 11, 30, tzinfo=UTC)

    def test_today_is_the_newsrooms_today(self, settings):
        settings.TIME_ZONE = "Europe/Paris"
        late = datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
        assert chosen_period(at=late).first == date(2026, 11, 20)
        week = chosen_period(at=late, code="7d")
        assert (week.first, week.last, week.length) == (date(2026, 11, 14), date(2026, 11, 20), 7)
        assert week.before.last == date(2026, 11, 13) and week.before.length == 7
        assert chosen_period(at=late, first="2026-11-01").length == 1
        assert chosen_period(at=late, first="2026-11-18", last="2027-01-01").last == date(2026, 11, 20)

    @pytest.mark.parametrize(
        ("first", "last", "field"),
        [
            ("2026-11-03", "2026-11-02", "from"),
            ("hier", "2026-11-02", "from"),
            ("2026-11-01", "2026-02-30", "to"),
            ("2026-12-01", "2026-12-02", "from"),
            ("2025-01-01", "2026-11-02", "from"),
            ("0001-01-01", "0001-01-01", "from"),
        ],
    )
    def test_what_is_no_period_is_refused_with_its_field(self, first, last, field):
        with pytest.raises(PeriodRefused) as refused:
            chosen_period(at=NOON, first=first, last=last)
        assert refused.value.field == field


def test_nobody_is_ranked():
    names = ["Zoé", "Karim", "Élise", "Bruno"]
    judged = {1: Judged(50, 9), 2: Judged(1, 0), 3: Judged(9, 5), 4: Judged(3, 9)}
    told = people_table([User(pk=pk, first_name=name) for pk, name in enumerate(names, start=1)], judged)
    assert told.rows == [("Bruno", 3, 9), ("Élise", 9, 5), ("Karim", 1, 0), ("Zoé", 50, 9)]


class TestDrawings:
    @pytest.mark.parametrize("count", [1, 23, 25, 31, 32, 92, 366])
    def test_nothing_is_drawn_outside(self, count):
        rows = [(date(2026, 1, 1) + timedelta(days=n), n % 7, n % 5, 0) for n in range(count - 1)]
        flow = figures.Table(
            "days", "Jours", _columns("day", "count", "count", "gap"), [*rows, (date(2027, 1, 2), 900, 3, 0)]
        )
        drawn = drawing(_with_chart(flow, "pairs"))
        assert drawn is not None and (drawn.bars or drawn.lines)
        for bar in drawn.bars:
            assert float(bar.x) >= 0 and float(bar.x) + float(bar.width) <= 720.01
            assert float(bar.y) >= 0 and float(bar.y) + float(bar.height) <= 384.11
        places = [float(word.x) for word in drawn.words]
        assert len(places) <= 31 and places == sorted(set(places))

    def test_a_day_without_waits_lifts_the_line(self):
        rows = [(date(2026, 1, 1), 5, 9), (date(2026, 1, 2), None, None), (date(2026, 1, 3), 6, 7)]
        drawn = drawing(_with_chart(Table("waits", "Attente", _columns("day", "wait", "wait"), rows), "lines"))
        assert [line.path.count("M") for line in drawn.lines] == [2, 2]

    def test_nothing_to_draw_draws_nothing(self):
        rows = [(date(2026, 1, 1), None, None)]
        assert drawing(_with_chart(Table("waits", "Attente", _columns("day", "wait", "wait"), rows), "lines")) is None

    @pytest.mark.parametrize(("told", "minutes"), [("119", 119), ("2", 120), ("47", 2879), ("2", 2880)])
    def test_waits_in_words(self, told, minutes):
        assert wait(minutes).startswith(told)


def test_only_text_is_disarmed_and_numbers_stay_numbers():
    one = Table("x", "=Titre", _columns("text", "gap", "share"), [("-1", -2, None), ("plain", 3, 4)])
    assert as_csv([one]).splitlines()[1:] == ["'-1,-2,", "plain,3,4"]
    assert disarmed("\r=1") == "'\r=1"
    assert as_csv([one, one]).startswith("'=Titre")


def _columns(*kinds: str) -> list[figures.Column]:
    return [figures.Column(kind, figures.Kind(kind)) for kind in kinds]


def _with_chart(one: Table, chart: str) -> Table:
    return Table(one.code, one.title, one.columns, one.rows, chart=chart)
