"""A batch that the database refused is tried again one by one, while others go on writing."""

from __future__ import annotations

import pytest
from django.db import DatabaseError

from comments import alike
from comments.models import Comment, Decision, Finding, Report, Revision
from comments.reports import file_report
from newsroom import roles
from tests.comments.archive.emptying import empty_database
from tests.comments.archive.test_round_trip import archive, bring_in, lived  # noqa: F401 (a fixture)
from tests.conftest import NOON, make_article, person
from tests.integrity import assert_whole

pytestmark = pytest.mark.django_db
KEYED = (Comment, Decision, Report, Revision, Finding)


@pytest.fixture
def others_write(monkeypatch, write, take):
    """The first batch is refused once, when it is written whole; before the second try, others take its keys."""
    from comments.archive import told_comments

    whole, tried = told_comments._store, []

    def refuses(*_given: object) -> None:
        raise DatabaseError

    def store(ready) -> None:
        tried.append(len(ready))
        if len(tried) == 2:
            elsewhere()
        with monkeypatch.context() as broken:
            if len(tried) == 1:
                broken.setattr(alike, "record_each", refuses)
            whole(ready)

    def elsewhere() -> None:
        other = make_article(None, slug="ailleurs")
        by = person("nadia", roles.MODERATORS)
        for number in range(4):
            comment = write(f"Ici {number}.", under=other)
            take(comment, "APPROVE", by=by)
            file_report(comment, reason="SPAM", detail="", email="", address="192.0.2.9", port=None, at=NOON)
            Revision.objects.create(comment=comment, number=7, text="Avant.", at=NOON)
            Finding.objects.create(comment=comment, rule="links", ground="SPAM")

    monkeypatch.setattr(told_comments, "_store", store)
    return tried


def test_a_second_try_takes_no_key_that_is_somebody_elses(lived, others_write):  # noqa: F811
    for comment in Comment.objects.all():
        Finding.objects.create(comment=comment, rule="links", ground="SPAM")
    lines, before = archive(), {model: model.objects.count() for model in KEYED}
    empty_database()
    assert not bring_in(lines).refused
    assert others_write[0] > 1 == others_write[1], "a batch was tried again, one by one"
    assert_whole()
    others = Comment.objects.filter(discussion__article__slug="ailleurs")
    assert others.count() == 4
    for model in KEYED:
        mine = others if model is Comment else model.objects.filter(comment__in=others)
        assert mine.count() >= 4, model
        assert model.objects.count() == before[model] + mine.count(), model
