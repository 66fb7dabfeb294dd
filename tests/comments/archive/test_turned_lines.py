"""Lines of an archive in which one value is another: what does not fit is refused by its number, never an error."""

from __future__ import annotations

import json

import pytest
from django.db import transaction

from comments.models import Comment
from newsroom.models import Article, Section
from tests.comments.archive.emptying import empty_database
from tests.comments.archive.test_round_trip import archive, bring_in, changed, lived  # noqa: F401 (a fixture)
from tests.integrity import assert_whole

pytestmark = pytest.mark.django_db
HALF = "\ud800"


@pytest.fixture
def archived(lived):  # noqa: F811
    """The archive of a lived discussion, out of a database that is empty again."""
    lines = archive()
    empty_database()
    return lines


def turned(archived, kind, name, value):
    if name != "kind":
        return changed(archived, kind, **{name: value})
    place = next(number for number, line in enumerate(archived) if json.loads(line)["kind"] == kind and number)
    return [*archived[:place], json.dumps(json.loads(archived[place]) | {"kind": value}), *archived[place + 1 :]]


@pytest.mark.parametrize("value", [HALF, [HALF], float("inf"), {"a": [1]}, "2026-03-29T02:30:00"])
def test_any_value_may_be_another(value, archived):
    places = {(told["kind"], name) for told in map(json.loads, archived) for name in told} - {
        ("archive", name) for name in ("emails", "kind", "version")
    }
    assert len(places) > 30
    for kind, name in sorted(places):
        with transaction.atomic():
            tally = bring_in(turned(archived, kind, name, value))
            for remark in (*tally.refused, *tally.warnings):
                remark.sentence.encode()
            if kind in ("article", "comment"):
                assert_whole()
            transaction.set_rollback(True)


@pytest.mark.parametrize("answers", [[], {}, [1], "a", -1, 2**70])
def test_a_comment_that_answers_what_is_no_number_is_refused(answers, archived):
    whole = sum('"kind":"comment"' in line for line in archived)
    tally = bring_in(changed(archived, "comment", answers=answers))
    assert len(tally.refused) >= 1
    assert 0 < Comment.objects.count() < whole


@pytest.mark.parametrize(
    "other",
    [
        {"headline": f"Le pont {HALF}"},
        {"standfirst": HALF},
        {"language": HALF},
        {"related": [{"title": HALF, "url": "https://a.example/"}]},
        {"related": [{"title": "Lire", "url": f"https://a.example/{HALF}"}]},
        {"related": [{"title": "Lire", HALF: ""}]},
        {"published_at": "2026-03-29T02:30:00"},
        {"published_at": "2026-03-02"},
        {f"headline{HALF}": "Le pont"},
    ],
)
def test_an_article_that_cannot_be_stored_is_refused(other, archived):
    tally = bring_in(changed(archived, "article", **other))
    assert tally.refused
    for remark in tally.refused:
        remark.sentence.encode()
    assert not Article.objects.filter(slug="pont-des-tanneurs").exists()


@pytest.mark.parametrize("position", [float("inf"), float("nan"), 10**40, [], "a"])
def test_a_section_in_no_place_is_refused(position, archived):
    assert bring_in(changed(archived, "section", position=position)).refused
    assert not Section.objects.filter(position__gt=10**9).exists()
