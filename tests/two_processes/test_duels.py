"""Two moderators at two processes want the same comment at the same moment: to decide on it, or to read it alone."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from functools import partial

import pytest
from django.utils import timezone

from comments.models import Claim, Comment, Decision, Discussion
from tests.integrity import assert_whole
from tests.two_processes import Browser, at_the_desk, processes

pytestmark = [pytest.mark.race, pytest.mark.xdist_group("two processes"), pytest.mark.django_db(transaction=True)]
DUELS = 12
# Within so many, two who are not compared decide on the same comment.
CARELESS_DUELS = 60
ACTS = ({"action": "APPROVE"}, {"action": "REJECT", "ground": "SPAM"})
AtOnce = Callable[[list[Callable[[], object]]], list[object]]
# The desks are theirs, in this order.
WHO = ("mona", "karim")
_SHOWN = re.compile(r'data-one="(\d+)"')


@pytest.fixture
def people(moderator, colleague, signed_in):
    return signed_in(moderator), signed_in(colleague)


@pytest.fixture
def desks(ports, people) -> list[Browser]:
    return [at_the_desk(port, person) for port, person in zip(ports, people, strict=True)]


def duel(desks: list[Browser], comment: Comment, in_parallel: AtOnce) -> list[object]:
    """Both send at once; their answers, the smaller first."""
    path = f"/moderation/comments/{comment.public_id}/decide/"
    posts = [partial(desk.post, path, version=1, **act) for desk, act in zip(desks, ACTS, strict=True)]
    return sorted(status for status, _headers, _body in in_parallel(posts))


def test_two_moderators_at_two_processes_cannot_both_decide(desks, write, in_parallel):
    for number in range(DUELS):
        comment = write(f"À décider {number}")
        assert duel(desks, comment, in_parallel) == [303, 409]
        assert Decision.objects.filter(comment=comment).count() == 1
        comment.refresh_from_db()
        assert comment.version == 2
    assert Discussion.objects.get().visible_count == Comment.objects.visible().count()
    assert_whole()


def test_without_the_comparison_both_decide(people, write, in_parallel):
    """The duel above would see it: both are told that they decided, and two decisions stand."""
    with processes(2, door="tests.two_processes.careless") as ports:
        desks = [at_the_desk(port, person) for port, person in zip(ports, people, strict=True)]
        for number in range(CARELESS_DUELS):
            comment = write(f"À décider {number}")
            if duel(desks, comment, in_parallel) == [303, 303]:
                break
    assert Decision.objects.filter(comment=comment).count() == 2


def test_of_two_who_reserve_a_comment_at_once_one_is_told(desks, write, in_parallel):
    for number in range(DUELS):
        comment = write(f"À lire {number}")
        answers = in_parallel(
            [partial(desk.post, f"/moderation/comments/{comment.public_id}/claim/") for desk in desks]
        )
        assert sorted(status for status, _headers, _body in answers) == [303, 423]
        winner = WHO[[status for status, _headers, _body in answers].index(303)]
        assert Claim.objects.get(comment=comment).holder.username == winner


def test_two_who_ask_for_what_comes_next_never_hold_the_same(desks, write, in_parallel):
    """Both are shown the same comments, as nobody holds any; what each is told to hold is theirs alone. Until all are
    decided: nobody is told that a colleague was faster or reads it."""
    waiting = {write(f"En attente {number}").public_id for number in range(2 * DUELS)}
    for _turn in range(4 * DUELS):
        shown = in_parallel([partial(next_of, desk) for desk in desks])
        held = in_parallel([partial(reserve, desk, numbers) for desk, numbers in zip(desks, shown, strict=True)])
        assert held[0] & held[1] == set()
        for username, numbers in zip(WHO, held, strict=True):
            leases = Claim.objects.filter(holder__username=username, until__gt=timezone.now())
            assert numbers <= set(leases.values_list("comment__public_id", flat=True))
        answers = in_parallel([partial(decide_all, desk, n) for desk, n in zip(desks, held, strict=True)])
        assert set().union(*answers) <= {303}
        waiting -= held[0] | held[1]
        if not waiting:
            break
    assert Decision.objects.count() == 2 * DUELS
    assert Decision.objects.values("moderator").distinct().count() == 2
    assert_whole()


def next_of(desk: Browser) -> list[int]:
    status, _headers, page = desk.ask("/moderation/?queue=pending&layout=focus")
    assert status == 200
    return [int(one) for one in _SHOWN.findall(page)]


def reserve(desk: Browser, numbers: list[int]) -> set[int]:
    """What the desk's script does with what it shows; gives what nobody else holds."""
    if not numbers:
        return set()
    status, _headers, answer = desk.post("/moderation/claims/", focus=numbers[0], ahead=numbers[1:])
    assert status == 200
    return set(numbers) - set(json.loads(answer)["taken"])


def decide_all(desk: Browser, held: set[int]) -> set[int]:
    """How each decision was answered."""
    paths = [f"/moderation/comments/{number}/decide/" for number in held]
    return {desk.post(path, version=1, action="APPROVE")[0] for path in paths}
