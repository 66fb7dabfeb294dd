"""manage.py seed_load: plausible, the same for the same figures, never by accident on a real site."""

from __future__ import annotations

import io

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from comments.models import Comment, Discussion, Status
from comments.search import matching
from tests.comments.test_taking_over import everything
from tests.integrity import assert_whole

pytestmark = pytest.mark.django_db
COMMENTS = 600


@pytest.fixture(autouse=True)
def demonstration(settings):
    settings.DEBUG = True
    with translation.override("en"):
        yield


def load(**more: object) -> str:
    out = io.StringIO()
    asked = {"comments": COMMENTS, "articles": 5, "pending": 40, "until": "2026-11-20"}
    call_command("seed_load", stdout=out, **asked | more)
    return out.getvalue()


def test_it_looks_like_a_newspapers_comments():
    assert f"added: {COMMENTS}" in load()
    texts = list(Comment.objects.values_list("text", flat=True))
    assert 200 < sum(map(len, texts)) / COMMENTS < 340
    assert max(map(len, texts)) > 900 and min(map(len, texts)) < 80
    assert 0.33 < Comment.objects.filter(parent__isnull=False).count() / COMMENTS < 0.45
    busiest, *_others, quietest = sorted(Discussion.objects.values_list("visible_count", flat=True), reverse=True)
    assert busiest > 3 * quietest > 0
    assert_whole()


def test_the_newest_wait_and_some_are_rejected():
    load()
    waiting = Comment.objects.filter(status=Status.PENDING)
    assert set(waiting.values_list("pk")) == set(Comment.objects.order_by("-submitted_at").values_list("pk")[:40])
    assert 0.03 < Comment.objects.filter(status=Status.REJECTED).count() / COMMENTS < 0.15


def test_they_are_found_by_their_words():
    load()
    assert matching("riverains").exists()


def test_the_same_figures_give_the_same_comments_and_a_second_run_adds_none():
    load()
    before = everything()
    assert "added: 0" in load(batch=7)
    assert everything() == before


def test_another_seed_gives_others():
    load()
    assert f"added: {COMMENTS}" in load(seed=2)


def test_a_real_site_is_filled_only_on_purpose(settings):
    settings.DEBUG = False
    with pytest.raises(CommandError, match="only with DEBUG on"):
        load()
    assert not Comment.objects.exists()
    assert "added: 600" in load(add_made_up_comments_to_a_real_site=True)


@pytest.mark.parametrize("wrong", [{"until": "hier"}, {"comments": 0}, {"pending": 601}])
def test_figures_that_cannot_be_are_refused(wrong):
    with pytest.raises(CommandError):
        load(**wrong)
