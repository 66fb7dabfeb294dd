"""manage.py seed_load: plausible, the same for the same figures, never by accident on a real site."""

from __future__ import annotations

import io
import math
from datetime import timedelta
from statistics import mean, median, stdev

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.utils import translation

from comments.models import Comment, Discussion, Status
from comments.search import matching
from comments.seeding import MEAN_LENGTH, SPREAD
from tests.comments.test_taking_over import everything, what_it_writes
from tests.conftest import NOON
from tests.integrity import assert_whole

pytestmark = pytest.mark.django_db
COMMENTS = 600
# What a text has beyond the length that was drawn: a dozen, and on to the end of its word.
BEYOND = 15


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
    assert 0.33 < Comment.objects.filter(parent__isnull=False).count() / COMMENTS < 0.45
    busiest, *_others, quietest = sorted(Discussion.objects.values_list("visible_count", flat=True), reverse=True)
    assert busiest > 3 * quietest > 0
    assert_whole()


def test_lengths_are_log_normal():
    """Their logarithms lie evenly around the promised mean, as widely as promised; of other spreads they do not."""
    load()
    lengths = [len(text) for text in Comment.objects.values_list("text", flat=True)]
    logs = [math.log(length - BEYOND) for length in lengths]
    assert math.isclose(mean(logs), math.log(MEAN_LENGTH) - SPREAD**2 / 2, abs_tol=0.1)
    assert math.isclose(stdev(logs), SPREAD, abs_tol=0.1)
    assert math.isclose(median(logs), mean(logs), abs_tol=0.1)
    assert mean(lengths) == pytest.approx(MEAN_LENGTH + BEYOND, rel=0.1)


def test_the_newest_wait_and_some_are_rejected():
    load()
    waiting = Comment.objects.filter(status=Status.PENDING)
    assert set(waiting.values_list("pk")) == set(Comment.objects.order_by("-submitted_at").values_list("pk")[:40])
    assert 0.03 < Comment.objects.filter(status=Status.REJECTED).count() / COMMENTS < 0.15


def test_they_are_found_by_their_words():
    load()
    assert matching("riverains").exists()


def test_the_same_figures_give_the_same_comments_in_batches_of_any_size():
    """In empty tables each time: to what is there already nothing would be added, whatever its text."""
    (_told, first), (_told, second) = what_it_writes(load), what_it_writes(lambda: load(batch=7))
    assert len(first["comments"]) == COMMENTS and first == second


def test_a_second_run_adds_none():
    load()
    before = everything()
    assert "added: 0" in load(batch=7)
    assert everything() == before


def test_without_a_day_they_are_the_same_on_any_day():
    with time_machine.travel(NOON):
        today = what_it_writes(lambda: load(until=None))
    with time_machine.travel(NOON + timedelta(days=40)):
        assert what_it_writes(lambda: load(until=None))[1] == today[1]


def test_another_seed_gives_others():
    load()
    texts = set(Comment.objects.values_list("text", flat=True))
    assert f"added: {COMMENTS}" in load(seed=2)
    others = Comment.objects.filter(discussion__article__slug__startswith="essai-2-")
    assert len(texts.intersection(others.values_list("text", flat=True))) < COMMENTS / 10


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
