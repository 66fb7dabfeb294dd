"""What awaits whom, in which order, at a fixed cost."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import claims, counted, queues
from comments.figures import coarse, publication_delay
from comments.models import Comment, Discussion, Finding, LimitCount, Trace
from comments.reports import file_report
from tests.integrity import assert_whole


@pytest.fixture
def suspect(write):
    def written(text: str, **how) -> Comment:
        comment = write(text, **how)
        Comment.objects.filter(pk=comment.pk).update(is_suspect=True)
        Finding.objects.create(comment=comment, rule="links", start=0, end=2)
        return comment

    return written


def texts(code: str) -> list[str]:
    return [comment.text for comment in queues.page(code).comments]


def test_each_queue_holds_its_own_in_its_order(write, suspect, publish, take):
    write("b", ago=timedelta(hours=1))
    write("a", ago=timedelta(hours=2))
    suspect("s")
    take(write("f"), "FLAG")
    take(write("r"), "REJECT")
    publish("v")
    assert {code: texts(code) for code in queues.QUEUES} == {
        "reported": [],
        "pending": ["a", "b"],
        "suspects": ["s"],
        "flagged": ["f"],
        "rejected": ["r"],
        "approved": ["v"],
    }
    assert queues.sizes() == {"reported": 0, "pending": 2, "suspects": 1, "flagged": 1, "rejected": 1, "approved": 1}


def test_the_desk_opens_on_what_is_most_urgent(write, suspect, take, publish, at):
    assert queues.most_urgent() == "pending"
    take(write("f"), "FLAG")
    assert queues.most_urgent() == "flagged"
    suspect("s")
    assert queues.most_urgent() == "suspects"
    write("p")
    assert queues.most_urgent() == "pending"
    file_report(publish("v"), reason="SPAM", detail="", email="", address="192.0.2.1", port=None, at=at)
    assert queues.most_urgent() == "reported"


def test_a_size_is_counted_up_to_its_cap(write, monkeypatch):
    monkeypatch.setattr(counted, "SIZE_CAP", 2)
    for number in range(5):
        write(str(number))
    assert queues.size("pending") == 3


def test_the_oldest_waiting_is_told_whether_suspect_or_not(write, suspect, at):
    assert queues.oldest_waiting_since() is None
    write("p", ago=timedelta(hours=1))
    suspect("s", ago=timedelta(hours=5))
    assert queues.oldest_waiting_since() == at - timedelta(hours=5)


@pytest.mark.parametrize("code", queues.QUEUES)
def test_pages_follow_each_other_without_gap_or_double(write, publish, suspect, take, at, code):
    makers = {
        "pending": write,
        "suspects": suspect,
        "approved": publish,
        "flagged": lambda text: take(write(text), "FLAG"),
        "rejected": lambda text: take(write(text), "REJECT"),
        "reported": lambda text: file_report(
            publish(text), reason="SPAM", detail="", email=f"{text}@example.org", address="192.0.2.1", port=None, at=at
        ),
    }
    for number in range(7):
        makers[code](str(number))
    after, seen = "", []
    for _turn in range(3):
        page = queues.page(code, after=after, size=3)
        seen += [comment.text for comment in page.comments]
        after = page.next_cursor
    assert (sorted(seen), after) == ([str(number) for number in range(7)], "")


@pytest.mark.parametrize("cursor", ["x", "a~b", "~", "2026-01-01~x", "1~2~3~4"])
def test_a_cursor_that_cannot_be_read_gives_the_first_page(write, cursor):
    write("a")
    assert [comment.text for comment in queues.page("pending", after=cursor).comments] == ["a"]


def test_a_page_costs_the_same_number_of_queries_whatever_it_holds(write, publish, moderator, at):
    def read() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            for comment in queues.page("pending").comments:
                assert comment.discussion.article.headline
                assert len(comment.findings.all()) <= 1
                assert len(comment.decisions.all()) == len(comment.open_reports) == 0
                assert comment.parent is None or comment.parent.text
                assert not hasattr(comment, "claim") or comment.claim.holder.username
        return len(queries)

    top = publish("haut")
    write("un", parent=top)
    few = read()
    for number in range(12):
        comment = write(f"texte {number}", parent=top)
        Finding.objects.create(comment=comment, rule="links", start=0, end=2)
        claims.take(comment, by=moderator, at=at)
    assert read() == few


class TestDelay:
    """« Publication en général en 12 minutes »: from approvals of what is visible now, in coarse steps."""

    @pytest.fixture
    def waits(self, publish):
        def approved_after(*minutes: int) -> list[Comment]:
            return [publish(f"attendu {one} {n}", ago=timedelta(minutes=one)) for n, one in enumerate(minutes)]

        return approved_after

    def test_too_few_approvals_say_nothing(self, waits):
        waits(10, 10, 10, 10)
        assert publication_delay(Discussion.objects.get()) == ""
        assert publication_delay(None) == ""

    def test_the_median_and_nine_in_ten_are_told(self, waits):
        waits(8, 9, 9, 10, 50)
        told = publication_delay(Discussion.objects.get())
        assert "10" in told
        assert "1" in told.replace("10", "")

    def test_a_hidden_comment_moves_nothing(self, waits, write, take):
        visible = waits(8, 9, 9, 10, 50)
        before = publication_delay(Discussion.objects.get())
        late = write("tard", ago=timedelta(days=9))
        take(late, "APPROVE")
        take(late, "REJECT")
        for _number in range(6):
            write("attend depuis longtemps", ago=timedelta(days=5))
        assert publication_delay(Discussion.objects.get()) == before
        take(visible[0], "REJECT")
        assert publication_delay(Discussion.objects.get()) == ""

    def test_imports_that_were_held_tell_nothing_either(self, publish):
        for number in range(9):
            held = publish(f"tenu {number}", ago=timedelta(days=3))
            Trace.objects.filter(comment=held).delete()
        assert publication_delay(Discussion.objects.get()) == ""

    def test_a_wait_beyond_the_last_step_is_not_told(self, waits):
        waits(*[20_000] * 9)
        assert publication_delay(Discussion.objects.get()) == ""

    def test_imports_tell_nothing_of_our_delay(self, article, at):
        from comments.taking_over import discussion_of, take_over

        for number in range(9):
            take_over(
                discussion_of(article),
                source_key=str(number),
                author_name="",
                text="public ailleurs",
                submitted_at=at - timedelta(days=900),
                at=at,
            )
        assert publication_delay(Discussion.objects.get()) == ""

    @pytest.mark.parametrize(("minutes", "step"), [(0, 5), (5, 5), (5.1, 10), (61, 90), (99999, None)])
    def test_steps_are_coarse(self, minutes, step):
        assert coarse(timedelta(minutes=minutes)) == step


def test_purge_forgets_old_traces_and_past_limits_and_nothing_else(article, at, capsys):
    from django.core.management import call_command
    from django.utils import timezone

    from comments.submission import Post, submit

    old, fresh = timezone.now() - timedelta(days=400), timezone.now()
    for number, when in enumerate((old, fresh)):
        submit(article, post=Post(author_name="O", email=f"o{number}@example.org", text=f"Texte {number}"), at=when)
    call_command("purge")
    assert [trace.at for trace in Trace.objects.all()] == [fresh]
    assert LimitCount.objects.count() == 2
    assert Comment.objects.count() == 2
    assert_whole()
