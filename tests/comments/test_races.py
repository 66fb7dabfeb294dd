"""What several people do at once. SQLite takes writers in turn and hides most of it; PostgreSQL does not."""

from __future__ import annotations

import pytest

from comments import claims
from comments.claims import ClaimedByAnother
from comments.decisions import Stale, decide, undo
from comments.models import Claim, Comment, Decision, Discussion, LimitCount, Reader, Report
from comments.reports import NotVisible, file_report
from comments.submission import Post, submit
from tests.integrity import assert_whole

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("races")]
ROUNDS = 12


def test_a_duel_has_one_winner_and_one_who_is_told(in_parallel, write, moderator, colleague, at):
    for number in range(ROUNDS):
        comment = write(f"Duel {number}")
        results = in_parallel(
            [
                lambda: decide(comment, action="APPROVE", version=1, by=moderator, at=at),
                lambda: decide(comment, action="REJECT", ground="SPAM", version=1, by=colleague, at=at),
            ]
        )
        assert sorted(type(result) for result in results if isinstance(result, Stale)) == [Stale]
        assert Decision.objects.filter(comment=comment).count() == 1
    assert_whole()


def test_one_retry_storm_of_a_decision_is_one_decision(in_parallel, pending, moderator, at):
    results = in_parallel([lambda: decide(pending, action="APPROVE", version=1, by=moderator, at=at, key="k")] * 6)
    assert [type(result) for result in results] == [Decision] * 6
    assert len({result.pk for result in results}) == 1  # type: ignore[attr-defined]
    assert Discussion.objects.get().visible_count == 1


def test_a_storm_of_one_post_is_one_comment(in_parallel, article, at, settings):
    post = Post(author_name="Odile", email="odile@example.org", text="Et les riverains ?", idempotency_key="once")
    results = in_parallel([lambda: submit(article, post=post, at=at)] * 8)
    assert [type(result) for result in results] == [Comment] * 8
    assert Comment.objects.count() == 1
    assert Reader.objects.count() == 1
    assert {count.count for count in LimitCount.objects.all()} == {1}


def test_a_limit_lets_no_more_through_at_once_than_one_after_the_other(in_parallel, article, at, settings):
    settings.COMMENTS = settings.COMMENTS | {"LIMIT_SUBMIT_PER_ADDRESS": (3, 600)}
    posts = [Post(author_name="Odile", email=f"r{n}@example.org", text=f"Texte {n}") for n in range(8)]
    results = in_parallel([lambda post=post: submit(article, post=post, at=at) for post in posts])
    assert sorted(type(result).__name__ for result in results) == ["Comment"] * 3 + ["TooMany"] * 5
    assert Comment.objects.count() == Reader.objects.count() == 3
    assert LimitCount.objects.order_by("-count").first().count == 3


def test_answers_of_one_branch_decided_at_once_all_count(in_parallel, publish, write, moderator, at):
    top = publish()
    answers = [write(f"Réponse {number}", parent=top) for number in range(8)]
    results = in_parallel(
        [lambda one=one: decide(one, action="APPROVE", version=1, by=moderator, at=at) for one in answers]
    )
    assert [type(result) for result in results] == [Decision] * 8
    top.refresh_from_db()
    assert top.visible_answers == 8
    assert_whole()


def test_a_branch_and_its_answer_decided_at_once_do_not_block_each_other(
    in_parallel, publish, moderator, colleague, at
):
    for number in range(ROUNDS):
        top = publish(f"Branche {number}")
        answer = publish(f"Réponse {number}", parent=top)
        results = in_parallel(
            [
                lambda: decide(top, action="REJECT", ground="SPAM", version=2, by=moderator, at=at),
                lambda: decide(answer, action="REJECT", ground="SPAM", version=2, by=colleague, at=at),
            ]
        )
        assert [type(result) for result in results] == [Decision] * 2
    assert_whole()


def test_a_report_and_a_rejection_at_once_leave_no_open_report_on_a_hidden_comment(in_parallel, publish, moderator, at):
    for number in range(ROUNDS):
        comment = publish(f"Texte {number}")
        results = in_parallel(
            [
                lambda: decide(comment, action="REJECT", ground="ABUSE", version=2, by=moderator, at=at),
                lambda: file_report(
                    comment, reason="ABUSE", detail="", email="", address=f"192.0.2.{number}", port=None, at=at
                ),
            ]
        )
        assert isinstance(results[0], Decision)
        assert isinstance(results[1], Report | NotVisible)
    assert not Report.objects.open().exists()


def test_undoing_and_deciding_at_once_has_one_winner(in_parallel, publish, moderator, chief, at):
    for number in range(ROUNDS):
        comment = publish(f"Texte {number}")
        results = in_parallel(
            [
                lambda: undo(comment, version=2, by=moderator, at=at),
                lambda: decide(comment, action="REJECT", ground="ABUSE", version=2, by=chief, at=at),
            ]
        )
        assert sum(isinstance(result, Stale) for result in results) == 1
    assert_whole()


def test_two_people_cannot_both_hold_a_comment(in_parallel, write, moderator, colleague, at):
    for number in range(ROUNDS):
        comment = write(f"Texte {number}")
        results = in_parallel([lambda who=who: claims.take(comment, by=who, at=at) for who in (moderator, colleague)])
        assert sorted(type(result).__name__ for result in results) == [Claim.__name__, ClaimedByAnother.__name__]
