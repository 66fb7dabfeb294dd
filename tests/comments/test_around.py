"""A card shows the same of a comment however many are asked for at once, and asks nothing more for it."""

from __future__ import annotations

import pytest
from django.db.models import Model

from comments import claims
from comments.around import in_context, with_context
from comments.models import Comment

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("how_many", [1, 6, 7, 21])
def test_what_is_composed_once_is_what_the_orm_finds(write, moderator, at, django_assert_num_queries, how_many):
    top = write("Au-dessus.")
    found = [top, *(write(f"Réponse {number}.", parent=top if number % 2 else None) for number in range(how_many - 1))]
    claims.take(top, by=moderator, at=at)
    keys = [comment.pk for comment in found]
    expected = {comment.pk: comment for comment in with_context(Comment.objects.filter(pk__in=keys))}
    with django_assert_num_queries(4):
        told = in_context(Comment.objects.all, keys)
        assert {key: seen(one) for key, one in told.items()} == {key: seen(one) for key, one in expected.items()}


def seen(comment: Comment) -> list[object]:
    claim = getattr(comment, "claim", None)
    joined = [comment.discussion, comment.discussion.article, comment.discussion.article.section]
    around = [*joined, comment.parent, comment.reader, claim, claim and claim.holder]
    below = [*comment.findings.all(), *comment.open_reports, *comment.decisions.all()]  # type: ignore[attr-defined]
    return [one and row(one) for one in (comment, *around, *below)]


def row(one: Model) -> dict[str, object]:
    return {field.attname: getattr(one, field.attname) for field in one._meta.concrete_fields}


def test_of_no_keys_nothing_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert in_context(Comment.objects.all, []) == {}
