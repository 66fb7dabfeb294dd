"""Leases and skips: what comes next for whom, so that no two people read the same comment."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import claims, queues
from comments.claims import ClaimedByAnother
from comments.models import Claim, Comment, Skip
from comments.reports import file_report
from newsroom import roles
from tests.conftest import person

MINUTE = timedelta(minutes=1)


@pytest.fixture
def queue(write):
    """Ten that wait, the oldest first."""
    return [write(f"Texte {number}", ago=timedelta(hours=20 - number)) for number in range(10)]


def keys(comments) -> list[int]:
    return [comment.pk for comment in comments]


def test_the_next_six_are_the_oldest_and_are_leased(queue, moderator, at):
    assert queues.next_for(moderator, "pending", at=at) == queue[:6]
    leases = {claim.comment_id: claim.until for claim in Claim.objects.filter(holder=moderator)}
    assert leases.pop(queue[0].pk) == at + 10 * MINUTE
    assert leases == {comment.pk: at + 2 * MINUTE for comment in queue[1:6]}


def test_asking_again_gives_the_same_and_shortens_no_lease(queue, moderator, at):
    first = queues.next_for(moderator, "pending", at=at)
    claims.take(queue[3], by=moderator, at=at)
    assert queues.next_for(moderator, "pending", at=at + MINUTE) == first
    assert Claim.objects.get(comment=queue[3]).until == at + 10 * MINUTE
    assert Claim.objects.get(comment=queue[1]).until == at + 3 * MINUTE


def test_a_colleague_gets_what_follows_and_nothing_twice(queue, moderator, colleague, at):
    queues.next_for(moderator, "pending", at=at)
    assert queues.next_for(colleague, "pending", at=at) == queue[6:]
    assert queues.page("pending", for_moderator=colleague, at=at).comments == queue[6:]
    assert len(queues.page("pending").comments) == 10


def test_a_chief_is_not_handed_what_others_read(queue, moderator, chief, at):
    queues.next_for(moderator, "pending", at=at)
    assert queues.next_for(chief, "pending", at=at) == queue[6:]
    assert Claim.objects.filter(holder=moderator).count() == 6


def test_leases_that_have_run_out_are_handed_on(queue, moderator, colleague, at):
    queues.next_for(moderator, "pending", at=at)
    later = queues.next_for(colleague, "pending", at=at + 2 * MINUTE, size=3)
    assert later == queue[1:4]
    assert queues.next_for(colleague, "pending", at=at + 10 * MINUTE, size=1) == queue[:1]


def test_a_skipped_comment_is_hidden_from_that_moderator_for_an_hour(queue, moderator, colleague, at):
    queues.next_for(moderator, "pending", at=at)
    claims.skip(queue[0], by=moderator, at=at)
    assert not Claim.objects.filter(comment=queue[0]).exists()
    assert queues.next_for(moderator, "pending", at=at, size=1) == queue[1:2]
    assert queues.next_for(colleague, "pending", at=at, size=1) == queue[:1]
    claims.release_all(by=colleague)
    assert queues.next_for(moderator, "pending", at=at + 60 * MINUTE, size=1) == queue[:1]


def test_skipping_twice_starts_the_hour_again_and_skips_can_be_taken_back(queue, moderator, at):
    claims.skip(queue[0], by=moderator, at=at)
    claims.skip(queue[0], by=moderator, at=at + 5 * MINUTE)
    assert Skip.objects.get().until == at + 65 * MINUTE
    assert claims.unskip_all(by=moderator) == 1
    assert queues.next_for(moderator, "pending", at=at, size=1) == queue[:1]


def test_past_skips_are_forgotten_and_others_are_not(queue, moderator, at):
    claims.skip(queue[0], by=moderator, at=at)
    claims.skip(queue[1], by=moderator, at=at + MINUTE)
    assert claims.forget_past_skips(at=at + 60 * MINUTE + timedelta(seconds=1)) == 1
    assert Skip.objects.get().comment_id == queue[1].pk


def test_leaving_the_desk_gives_own_leases_back_and_no_others(queue, moderator, colleague, at):
    queues.next_for(moderator, "pending", at=at)
    claims.take(queue[8], by=colleague, at=at)
    assert claims.release_all(by=moderator) == 6
    assert Claim.objects.get().holder == colleague


def test_the_five_ahead_are_taken_where_they_are_free(queue, moderator, colleague, at):
    claims.take(queue[2], by=colleague, at=at)
    assert claims.take_ahead(queue[1:], by=moderator, at=at) == [queue[1], queue[3], queue[4], queue[5]]
    assert Claim.objects.get(comment=queue[2]).holder == colleague
    assert claims.take_ahead([], by=moderator, at=at) == []


def test_a_chief_takes_over_a_lease_and_a_moderator_does_not(queue, moderator, colleague, chief, at):
    claims.take(queue[0], by=moderator, at=at)
    with pytest.raises(ClaimedByAnother) as refusal:
        claims.take(queue[0], by=colleague, at=at)
    assert refusal.value.claim.holder == moderator
    assert claims.take(queue[0], by=chief, at=at).holder == chief


@pytest.mark.parametrize("code", queues.QUEUES)
def test_every_queue_can_be_worked_through(code, write, publish, take, moderator, colleague, at):
    makers = {"flagged": "FLAG", "rejected": "REJECT"}
    comment = publish("v") if code in ("approved", "reported") else write("x")
    if code in makers:
        # A second look is somebody else's.
        take(comment, makers[code], by=colleague)
    if code == "suspects":
        Comment.objects.filter(pk=comment.pk).update(is_suspect=True)
    if code == "reported":
        file_report(comment, reason="SPAM", detail="", email="", address="192.0.2.1", port=None, at=at)
    assert keys(queues.next_for(moderator, code, at=at)) == [comment.pk]


def test_what_comes_next_costs_a_fixed_number_of_queries(queue, moderator, at):
    with CaptureQueriesContext(connection) as of_one:
        queues.next_for(moderator, "pending", at=at, size=2)
    with CaptureQueriesContext(connection) as of_nine:
        queues.next_for(moderator, "pending", at=at, size=9)
    assert len(of_nine) == len(of_one)


@pytest.mark.race
@pytest.mark.xdist_group("races")
def test_ten_moderators_who_ask_at_once_get_ten_different_hands(in_parallel, write, at):
    for number in range(80):
        write(f"Texte {number}", ago=timedelta(minutes=200 - number))
    people = [person(f"m{number}", roles.MODERATORS) for number in range(10)]
    for round_ in range(3):
        moment = at + round_ * 11 * MINUTE
        hands = in_parallel([partial(queues.next_for, who, "pending", at=moment) for who in people])
        assert [hand for hand in hands if isinstance(hand, Exception)] == []
        given = [comment.pk for hand in hands for comment in hand]  # type: ignore[attr-defined]
        assert len(given) == len(set(given)) == 60
        held = {(claim.comment_id, claim.holder_id) for claim in Claim.objects.filter(until__gt=moment)}
        assert held == {(one.pk, who.pk) for who, hand in zip(people, hands, strict=True) for one in hand}  # type: ignore[call-overload]
