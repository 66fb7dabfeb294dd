"""Many comments taken over at once are the same rows as one by one, whatever the batch, whatever comes twice."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from random import Random

import pytest
from django.db import IntegrityError, connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext

from comments.decisions import decide
from comments.models import Action, Comment, Decision, Discussion, Finding, Imprint, Reader, Status
from comments.policies import policy_in_force
from comments.search import matching
from comments.taking_over import Arrival, Refused, discussion_of, fingerprint_of, many, take_over_many
from comments.taking_over.one import arrive
from tests.conftest import NOON, make_article
from tests.integrity import assert_whole

pytestmark = pytest.mark.django_db


@pytest.fixture
def discussions(section):
    return [discussion_of(make_article(section, slug=f"article-{number}")) for number in range(3)]


def random_arrivals(seed: int, discussions: list[Discussion], count: int = 120) -> list[Arrival]:
    """Answers to what comes before, to what comes later, to nothing; twice the same; refused; held; rejected."""
    rng = Random(seed)
    made: list[Arrival] = []
    for number in range(count):
        at_random = rng.random()
        discussion = rng.choice(discussions).pk
        parent = f"key {rng.randrange(count)}" if rng.random() < 0.6 else ""
        action, ground = rng.choice([(Action.APPROVE, ""), (None, ""), (Action.REJECT, "SPAM"), (Action.APPROVE, "")])
        made.append(
            Arrival(
                discussion=discussion,
                source_key=f"key {rng.randrange(count) if at_random < 0.1 else number}",
                author_name=rng.choice(["Zoé", "  Paul  ", "", "N" * 61]),
                text=rng.choice(
                    ["Un texte.", "x" * 5001, "\u200b", f"Voir http://a.fr et http://b.fr {number}", "É\u0301"]
                ),
                submitted_at=NOON - timedelta(minutes=count - number),
                email=rng.choice(["", "A@example.org", f"r{rng.randrange(9)}@example.org", "x", "a\ud800@b.fr"]),
                parent_key=parent,
                action=action,
                ground=ground,
            )
        )
    return made


def one_by_one(arrivals: list[Arrival], policy=None) -> list[tuple[bool, bool]]:
    """Through the door of one, which decides by decide()."""
    came = []
    for arrival in arrivals:
        above = None
        if arrival.parent_key:
            fingerprint = fingerprint_of(arrival.parent_key)
            above = Comment.objects.filter(fingerprint=fingerprint, discussion=arrival.discussion).first()
        try:
            came.append((arrive(arrival, parent=above, at=NOON, policy=policy)[1], False))
        except Refused:
            came.append((False, True))
    return came


def everything() -> dict[str, list[object]]:
    """All that an import writes, without the keys that a database gives."""
    named = F("comment__fingerprint")
    comments = Comment.objects.annotate(
        over=F("parent__fingerprint"), top=F("root__fingerprint"), under=F("limb__fingerprint"), by=F("reader__email")
    )
    plain = (
        *("public_id", "discussion__article__slug", "over", "top", "under", "depth", "by", "author_name", "text"),
        *(
            "revision",
            "status",
            "version",
            "is_suspect",
            "submitted_at",
            "decided_at",
            "visible_answers",
            "fingerprint",
        ),
    )
    decided = (
        "version",
        "action",
        "from_status",
        "to_status",
        "revision",
        "ground",
        "note",
        "policy",
        "moderator",
        "at",
    )
    return {
        "comments": list(comments.order_by("pk").values_list(*plain)),
        "decisions": sorted(Decision.objects.annotate(of=named).values_list("of", *decided), key=str),
        "readers": list(Reader.objects.order_by("email").values_list("email", "first_seen_at")),
        "counts": list(Discussion.objects.order_by("article__slug").values_list("visible_count", "version")),
        "imprints": list(Imprint.objects.annotate(of=named).order_by("of").values_list("of", "band_0", "band_3")),
        "findings": list(Finding.objects.annotate(of=named).order_by("of", "pk").values_list("of", "rule", "start")),
        "found": list(matching("texte").order_by("pk").values_list("fingerprint", flat=True)),
    }


class _TakenBack(Exception):
    pass


def what_it_writes(write) -> tuple[object, dict[str, list[object]]]:
    """Run it, look, and take it back: the next one meets the same empty tables."""
    from django.db import transaction

    try:
        with transaction.atomic():
            came = write()
            assert_whole()
            seen = everything()
            raise _TakenBack
    except _TakenBack:
        return came, seen


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize("size", [1, 7, 500])
def test_many_at_once_write_what_one_by_one_writes(discussions, seed, size):
    arrivals = random_arrivals(seed, discussions)
    policy = policy_in_force() if seed % 2 else None

    def in_batches():
        batches = (arrivals[start : start + size] for start in range(0, len(arrivals), size))
        return [one for batch in batches for one in take_over_many(batch, at=NOON, policy=policy)]

    expected_came, expected = what_it_writes(lambda: one_by_one(arrivals, policy))
    came, seen = what_it_writes(in_batches)
    assert seen == expected
    assert [(one.is_new, bool(one.refusal)) for one in came] == expected_came
    assert expected["comments"] and expected["decisions"] and {new for new, _refused in expected_came} == {True, False}


def test_a_second_time_changes_nothing_whatever_was_decided_since(discussions, moderator):
    arrivals = random_arrivals(1, discussions)
    take_over_many(arrivals, at=NOON)
    for comment in Comment.objects.filter(status=Status.APPROVED)[:5]:
        decide(comment, action=Action.REJECT, version=2, by=moderator, at=NOON, ground="ABUSE")
    before = everything()
    assert not any(one.is_new for one in take_over_many(arrivals, at=NOON + timedelta(days=1)))
    assert everything() == before
    assert_whole()


def test_an_answer_that_comes_later_hangs_below_what_is_stored_and_its_top_counts_it(discussions):
    place = discussions[0].pk
    top = Arrival(place, "top", "Zoé", "En haut.", NOON)
    take_over_many([top], at=NOON)
    below = [replace(top, source_key=f"below {n}", parent_key="top", text="Dessous.") for n in range(3)]
    came = take_over_many([*below, replace(top, source_key="deep", parent_key="below 1")], at=NOON)
    assert not any(one.is_orphan for one in came)
    stored = Comment.objects.get(fingerprint=fingerprint_of("top"))
    deep = Comment.objects.get(fingerprint=fingerprint_of("deep"))
    assert (stored.visible_answers, deep.depth, deep.root, deep.limb.depth) == (4, 2, stored, 1)
    assert_whole()


def test_an_answer_never_hangs_under_another_article(discussions):
    top = Arrival(discussions[0].pk, "top", "Zoé", "En haut.", NOON)
    elsewhere = Arrival(discussions[1].pk, "elsewhere", "Paul", "Ailleurs.", NOON, parent_key="top")
    assert [one.is_orphan for one in take_over_many([top, elsewhere], at=NOON)] == [False, True]
    assert_whole()


def test_a_batch_that_the_database_refuses_comes_in_one_by_one(discussions, monkeypatch):
    arrivals = random_arrivals(2, discussions, 40)
    expected = [one.is_new for one in what_it_writes(lambda: take_over_many(arrivals, at=NOON))[0]]

    def refuses(*_args):
        raise IntegrityError

    monkeypatch.setattr(many, "_bring_in", refuses)
    assert [one.is_new for one in take_over_many(arrivals, at=NOON)] == expected
    assert_whole()


def test_a_reader_who_came_in_meanwhile_costs_the_batch_nothing(discussions, monkeypatch, caplog):
    """Another import, or a post, has stored the same e-mail since the batch looked for it."""
    Reader.objects.create(email="jean@example.org", first_seen_at=NOON)
    looked = many.rows_with
    monkeypatch.setattr(
        many, "rows_with", lambda model, *how, **told: [] if model is Reader else looked(model, *how, **told)
    )
    place = discussions[0].pk
    arrivals = [Arrival(place, f"key {n}", "Jean", "Texte.", NOON, email="jean@example.org") for n in range(3)]
    assert [one.is_new for one in take_over_many(arrivals, at=NOON)] == [True, True, True]
    assert Reader.objects.get().comments.count() == 3
    assert "jean" not in caplog.text
    assert_whole()


def test_a_batch_costs_as_many_statements_as_a_larger_one(discussions):
    def statements(count: int, key: str) -> int:
        place = discussions[0].pk
        arrivals = [
            Arrival(place, f"{key} {n}", "Zoé", "Texte.", NOON, f"{key}{n}@a.fr", f"{key} 0" if n else "")
            for n in range(count)
        ]
        with CaptureQueriesContext(
            connection,
        ) as caught:
            take_over_many(arrivals, at=NOON)
        return len(caught)

    assert statements(10, "few") == statements(300, "many")


def test_what_cannot_be_one_is_refused_by_its_place_and_the_others_come_in(discussions):
    good = Arrival(discussions[0].pk, "good", "Zoé", "Bien.", NOON)
    bad = [replace(good, source_key="long", text="x" * 5001), replace(good, source_key="email", email="a" * 300)]
    came = take_over_many([bad[0], good, bad[1]], at=NOON)
    assert [(bool(one.refusal), one.is_new) for one in came] == [(True, False), (False, True), (True, False)]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="Django makes such indexes on PostgreSQL alone")
def test_a_comment_and_its_reader_fill_no_index_that_serves_like_alone():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexname FROM pg_indexes WHERE tablename IN ('comments_comment', 'comments_reader')"
            " AND indexdef LIKE '%%pattern_ops%%'"
        )
        assert cursor.fetchall() == []
