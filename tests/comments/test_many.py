"""Several comments at once are decided exactly as one by one, in statements that do not grow with their number."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from comments import bulks, claims
from comments.bulks import decide_bulk, undo_bulk
from comments.claims import ClaimedByAnother
from comments.decisions import Outcome, Refused, Stale, decide, decide_each, undo, undo_each
from comments.models import Claim, Comment, Decision, Discussion, Report
from comments.reports import NotVisible, file_report, resolve, resolve_each
from newsroom import roles
from newsroom.models import Section, User
from tests.conftest import make_article
from tests.integrity import assert_whole

MINUTE = timedelta(minutes=1)
SIZE = 14
HOW = {"APPROVE": {}, "REJECT": {"ground": "SPAM"}, "FLAG": {"note": "à relire"}}


class Newsroom:
    """A newsroom in which much has happened already; the same happened in every other of the same seed."""

    def __init__(self, name: str, seed: int, *, section: Any, write: Any, people: list[User], at: datetime) -> None:
        self.chance, self.people, self.at = random.Random(seed), people, at
        articles = [make_article(section, slug=f"{name}-{number}") for number in range(3)]
        self.comments: list[Comment] = []
        for number in range(SIZE):
            above = [one for one in self.comments if one.depth < 3]
            parent = self.chance.choice(above) if above and self.chance.random() < 0.5 else None
            under = parent.discussion.article if parent else self.chance.choice(articles)
            self.comments.append(write(f"Texte {number}", under=under, parent=parent))
        for _event in range(3 * SIZE):
            self._happen(self.chance.choice(self.comments))
        self.read = [(one, one.version - (self.chance.random() < 0.1)) for one in self.now()]

    def now(self) -> list[Comment]:
        return list(Comment.objects.filter(pk__in=[one.pk for one in self.comments]).order_by("pk"))

    def _happen(self, comment: Comment) -> None:
        comment.refresh_from_db()
        person, what = self.chance.choice(self.people), self.chance.choice([*HOW, *HOW, "UNDO", "REPORT", "CLAIM"])
        how = {"version": comment.version, "by": person, "at": self.at - MINUTE}
        try:
            if what == "REPORT":
                address = f"192.0.2.{self.chance.randrange(250)}"
                file_report(comment, reason="SPAM", detail="", email="", address=address, port=None, at=self.at)
            elif what == "CLAIM":
                claims.take(comment, by=person, at=self.at - self.chance.choice([MINUTE, 20 * MINUTE]))
            elif what == "UNDO":
                undo(comment, **how)
            else:
                decide(comment, action=what, **how, **HOW[what])
        except (Refused, ClaimedByAnother, NotVisible):
            pass  # it could not happen, in neither newsroom

    def told(self) -> list[Any]:
        """Everything that a decision writes, without the keys that two newsrooms do not share."""
        place = {one.pk: number for number, one in enumerate(self.comments)}
        discussions = Discussion.objects.filter(comments__in=self.comments).distinct().order_by("article__slug")
        versions = dict(Decision.objects.values_list("pk", "version"))
        decisions = Decision.objects.filter(comment__in=self.comments).order_by("comment", "version")
        reports = Report.objects.filter(comment__in=self.comments).order_by("comment", "reporter")
        leased = Claim.objects.filter(comment__in=self.comments).order_by("comment", "holder")
        return [
            [(one.status, one.version, one.decided_at, one.visible_answers, one.revision) for one in self.now()],
            [(one.visible_count, one.version) for one in discussions],
            [(*_told(one), place[one.comment_id], versions.get(one.undoes_id or 0)) for one in decisions],
            [(place[one.comment_id], one.state, versions.get(one.settled_by_id or 0)) for one in reports],
            [(place[one.comment_id], one.holder_id) for one in leased],
        ]


def _told(one: Decision) -> tuple[Any, ...]:
    by = (one.moderator_id, one.policy, one.bulk_id, one.idempotency_key, one.at)
    return (one.version, one.action, one.from_status, one.to_status, one.revision, one.ground, one.note, *by)


def one_by_one(door: Callable[..., Decision], read: Iterable[tuple[Comment, int]], **how: Any) -> list[Outcome]:
    outcomes = []
    for comment, version in read:
        try:
            outcomes.append(Outcome(comment, decision=door(comment, version=version, **how)))
        except (Refused, ClaimedByAnother) as refusal:
            outcomes.append(Outcome(comment, refusal=refusal))
    return outcomes


def undo_read(read: Iterable[tuple[Comment, int]], **how: Any) -> list[Outcome]:
    return undo_each([(comment.pk, version) for comment, version in read], **how)


DOORS = [(decide, decide_each), (decide, decide_each), (resolve, resolve_each), (undo, undo_read)]


@pytest.mark.parametrize("seed", range(10))
def test_several_at_once_give_exactly_what_one_by_one_gives(
    seed, section, write, moderator, colleague, chief, at, monkeypatch
):
    people = [moderator, colleague, chief]
    # The articles' slugs go into nothing that is compared.
    rooms = [Newsroom(name, seed, section=section, write=write, people=people, at=at) for name in ("un", "deux")]
    assert rooms[0].told() == rooms[1].told()
    chance = random.Random(seed)
    for _round in range(4):
        (one, each), by = chance.choice(DOORS), chance.choice(people)
        action = chance.choice(["APPROVE", "REJECT"] if one is resolve else list(HOW))
        how = {"by": by, "at": at} | ({} if one is undo else {"action": action, **HOW[action]})
        outcomes = one_by_one(one, rooms[0].read, **how), each(rooms[1].read, **how)
        ended = [[(type(end.refusal), str(end.refusal), bool(end.decision)) for end in ends] for ends in outcomes]
        assert ended[0] == ended[1]
        assert rooms[0].told() == rooms[1].told()
        for room in rooms:
            room.read = [(comment, comment.version) for comment in room.now()]
    assert_whole()


def test_what_comes_back_is_the_row_that_was_written(write, moderator, at):
    read = [(write(f"Texte {number}"), 1) for number in range(3)]
    for outcome in decide_each(read, action="REJECT", ground="SPAM", note=" vu ", by=moderator, at=at):
        assert outcome.decision is not None
        row = Decision.objects.get(pk=outcome.decision.pk)
        assert _told(row) == _told(outcome.decision)
        assert (row.comment_id, row.note) == (outcome.comment.pk, "vu")


def queries_of(act: Callable[[], object]) -> int:
    with CaptureQueriesContext(connection) as queries:
        act()
    return len(queries)


def test_a_thousand_cost_as_many_statements_as_a_few(section, moderator, at):
    """Half of them answers under as many tops, over fifty articles of unequal shares."""
    moderator.has_perm(roles.DECIDE), moderator.has_perm(roles.OVERRIDE)  # asked once a request
    counts = []
    for size in (8, bulks.MOST):
        read = [(comment, 1) for comment in many_pending(section, size, at)]
        made: list[Any] = []
        counts.append(
            [
                queries_of(
                    lambda read=read, made=made: made.append(decide_bulk(read, action="APPROVE", by=moderator, at=at))
                ),
                queries_of(lambda made=made: undo_bulk(made[0][0], by=moderator, at=at)),
            ]
        )
        assert sum(outcome.decision is not None for outcome in made[0][1]) == size
        assert_whole()
    assert counts[0] == counts[1]
    assert max(counts[1]) <= 18


def many_pending(section: Section, size: int, at: datetime) -> list[Comment]:
    """So many that wait: the second half answers the first, one each."""
    discussions = [
        Discussion.objects.create(article=make_article(section, slug=f"sujet-{size}-{number}"))
        for number in range(size // 20 + 2)
    ]
    tops: list[Comment] = []
    answers: list[Comment] = []
    for number in range(size // 2):
        # The first articles get more than the last.
        discussion = discussions[number * number % len(discussions)]
        common = {"discussion": discussion, "text": "Texte", "submitted_at": at}
        tops.append(Comment(fingerprint=f"{size} haut {number}", **common))
        answers.append(Comment(fingerprint=f"{size} réponse {number}", parent=tops[-1], depth=1, **common))
    Comment.objects.bulk_create(tops)
    for answer in answers:
        answer.parent = answer.root = answer.parent
    Comment.objects.bulk_create(answers)
    return [*tops, *answers]


@pytest.mark.race
@pytest.mark.xdist_group("races")
def test_bulks_over_branches_and_articles_the_other_way_round_do_not_block_each_other(
    in_parallel, write, publish, section, moderator, colleague, at
):
    articles = [make_article(section, slug=f"sujet-{number}") for number in range(3)]
    for _round in range(4):
        tops = [publish(f"Haut {number}", under=articles[number % 3]) for number in range(6)]
        answers = [publish("Réponse", under=top.discussion.article, parent=top) for top in tops]
        one, other = [*tops[:3], *answers[3:]], [*answers[:3][::-1], *tops[3:][::-1]]
        results = in_parallel(
            [
                lambda one=one: decide_each([(x, 2) for x in one], action="REJECT", ground="SPAM", by=moderator, at=at),
                lambda other=other: decide_each(
                    [(x, 2) for x in other], action="REJECT", ground="SPAM", by=colleague, at=at
                ),
                lambda answers=answers: [undo(answers[0], version=2, by=moderator, at=at)],
            ]
        )
        assert all(isinstance(result, list | Stale) for result in results), results
    assert_whole()


def test_a_claim_taken_between_the_reading_and_the_writing_leaves_that_one_out(
    write, moderator, colleague, at, monkeypatch
):
    """PostgreSQL lets a colleague in between the two statements."""
    from comments.decisions import many

    comments = [write("Un"), write("Deux")]
    judge = many._judged

    def judged_slowly(*given):
        claims.take(comments[1], by=colleague, at=at)
        return judge(*given)

    monkeypatch.setattr(many, "_judged", judged_slowly)
    outcomes = decide_each([(one, 1) for one in comments], action="APPROVE", by=moderator, at=at)
    assert [type(outcome.refusal) for outcome in outcomes] == [type(None), ClaimedByAnother]
    assert Decision.objects.count() == 1
    assert_whole()
