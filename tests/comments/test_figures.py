"""The chiefs' figures: known rows give known figures, in the site's own days and hours, on both databases."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments import figures
from comments.decisions import decide, undo
from comments.figures import Period, figures_of
from comments.models import Comment, Discussion
from comments.reports import file_report, resolve
from comments.taking_over import discussion_of, take_over
from comments.templatetags.figures import cell
from newsroom.models import Article, Section
from tests.conftest import NOON, make_article

PARIS = ZoneInfo("Europe/Paris")
# NOON is 13 h in Paris, on Friday 20 November 2026.
THE_DAY = Period(date(2026, 11, 20), date(2026, 11, 20), PARIS)
Wrote = Callable[..., Comment]


def table(found: figures.Figures, code: str) -> dict:
    """A table's rows by their first cell."""
    return {row[0]: row[1:] for row in next(one for one in found.tables if one.code == code).rows}


def utc(hour: int, minute: int = 0, *, day: int = 20) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


@pytest.fixture
def wrote(article) -> Wrote:
    """A comment written at a moment, and decided at others: `wrote(at, (moment, "REJECT", who))`."""
    count = iter(range(10_000))

    def written(at: datetime, *decided: tuple, under: Article | None = None, policy: bool = False) -> Comment:
        comment, _new = take_over(
            discussion_of(under or article),
            source_key=f"figures {next(count)}",
            author_name="Yannick",
            text="Douze mois annoncés.",
            submitted_at=at,
            at=NOON,
            hold=not policy,
        )
        for moment, action, who, *ground in decided:
            comment.refresh_from_db()
            decide(
                comment,
                action=action,
                version=comment.version,
                by=who,
                at=moment,
                ground=(ground or ["ABUSE"])[0] if action == "REJECT" else "",
                note="à relire" if action == "FLAG" else "",
            )
        comment.refresh_from_db()
        return comment

    return written


@pytest.fixture
def culture(db) -> Section:
    return Section.objects.create(name="Culture", slug="culture", position=9)


@pytest.fixture
def a_day(wrote, culture, moderator, colleague, chief) -> dict[str, Comment]:
    """Friday 20 November 2026 in Paris, an hour ahead of UTC."""
    elsewhere = make_article(culture, slug="concert", headline="Un concert de plus")
    day = {
        # 12 h 10, approved 10 minutes later.
        "approved": wrote(utc(11, 10), (utc(11, 20), "APPROVE", moderator)),
        # 12 h 30, rejected at 13 h sharp.
        "rejected": wrote(utc(11, 30), (utc(12), "REJECT", moderator, "SPAM")),
        # 13 h 05, a second look asked within a minute, given 24 minutes later: decided once, two decisions.
        "flagged": wrote(utc(12, 5), (utc(12, 6), "FLAG", moderator), (utc(12, 30), "APPROVE", colleague)),
        # Half past midnight in Paris, still the day before in UTC; nobody has decided.
        "night": wrote(utc(23, 30, day=19)),
        # A minute before midnight in Paris: received on the 19th, decided on the 20th.
        "eve": wrote(utc(22, 59, day=19), (utc(23, 30, day=19), "APPROVE", colleague)),
        # Was public elsewhere; it never waited here.
        "imported": wrote(utc(11), policy=True),
        # In another section: rejected after 2 hours, and taken back by the chief.
        "undone": wrote(utc(10), (utc(12), "REJECT", colleague, "ABUSE"), under=elsewhere),
    }
    undo(day["undone"], version=day["undone"].version, by=chief, at=utc(12, 1))
    return day


class TestADay:
    def test_hours_are_those_of_paris(self, a_day):
        hours = table(figures_of(THE_DAY, at=NOON), "hours")
        told = {hour.hour: row for hour, row in hours.items() if any(row)}
        assert told == {0: (1, 1, 0), 11: (1, 0, -1), 12: (2, 1, -1), 13: (1, 3, 2)}
        assert max(hour.hour for hour in hours) == 13, "hours to come are not shown"

    def test_the_headlines(self, a_day):
        said = figures_of(THE_DAY, at=NOON).headlines
        # Waits of 1, 10, 30, 31 and 120 minutes.
        assert (said.median, said.ninety) == (30, 120)
        assert (said.received, said.decided, said.judged) == (5, 5, 6)
        assert (said.rejected, said.rejected_share, said.undone) == (2, 33, 1)
        assert (said.median_before, said.ninety_before) == (None, None)

    def test_the_day_before_is_told_beside(self, a_day, wrote, moderator):
        wrote(utc(8, day=19), (utc(8, 7, day=19), "APPROVE", moderator))
        assert figures_of(THE_DAY, at=NOON).headlines.median_before == 7

    def test_decisions_and_grounds(self, a_day):
        found = figures_of(THE_DAY, at=NOON)
        assert list(table(found, "decisions").values()) == [(3, 50, 0), (2, 33, 1), (1, 17, 0)]
        assert sorted(table(found, "grounds").values()) == [(1, 50, 0), (1, 50, 1)]

    def test_sections_and_articles(self, a_day, article):
        found = figures_of(THE_DAY, at=NOON)
        assert table(found, "sections") == {"Ville": (4, 3, 1, 1, 10, 31), "Culture": (1, 0, 1, 0, 120, 120)}
        assert table(found, "articles") == {
            article.headline: (4, 3, 1, 1, 10, 31),
            "Un concert de plus": (1, 0, 1, 0, 120, 120),
        }

    def test_one_section_alone(self, a_day, culture):
        found = figures_of(THE_DAY, section=culture, at=NOON)
        assert (found.headlines.received, found.headlines.judged, found.headlines.median) == (1, 1, 120)
        assert list(table(found, "sections")) == ["Culture"]
        assert list(table(found, "people")) == ["Karim"]

    def test_people_stand_by_name_whatever_they_did(self, a_day, moderator):
        moderator.first_name = "Élise"
        moderator.save()
        people = table(figures_of(THE_DAY, at=NOON), "people")
        assert people == {"Élise": (3, 0), "Karim": (3, 1)}
        assert list(people) == ["Élise", "Karim"]

    def test_waits_of_the_fortnight_and_hours_to_come_left_out(self, a_day):
        waits = table(figures_of(THE_DAY, at=NOON), "waits")
        assert len(waits) == 14
        assert waits[date(2026, 11, 20)] == (30, 120)
        assert waits[date(2026, 11, 19)] == (None, None)

    def test_an_edit_or_an_undo_does_not_make_a_second_first_decision(self, a_day, moderator):
        comment = a_day["undone"]
        comment.refresh_from_db()
        decide(comment, action="APPROVE", version=comment.version, by=moderator, at=utc(15))
        found = figures_of(THE_DAY, at=utc(16))
        assert (found.headlines.decided, found.headlines.judged) == (5, 7)


def test_days_and_hours_of_the_day_over_a_week(a_day):
    found = figures_of(Period(date(2026, 11, 19), date(2026, 11, 20), PARIS), at=NOON)
    assert table(found, "days") == {date(2026, 11, 19): (1, 0, -1), date(2026, 11, 20): (5, 5, 0)}
    clock = table(found, "clock")
    assert len(clock) == 24
    assert (clock[23], clock[13]) == ((1, 0, -1), (1, 3, 2))


def test_comments_of_the_hour_that_comes_twice_are_told_apart(wrote, moderator):
    summer, winter = (datetime(2026, 10, 25, hour, 30, tzinfo=UTC) for hour in (0, 1))
    wrote(summer, (winter, "APPROVE", moderator))
    day = Period(date(2026, 10, 25), date(2026, 10, 25), PARIS)
    hours = next(one for one in figures_of(day, at=NOON).tables if one.code == "hours").rows
    assert len(hours) == 25
    assert [row[1:3] for row in hours if row[0].hour == 2] == [(1, 0), (0, 1)]


def test_reports_count_as_they_were_settled_by_people(publish, write, moderator, chief):
    for number, action in enumerate(["REJECT", "APPROVE", "APPROVE", None]):
        comment = publish(f"Signalé {number}")
        file_report(
            comment, reason="SPAM", detail="", email=f"r{number}@example.org", address="192.0.2.9", port=None, at=NOON
        )
        if action:
            resolve(comment, action=action, version=comment.version, by=moderator, at=NOON, ground="SPAM")
    found = figures_of(THE_DAY, at=NOON)
    assert list(table(found, "reports").values()) == [(4, 3, 1, 33)]
    assert (found.headlines.upheld, found.headlines.settled) == (1, 3)
    rejected = Comment.objects.get(status="REJECTED")
    undo(rejected, version=rejected.version, by=chief, at=NOON)
    found = figures_of(THE_DAY, at=NOON)
    assert (found.headlines.upheld, found.headlines.settled) == (0, 2), "reopened: not settled any more"


def test_a_report_that_a_policy_settled_is_nobodys_work(publish):
    comment = publish()
    file_report(comment, reason="SPAM", detail="", email="", address="192.0.2.9", port=None, at=NOON)
    decide(comment, action="REJECT", version=comment.version, by="import", at=NOON, ground="SPAM")
    found = figures_of(THE_DAY, at=NOON)
    assert list(table(found, "reports").values()) == [(1, 0, 0, None)]
    assert (found.headlines.rejected, found.headlines.settled) == (0, 0)


def test_an_empty_period_gives_no_figures(a_day):
    found = figures_of(Period(date(2026, 9, 1), date(2026, 9, 3), PARIS), at=NOON)
    assert found.is_empty
    assert found.headlines.median is None
    assert not figures_of(THE_DAY, at=NOON).is_empty


def test_the_number_of_queries_does_not_follow_the_rows(a_day, wrote, section, moderator, colleague):
    with CaptureQueriesContext(connection) as before:
        figures_of(THE_DAY, at=NOON)
    for number in range(12):
        other = make_article(section, slug=f"autre-{number}")
        wrote(utc(11), (utc(11, number), "REJECT", colleague, "HATE"), under=other)
    with CaptureQueriesContext(connection) as after:
        figures_of(THE_DAY, at=NOON)
    assert len(before) == len(after) == 10


class TestThePage:
    ADDRESS = "/moderation/figures/"

    @pytest.fixture
    def opened(self, chief, signed_in) -> Callable[..., BeautifulSoup]:
        browser = signed_in(chief)

        def shown(status: int = 200, **query: str) -> BeautifulSoup:
            answer = browser.get(self.ADDRESS, query)
            assert answer.status_code == status
            return BeautifulSoup(answer.content, "html.parser")

        return shown

    @pytest.fixture
    def sheet(self, chief, signed_in) -> Callable[..., list[list[str]]]:
        browser = signed_in(chief)

        def read(**query: str) -> list[list[str]]:
            answer = browser.get("/moderation/figures.csv", query)
            assert answer.status_code == 200
            assert answer["Content-Type"] == "text/csv; charset=utf-8"
            assert answer["Content-Disposition"].startswith('attachment; filename="figures')
            return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))

        return read

    @pytest.mark.parametrize("name", ["figures", "figures_csv"])
    def test_only_a_chief_looks_at_figures(self, name, moderator, editor, chief, stranger, signed_in):
        assert Client().get(reverse(name)).status_code == 302
        for person in (moderator, editor, stranger):
            assert signed_in(person).get(reverse(name)).status_code == 403
        answer = signed_in(chief).get(reverse(name))
        assert answer.status_code == 200
        assert "no-store" in answer["Cache-Control"]
        assert signed_in(chief).post(reverse(name)).status_code == 405

    def test_only_a_chief_is_offered_the_link(self, moderator, chief, signed_in):
        assert self.ADDRESS not in signed_in(moderator).get("/moderation/articles/").content.decode()
        assert self.ADDRESS in signed_in(chief).get("/moderation/articles/").content.decode()

    def test_every_drawing_has_words_and_a_table_beside_it(self, a_day, opened):
        shown = opened(**{"from": "2026-11-19", "to": "2026-11-20"})
        drawings = shown.select("svg[role=img]")
        assert len(drawings) == 5
        ids = [one["id"] for one in shown.select("[id]")]
        assert len(ids) == len(set(ids))
        for one in drawings:
            title, desc = (shown.find(id=name) for name in one["aria-labelledby"].split())
            assert title.name == "title" and desc.name == "desc"
            assert title.get_text(strip=True) and desc.get_text(strip=True)
            assert one.find_parent("section").select_one("table caption").get_text(strip=True)
        assert not shown.select("[style]")
        assert all(head["scope"] in ("col", "row") for head in shown.select("main th"))

    def test_the_csv_holds_exactly_what_is_shown(self, a_day, opened, sheet):
        query = {"from": "2026-11-19", "to": "2026-11-20"}
        shown = opened(**query)
        tables = shown.select("main section.plot")
        assert len(tables) == 9
        for section in tables:
            code = section["aria-labelledby"]
            head, *rows = sheet(table=code, **query)
            shown_rows = [[cell.get_text() for cell in row.select("th, td")] for row in section.select("tbody tr")]
            assert len(rows) == len(shown_rows), code
            assert all(len(row) == len(head) for row in rows), code
            for plain, worded in zip(rows, shown_rows, strict=True):
                for value, words in zip(plain[1:], worded[1:], strict=True):
                    assert words in _ways_to_say(value), (code, plain, worded)

    def test_the_whole_csv_holds_every_table_and_the_headlines(self, a_day, opened, sheet):
        query = {"from": "2026-11-20", "to": "2026-11-20"}
        whole = sheet(**query)
        for heading in opened(**query).select("section.plot h2"):
            assert [heading.get_text(strip=True)] in whole
        assert ["30", "120", "", "", "5", "5", "6", "2", "33", "1", "0", "0"] in whole

    def test_a_headline_is_never_a_formula(self, wrote, section, sheet, opened):
        for number, headline in enumerate(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "Un titre"]):
            wrote(utc(11), under=make_article(section, slug=f"titre-{number}", headline=headline))
        query = {"from": "2026-11-20", "to": "2026-11-20"}
        cells = [row[0] for row in sheet(table="articles", **query)[1:]]
        assert sorted(cells) == sorted(["'=1+1", "'+1", "'-1", "'@SUM(A1)", "'\t=1", "Un titre"])
        assert "=1+1" in opened(**query).select_one("#articles").find_parent("section").get_text()

    def test_a_headline_is_never_markup(self, wrote, section, opened):
        wrote(utc(11), under=make_article(section, slug="x", headline="<script>hostile()</script>"))
        shown = opened(**{"from": "2026-11-20", "to": "2026-11-20"})
        assert not [one for one in shown.select("script") if "hostile" in one.get_text()]

    def test_an_empty_period_says_so_and_draws_nothing(self, opened, sheet):
        shown = opened(**{"from": "2020-01-01", "to": "2020-01-02"})
        assert shown.select_one(".nothing") and not shown.select("svg[role=img], table")
        assert shown.select_one("input[name=from]")["value"] == "2020-01-01"
        assert sheet(**{"from": "2020-01-01", "to": "2020-01-02"})

    @pytest.mark.parametrize(
        ("query", "field"),
        [({"from": "2026-11-03", "to": "2026-11-01"}, "from"), ({"section": "nulle-part"}, "section")],
    )
    def test_a_mistake_is_told_beside_what_was_typed(self, opened, chief, signed_in, query, field):
        shown = opened(422, **query)
        invalid = shown.select_one("[aria-invalid=true]")
        assert invalid["name"] == field
        assert shown.find(id=invalid["aria-describedby"]).get_text(strip=True)
        assert signed_in(chief).get("/moderation/figures.csv", query).status_code == 422

    def test_more_than_can_be_read_is_refused_and_not_counted_in_part(self, a_day, opened, monkeypatch):
        query = {"from": "2026-11-20", "to": "2026-11-20"}
        monkeypatch.setattr("comments.figures.reading.MOST_ROWS", 5)
        assert opened(**query).select("table")
        monkeypatch.setattr("comments.figures.reading.MOST_ROWS", 4)
        shown = opened(422, **query)
        assert shown.select_one("#refusal") and not shown.select("table")

    def test_a_section_stays_chosen_in_every_link(self, a_day, opened):
        shown = opened(section="culture")
        assert shown.select_one("option[selected]")["value"] == "culture"
        assert all("section=culture" in link["href"] for link in shown.select(".period-links a"))

    def test_the_shown_period_is_marked(self, opened):
        assert [link["href"] for link in opened().select(".period-links [aria-current]")] == ["?period=today"]
        assert [link["href"] for link in opened(period="7d").select(".period-links [aria-current]")] == ["?period=7d"]

    def test_an_unknown_table_is_not_found(self, chief, signed_in):
        assert signed_in(chief).get("/moderation/figures.csv", {"table": "salaires"}).status_code == 404


def _ways_to_say(number: str) -> set[str]:
    return {cell(int(number), kind) for kind in ("count", "gap", "share", "wait")} if number else {"–"}


class TestTheHonestDelayAfterPosting:
    @pytest.fixture
    def told(self, publish) -> str:
        for number in range(5):
            publish(f"Approuvé {number}", ago=timedelta(minutes=12))
        return figures.publication_delay(Discussion.objects.get())

    POST = {"author_name": "Zoé", "email": "zoe@example.org", "text": "Bonjour à tous."}

    def test_the_thank_you_in_place_says_it(self, reader, article, told):
        assert told
        answer = reader.post(f"{article.get_absolute_url()}comments/", self.POST, headers={"HX-Request": "true"})
        line = BeautifulSoup(answer.content, "html.parser").select_one("#merci [data-delay]")
        assert line.get_text(strip=True) == told and not line.has_attr("hidden")

    def test_too_few_approvals_say_nothing(self, reader, article):
        answer = reader.post(f"{article.get_absolute_url()}comments/", self.POST, headers={"HX-Request": "true"})
        line = BeautifulSoup(answer.content, "html.parser").select_one("#merci [data-delay]")
        assert line.get_text(strip=True) == "" and line.has_attr("hidden")

    def test_the_shared_page_holds_no_delay_and_says_where_to_ask(self, reader, article, told):
        body = reader.get(article.get_absolute_url(), {"posted": "1"}).content.decode()
        thanks = BeautifulSoup(body, "html.parser").select_one("#merci")
        assert told not in body
        assert thanks.select_one("[data-delay]").has_attr("hidden")
        assert reader.get(thanks["data-key-url"]).json()["delay"] == told
