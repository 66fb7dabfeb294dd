"""Long queues cut down: each filter, all of them together, in the address bar and page after page."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as some

from comments import queues
from comments.filters import Filters, apply
from comments.models import Comment, Finding, Report, SavedView
from comments.reports import file_report
from comments.saved_views import Unfit, drop_view, opened, save_view, size_of, views_for
from newsroom.models import Section
from tests.conftest import make_article

HOUR = timedelta(hours=1)


@pytest.fixture
def sport(db):
    section = Section.objects.create(name="Sport", slug="sport")
    return make_article(section, slug="finale", language="en")


@pytest.fixture
def complain(at):
    """A report: `complain(comment, "SPAM", by="odile")`."""

    def filed(comment: Comment, reason: str = "SPAM", *, by: str = "", ago: timedelta = timedelta()) -> Report:
        email = f"{by}@example.org" if by else ""
        return file_report(comment, reason=reason, detail="", email=email, address="192.0.2.1", port=None, at=at - ago)

    return filed


@pytest.fixture
def passing(at):
    """The texts that pass: `passing(section="ville")`."""

    def texts(**asked: object) -> list[str]:
        rows = apply(Comment.objects.all(), Filters(**asked), at=at)
        return sorted(rows.values_list("text", flat=True))

    return texts


class TestEach:
    def test_section_article_and_language(self, write, sport, article, passing):
        write("ville")
        write("sport", under=sport)
        assert passing(section="sport") == passing(article="finale") == passing(language="en") == ["sport"]
        assert passing(section="ville") == passing(article=article.slug) == passing(language="fr") == ["ville"]
        assert passing(section="nulle-part") == []

    def test_waiting_longer_than_some_minutes(self, write, take, publish, complain, passing, at):
        write("ancien", ago=2 * HOUR)
        write("neuf", ago=HOUR / 2)
        take(write("signalé à la relecture", ago=5 * HOUR), "FLAG")
        complain(publish("vieux signalement", ago=9 * HOUR), ago=2 * HOUR)
        complain(publish("signalement neuf", ago=9 * HOUR))
        publish("visible et tranquille", ago=9 * HOUR)
        assert passing(waiting=60) == ["ancien", "vieux signalement"]
        assert passing(waiting=120) == ["ancien", "vieux signalement"]
        assert passing(waiting=121) == []

    def test_a_first_time_reader_has_nothing_else_visible(self, write, publish, take, passing):
        publish("a été publiée", email="connue@example.org")
        write("la connue revient", email="connue@example.org")
        take(write("a été refusé", email="refuse@example.org"), "REJECT")
        write("le refusé revient", email="refuse@example.org")
        write("la nouvelle", email="nouvelle@example.org")
        write("sans adresse", email="")
        assert passing(first_time=True) == ["a été publiée", "a été refusé", "la nouvelle", "le refusé revient"]

    def test_rules_of_the_present_text(self, write, passing):
        for text, rule, revision in (("a", "links", 1), ("b", "shouting", 1), ("c", "links", 2), ("d", "too_short", 1)):
            Finding.objects.create(comment=write(text), rule=rule, revision=revision)
        assert passing(rule=("links",)) == ["a"]
        assert passing(rule=("links", "shouting")) == ["a", "b"]

    def test_reasons_of_open_reports(self, publish, take, complain, passing):
        complain(publish("menace"), "THREAT")
        complain(publish("pub"), "SPAM")
        settled = publish("réglé")
        complain(settled, "SPAM")
        take(settled, "APPROVE")
        assert passing(reason=("SPAM",)) == ["pub"]
        assert passing(reason=("SPAM", "THREAT")) == ["menace", "pub"]

    def test_a_link_in_the_text(self, write, passing):
        for text in ("voir HTTPS://exemple.org", "voir www.exemple.org", "voir http:// rien", "https sans lien"):
            write(text)
        assert len(passing(link=True)) == 3

    def test_who_decided_last_and_on_what_ground(self, write, take, moderator, chief, passing):
        take(write("abus"), "REJECT", ground="ABUSE")
        changed = write("changé d’avis")
        take(changed, "REJECT", ground="SPAM")
        take(changed, "APPROVE", by=chief)
        suspected = write("soupçon")
        Finding.objects.create(comment=suspected, rule="links", ground="SPAM")
        assert passing(decided_by="mona") == ["abus"]
        assert passing(decided_by="chantal") == ["changé d’avis"]
        assert passing(ground=("ABUSE",)) == ["abus"]
        assert passing(ground=("SPAM",)) == ["soupçon"]

    def test_dates_are_whole_days_of_the_site(self, write, passing):
        # Noon UTC is 13:00 in Paris; 22:59 UTC the day before is 23:59 of that day.
        write("vendredi 0 h 00", ago=timedelta(hours=13))
        write("jeudi 23 h 59", ago=timedelta(hours=13, minutes=1))
        assert passing(since=date(2026, 11, 20)) == ["vendredi 0 h 00"]
        assert passing(until=date(2026, 11, 19)) == ["jeudi 23 h 59"]
        assert len(passing(since=date(2026, 11, 19), until=date(2026, 11, 20))) == 2

    def test_all_combine(self, write, sport, passing):
        found = write("www.exemple.org", under=sport, email="n@example.org", ago=3 * HOUR)
        Finding.objects.create(comment=found, rule="links", ground="SPAM")
        write("www.exemple.org bis", ago=3 * HOUR)
        everything = {
            "section": "sport",
            "article": "finale",
            "language": "en",
            "waiting": 60,
            "first_time": True,
            "rule": ("links",),
            "link": True,
            "ground": ("SPAM",),
            "since": date(2026, 11, 20),
            "until": date(2026, 11, 20),
        }
        assert passing(**everything) == ["www.exemple.org"]
        assert passing(**everything, reason=("SPAM",)) == []


class TestTheAddressBar:
    def test_what_is_read_is_written_back_in_one_order(self):
        asked = QueryDict(
            "order=newest&rule=shouting&rule=links&section=ville&waiting=30&first_time=1&since=2026-11-01&queue=pending"
        )
        filters = Filters.read(asked)
        assert (
            filters.query
            == "section=ville&waiting=30&first_time=1&rule=links&rule=shouting&since=2026-11-01&order=newest"
        )
        assert Filters.read(QueryDict(filters.query)) == filters

    def test_an_empty_address_asks_for_everything(self):
        assert Filters.read(QueryDict("queue=pending&after=x")) == Filters() and Filters().query == ""
        assert Filters().is_empty and Filters(order="newest").is_empty and not Filters(link=True).is_empty

    @pytest.mark.parametrize(
        "nonsense",
        [
            *("waiting=-5", "waiting=²", "waiting=abc", "since=hier", "since=0001-01-01", "until=9999-12-31", "rule=x"),
            *("reason=x", "ground=x", "order=x", "link=0", "first_time=oui", "section=%00"),
        ],
    )
    def test_nonsense_is_left_out(self, nonsense):
        assert Filters.read(QueryDict(nonsense)) == Filters()

    @given(some.dictionaries(some.sampled_from(list(Filters.__dataclass_fields__)), some.text(max_size=30)))
    def test_whatever_is_typed_reads_the_same_when_read_again(self, typed):
        query = QueryDict(mutable=True)
        query.update(typed)
        filters = Filters.read(query)
        assert Filters.read(QueryDict(filters.query)) == filters

    def test_a_wait_that_no_clock_holds_is_cut(self, write, passing):
        write("x")
        assert Filters.read(QueryDict("waiting=" + "9" * 30)).waiting < 10**7
        assert passing(waiting=Filters.read(QueryDict("waiting=" + "9" * 30)).waiting) == []


class TestPages:
    @pytest.mark.parametrize("order", ["", "oldest", "newest", "reported"])
    @pytest.mark.parametrize("code", queues.QUEUES)
    def test_filtered_pages_follow_each_other_without_gap_or_double(
        self, write, publish, take, complain, sport, at, code, order
    ):
        for number in range(5):
            how = {"under": sport, "ago": number * HOUR}
            comment = publish(f"{number}", **how) if code in ("approved", "reported") else write(f"{number}", **how)
            if code in ("flagged", "rejected"):
                take(comment, "FLAG" if code == "flagged" else "REJECT")
            if code == "suspects":
                Comment.objects.filter(pk=comment.pk).update(is_suspect=True)
            if code == "reported":
                for reporter in range(number % 3 + 1):
                    complain(comment, by=f"r{reporter}", ago=number * HOUR)
        write("ailleurs")
        filters = Filters(section="sport", order=order)
        whole = queues.page(code, filters=filters, at=at).comments
        assert len(whole) == 5
        seen, after = [], ""
        for _page in range(5):
            page = queues.page(code, after=after, size=2, filters=filters, at=at)
            seen += page.comments
            after = page.next_cursor
            if not after:
                break
        assert seen == whole
        assert queues.size(code, filters=filters, at=at) == 5

    def test_oldest_and_newest_are_each_others_reverse(self, write, at):
        for number in range(4):
            write(str(number), ago=number * HOUR)
        oldest = queues.page("pending", filters=Filters(order="oldest"), at=at).comments
        assert [comment.text for comment in oldest] == ["3", "2", "1", "0"]
        assert queues.page("pending", filters=Filters(order="newest"), at=at).comments == oldest[::-1]

    def test_the_next_comments_pass_the_filters(self, write, sport, moderator, at):
        write("ailleurs", ago=9 * HOUR)
        there = write("ici", under=sport)
        assert queues.next_for(moderator, "pending", filters=Filters(section="sport"), at=at) == [there]

    def test_a_reporter_whose_reports_were_upheld_weighs_more(self, publish, take, complain, at):
        for number in range(2):
            complain(first := publish(f"tort {number}"), by="juste")
            take(first, "REJECT")
            complain(second := publish(f"raison {number}"), by="grincheux")
            take(second, "APPROVE")
        quiet, loud, both = publish("grincheux seul"), publish("juste seule"), publish("deux inconnus")
        complain(quiet, by="grincheux")
        complain(loud, by="juste")
        complain(both, by="anne")
        complain(both, by="bruno")
        page = queues.page("reported", filters=Filters(order="reported"), at=at)
        assert page.comments == [both, loud, quiet]
        assert [comment.report_weight for comment in page.comments] == [1_000_000, 750_000, 250_000]


class TestSavedViews:
    def test_a_view_keeps_its_queue_and_filters_and_tells_its_size(self, write, sport, moderator, at):
        write("là", under=sport)
        write("ailleurs")
        filters = Filters(section="sport", rule=("links",))
        view = save_view(" Sport  à lire ", code="suspects", filters=filters, by=moderator, at=at)
        assert view.name == "Sport à lire" and opened(view) == ("suspects", filters)
        assert size_of(view, at=at) == 0
        assert (
            size_of(save_view("x", code="pending", filters=Filters(section="sport"), by=moderator, at=at), at=at) == 1
        )

    def test_the_same_name_again_replaces_ones_own(self, moderator, colleague, at):
        save_view("Liens", code="pending", filters=Filters(link=True), by=moderator, at=at)
        save_view("Liens", code="pending", filters=Filters(), by=colleague, at=at)
        save_view("Liens", code="suspects", filters=Filters(link=True), by=moderator, at=at)
        assert SavedView.objects.count() == 2
        assert opened(views_for(moderator)[0])[0] == "suspects"

    def test_a_chief_alone_shares_and_all_see_it(self, moderator, colleague, chief, editor, at):
        with pytest.raises(PermissionDenied):
            save_view("Pour tous", code="pending", filters=Filters(), by=moderator, at=at, is_shared=True)
        with pytest.raises(PermissionDenied):
            save_view("x", code="pending", filters=Filters(), by=editor, at=at)
        own = save_view("À moi", code="pending", filters=Filters(), by=moderator, at=at)
        shared = save_view("Pour tous", code="pending", filters=Filters(), by=chief, at=at, is_shared=True)
        assert set(views_for(moderator)) == {own, shared}
        assert views_for(colleague) == [shared]

    def test_ones_own_view_can_be_dropped_and_no_other(self, moderator, chief, at):
        shared = save_view("Pour tous", code="pending", filters=Filters(), by=chief, at=at, is_shared=True)
        with pytest.raises(PermissionDenied):
            drop_view(shared, by=moderator)
        drop_view(shared, by=chief)
        assert views_for(moderator) == []

    @pytest.mark.parametrize(("name", "code"), [("", "pending"), ("x" * 61, "pending"), ("x", "nulle-part")])
    def test_a_view_without_a_name_or_a_queue_is_refused(self, moderator, at, name, code):
        with pytest.raises(Unfit):
            save_view(name, code=code, filters=Filters(), by=moderator, at=at)
        assert not SavedView.objects.exists()
