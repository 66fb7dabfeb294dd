"""What readers see of a thread, and what they never do."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from comments import threads
from comments.models import Comment, Discussion
from comments.threads import Answer, Branch, ThreadPage
from tests.conftest import make_article


def seen(page: ThreadPage) -> list[str]:
    """The page as a reader meets it, a line a place."""
    lines: list[str] = []
    for branch in page.branches:
        lines.append(branch.top.text if branch.top else "(gone)")
        lines += [told(answer) for answer in branch.answers]
        lines += [f"+{branch.more}"] if branch.more else []
    return lines


def told(answer: Answer) -> str:
    said = answer.comment.text if answer.comment else "(gone)"
    return "  " * answer.level + said + (f" @{answer.answering}" if answer.answering else "")


@pytest.fixture
def lines(article):
    """The thread as a reader meets it."""

    def read(**asked) -> list[str]:
        return seen(threads.page(Discussion.objects.filter(article=article).first(), **asked))

    return read


def test_an_article_nobody_wrote_under_has_an_empty_thread(lines):
    assert lines() == []


def test_only_what_is_approved_is_there(lines, write, publish, take):
    publish("visible")
    write("attend")
    for action in ("FLAG", "REJECT"):
        take(write(action), action)
    take(write("retiré"), "WITHDRAW", by="author")
    assert lines() == ["visible"]


class TestOrder:
    @pytest.fixture(autouse=True)
    def thread(self, publish):
        first = publish("premier", ago=timedelta(hours=3))
        publish("second", ago=timedelta(hours=2))
        publish("troisième", ago=timedelta(hours=1))
        publish("réponse", parent=first, ago=timedelta(minutes=5))

    def test_newest_first_by_default(self, lines):
        assert lines() == ["troisième", "second", "premier", "  réponse"]

    def test_oldest_first(self, lines):
        assert lines(sort="oldest") == ["premier", "  réponse", "second", "troisième"]

    def test_most_answered_first(self, lines):
        assert lines(sort="answers") == ["premier", "  réponse", "troisième", "second"]

    def test_an_unknown_order_is_the_default(self, lines):
        assert lines(sort="random()") == lines()


class TestAnswers:
    def test_stand_oldest_first_each_under_what_it_answers_three_levels_deep(self, lines, publish):
        top = publish("haut", ago=timedelta(hours=9))
        one = publish("un", parent=top, ago=timedelta(hours=8))
        publish("deux", parent=top, ago=timedelta(hours=7))
        publish("un.un", parent=one, ago=timedelta(hours=6), name="Tiphaine")
        assert lines() == ["haut", "  un", "    un.un", "  deux"]

    def test_deeper_ones_stay_at_the_third_level_and_name_whom_they_answer(self, lines, publish):
        chain = publish("0", name="A")
        for number, name in enumerate("BCD", start=1):
            chain = publish(str(number), parent=chain, name=name)
        assert lines() == ["0", "  1", "    2", "    3 @C"]

    def test_beyond_three_wait_behind_a_link_that_continues_the_branch(self, article, publish):
        top = publish("haut", ago=timedelta(hours=9))
        for number in range(5):
            publish(str(number), parent=top, ago=timedelta(hours=8 - number))
        branch = threads.page(Discussion.objects.get()).branches[0]
        assert ([told(answer) for answer in branch.answers], branch.more) == (["  0", "  1", "  2"], 2)
        assert branch.more_after is not None
        rest, more = threads.following(branch.more_after)
        assert ([told(answer) for answer in rest], more) == (["  3", "  4"], None)

    def test_the_rest_of_a_branch_comes_in_pages_without_gap_or_double(self, publish, monkeypatch):
        monkeypatch.setattr(threads, "ANSWERS_A_PAGE", 2)
        top = publish("haut", ago=timedelta(hours=9))
        limb = publish("0", parent=top, ago=timedelta(hours=8))
        for number in range(1, 6):
            publish(str(number), parent=limb if number % 2 else top, ago=timedelta(hours=8 - number))
        after = threads.page(Discussion.objects.get()).branches[0].more_after
        texts = []
        while after is not None:
            rest, after = threads.following(after)
            texts += [answer.comment.text for answer in rest if answer.comment]
        assert texts == ["5", "2", "4"]


class TestGonePlaces:
    def test_a_top_that_goes_leaves_a_place_only_while_an_answer_hangs_below(self, lines, publish, take):
        top = publish("haut", name="Gildas")
        answer = publish("réponse", parent=top)
        take(top, "REJECT")
        assert lines() == ["(gone)", "  réponse"]
        take(answer, "REJECT")
        assert lines() == []

    def test_a_limb_that_goes_leaves_a_place_above_its_answers(self, lines, publish, take):
        top = publish("haut")
        limb = publish("bras", parent=top)
        publish("feuille", parent=limb)
        take(limb, "REJECT")
        assert lines() == ["haut", "  (gone)", "    feuille"]

    def test_a_deep_one_that_goes_leaves_one_place_whoever_answered_it(self, lines, publish, take):
        limb = publish("bras", parent=publish("haut"))
        deep = publish("gone", parent=limb)
        publish("a", parent=deep, ago=timedelta(minutes=20))
        publish("b", parent=deep, ago=timedelta(minutes=10))
        take(deep, "REJECT")
        assert lines() == ["haut", "  bras", "    (gone)", "    a", "    b"]

    def test_a_pending_answer_leaves_nothing(self, lines, publish, write):
        write("attend", parent=publish("haut"))
        assert lines() == ["haut"]

    def test_the_page_tells_nothing_of_who_is_gone(self, reader, article, publish, take):
        top = publish("un texte honteux", name="Gildas P.")
        publish("réponse", parent=top)
        take(top, "REJECT")
        html = reader.get(article.get_absolute_url()).content.decode()
        assert "Commentaire retiré" in html
        for hidden in ("un texte honteux", "Gildas P.", str(top.public_id)):
            assert hidden not in html


class TestPages:
    @pytest.mark.parametrize("sort", threads.SORTS)
    def test_follow_each_other_without_gap_or_double(self, article, publish, monkeypatch, sort):
        monkeypatch.setattr(threads, "BRANCHES_A_PAGE", 3)
        moment = timedelta(hours=1)
        for number in range(8):  # all at the same moment: the public number alone orders them
            publish(str(number), ago=moment)
        discussion, after, texts = Discussion.objects.get(), "", []
        for _turn in range(3):
            read = threads.page(discussion, sort=sort, after=after)
            texts += seen(read)
            after = read.next_cursor
        assert sorted(texts) == [str(number) for number in range(8)]
        assert after == ""

    @pytest.mark.parametrize("cursor", ["", "x", "1", "1.2.3.4", "-1.2", "9" * 30 + ".1", "²³.1", "1e3.4"])
    def test_a_cursor_that_cannot_be_read_gives_the_first_page(self, lines, publish, cursor):
        publish("un")
        assert lines(after=cursor) == ["un"]

    def test_at_begins_with_the_branch_of_a_comment_and_leads_to_it(self, publish, article, monkeypatch, lines):
        monkeypatch.setattr(threads, "BRANCHES_A_PAGE", 2)
        tops = [publish(f"haut {number}", ago=timedelta(hours=9 - number)) for number in range(4)]
        answers = [publish(f"r{number}", parent=tops[0], ago=timedelta(minutes=50 - number)) for number in range(5)]
        assert lines(at=answers[4].public_id) == ["haut 0", "  r0", "  r1", "  r2", "  r3", "  r4"]
        assert lines(at=tops[2].public_id) == ["haut 2", "haut 1"]

    def test_at_a_far_answer_shows_what_stands_around_it_and_leads_both_ways(self, publish, monkeypatch):
        monkeypatch.setattr(threads, "ANSWERS_A_PAGE", 4)
        top = publish("haut", ago=timedelta(hours=9))
        answers = [publish(f"r{number}", parent=top, ago=timedelta(minutes=50 - number)) for number in range(15)]
        branch = threads.page(Discussion.objects.get(), at=answers[8].public_id).branches[0]
        assert [told(answer) for answer in branch.answers] == [f"  r{number}" for number in range(5, 12)]
        assert branch.earlier and branch.more_after and not branch.is_counted
        assert (branch.earlier.pk, branch.more_after.pk) == (answers[5].pk, answers[11].pk)
        last = threads.page(Discussion.objects.get(), at=answers[14].public_id).branches[0]
        assert (last.more, last.more_after) == (0, None)

    def test_at_a_hidden_comment_is_the_first_page_as_for_a_missing_one(self, lines, publish, write):
        publish("visible")
        assert lines(at=write("attend").public_id) == lines(at=4242) == ["visible"]


class TestQueries:
    def test_making_the_article_page_takes_seven_whatever_the_number_and_one_more_for_a_place(
        self, reader, article, publish, django_assert_max_num_queries
    ):
        top = publish("haut")
        with django_assert_max_num_queries(7):
            reader.get(article.get_absolute_url())
        for number in range(12):
            publish(f"réponse {number}", parent=publish(f"haut {number}") if number % 2 else top)
        with django_assert_max_num_queries(7):
            reader.get(article.get_absolute_url())
        with django_assert_max_num_queries(7):
            reader.get(article.get_absolute_url() + "?sort=answers")
        deep = Comment.objects.visible().filter(root=top).latest("pk")
        with django_assert_max_num_queries(8):
            reader.get(f"{article.get_absolute_url()}?at={deep.public_id}")
        with django_assert_max_num_queries(8):
            reader.get(f"{article.get_absolute_url()}?reply={deep.public_id}")


class TestPublicAddresses:
    def test_a_permalink_leads_to_the_page_that_holds_the_comment(self, reader, approved, article):
        answer = reader.get(approved.get_absolute_url())
        assert answer.status_code == 302
        assert answer["Location"] == (
            f"{article.get_absolute_url()}?at={approved.public_id}#comment-{approved.public_id}"
        )

    @pytest.mark.parametrize("name", ["comment", "report", "comment_following"])
    @pytest.mark.parametrize("status", ["PENDING", "FLAGGED", "REJECTED", "WITHDRAWN"])
    def test_a_hidden_comment_answers_exactly_like_a_missing_one(self, reader, write, take, name, status):
        comment = write("caché")
        action = {"FLAGGED": "FLAG", "REJECTED": "REJECT", "WITHDRAWN": "WITHDRAW"}.get(status)
        if action:
            take(comment, action, **({"by": "author"} if action == "WITHDRAW" else {}))
        hidden = reader.get(reverse(name, args=[comment.public_id]))
        missing = reader.get(reverse(name, args=[4242]))
        assert hidden.status_code == missing.status_code == 404
        assert hidden.content == missing.content
        # Expires is the clock's: two answers a moment apart may fall into two seconds.
        assert _headers(hidden) == _headers(missing)

    def test_the_feed_has_the_visible_comments_as_text(self, reader, article, publish, write):
        publish("<b>gras</b> & vrai", name="Odile <i>F.</i>")
        write("attend encore")
        answer = reader.get(reverse("comments_feed", args=[article.slug]))
        assert answer["Content-Type"].startswith("application/atom+xml")
        body = answer.content.decode()
        assert "attend encore" not in body
        assert "<b>" not in body
        # An Atom summary of type html is decoded once more by who reads it: the text must survive that.
        assert "&amp;lt;b&amp;gt;gras&amp;lt;/b&amp;gt; &amp;amp; vrai" in body
        assert "yannick@example.org" not in body
        assert "gras" in body


class TestCounts:
    """For the lists of other sites: visible comments by article."""

    @pytest.fixture
    def counts(self, reader):
        return lambda *slugs: reader.get(reverse("comment_counts"), {"articles": ",".join(slugs)})

    def test_they_are_those_of_the_pages(self, counts, article, section, publish, write):
        silent = make_article(section, slug="sans-voix")
        publish("un", parent=publish("deux"))
        write("attend")
        assert counts(article.slug, silent.slug, article.slug).json() == {
            "counts": {article.slug: 2, silent.slug: 0},
        }

    def test_what_is_not_on_the_site_is_left_out_and_no_name_comes_back(self, counts, section):
        make_article(section, slug="retire", is_published=False)
        answer = counts("retire", "rien", "<script>", "é", " ")
        assert (answer.status_code, answer.json()) == (200, {"counts": {}})
        assert counts().json() == {"counts": {}}

    def test_any_site_may_ask_and_nobody_is_told_more_than_a_hundred(self, counts):
        assert counts("a")["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in counts("a")
        much = counts(*(f"a{number}" for number in range(101)))
        assert (much.status_code, much["Access-Control-Allow-Origin"]) == (400, "*")
        assert "no-store" in much["Cache-Control"]

    def test_a_list_costs_two_queries(self, counts, section, publish, django_assert_num_queries):
        slugs = [make_article(section, slug=f"a{number}").slug for number in range(30)]
        with django_assert_num_queries(2):
            counts(*slugs)


def _headers(answer) -> dict[str, str]:
    return {name: value for name, value in answer.items() if name != "Expires"}


def test_a_thread_page_is_plain_data():
    assert ThreadPage("newest", [Branch(None)]).branches[0].answers == []
