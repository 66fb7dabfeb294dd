"""A query that is composed once answers as the query itself does."""

from __future__ import annotations

import pytest
from django.db import connection
from django.db.models import F, Q, Value

from newsroom.composed import KEY, MOMENT, WORD, Composed
from newsroom.models import Article, User

pytestmark = pytest.mark.django_db


def test_each_value_gives_its_own_rows(moderator, chief):
    composed = Composed(User.objects.filter(pk=KEY).annotate(known_as=F("username")), [KEY])
    for person in (moderator, chief):
        (found,) = composed.asked([person.pk])
        assert (found, found.known_as, found.date_joined) == (person, person.username, person.date_joined)
        assert not found.get_deferred_fields()
    assert composed.asked([0]) == []


def test_a_mark_stands_in_several_places(moderator, chief):
    rows = User.objects.filter(Q(pk=KEY) | Q(username=WORD) | Q(first_name=WORD)).order_by("pk").values_list("pk")
    assert Composed(rows, [WORD, KEY]).rows([chief.username, moderator.pk]) == [(moderator.pk,), (chief.pk,)]


@pytest.mark.parametrize("fixed", ["it's", "100 %", "%s", 'a "word"', "a\\'b", "é—\n"])
def test_what_never_changes_is_written_into_the_statement(moderator, fixed):
    rows = User.objects.filter(pk=KEY).annotate(one=Value(7), word=Value(fixed), yes=Value(True))
    composed = Composed(rows.values_list("one", "word", "yes"), [KEY])
    told = [tuple(row) for row in composed.rows([moderator.pk])]
    assert told == [(7, fixed, True)]
    assert "\\" in fixed or len(composed.parameters([moderator.pk])) == 1


def test_moments_are_read_and_asked_for(article):
    rows = Article.objects.filter(published_at__lte=MOMENT).values_list("published_at", flat=True)
    (row,) = Composed(rows, [MOMENT]).rows([article.published_at])
    assert row[0] == article.published_at


def test_a_mark_that_the_query_does_not_ask_for_is_a_fault():
    with pytest.raises(ValueError, match="mark"):
        Composed(User.objects.filter(pk=KEY), [KEY, WORD])


def test_a_condition_of_a_partial_index_is_no_parameter():
    """A plan that is kept for all values could not meet the index."""
    from comments.queues import _composed

    composed = _composed("pending", connection.vendor, 1000, is_left=True)
    assert "'PENDING'" in composed.sql
    assert "PENDING" not in composed.parameters([1, MOMENT])
