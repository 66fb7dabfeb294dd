"""The watcher asks at every public address; what may be seen, counted or absent is judged by what was asked for."""

from __future__ import annotations

import json
from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from django.urls import URLPattern, get_resolver, resolve

from comments.threads import SORTS
from newsroom.pages.kept import KNOWN_PARAMETERS
from tests.faults.people import APPROVE, REJECT, Crowd
from tests.faults.result import Ledger
from tests.faults.site import SLUG, TOP, Answer
from tests.faults.watching import AROUND, COUNTS, OWN, PUBLIC, Watcher

# Kept for people who sign in, or told to machines.
NOT_PUBLIC = ("moderation/", "admin/", "accounts/", "healthz", "media/")
# What a reader sends, and what the form fetches for it: neither shows a comment.
SENDING = {"submit_comment", "comment_key"}
PLACES = [*PUBLIC, *(place.format(TOP) for place in (*OWN, *AROUND))]


def _public(resolver=None, before: str = "") -> Iterator[URLPattern]:
    for entry in (resolver or get_resolver()).url_patterns:
        place = before + str(entry.pattern).lstrip("^")
        if place.startswith(NOT_PUBLIC):
            continue
        if isinstance(entry, URLPattern):
            yield entry
        else:
            yield from _public(entry, place)


def test_every_public_address_is_watched():
    watched = {resolve(urlsplit(place).path).url_name for place in PLACES}
    assert {pattern.name for pattern in _public()} - SENDING == watched


def test_every_parameter_and_order_of_an_article_is_watched():
    asked = [parse_qs(urlsplit(place).query) for place in PLACES if place.startswith(f"/articles/{SLUG}/?")]
    assert {name for one in asked for name in one} == set(KNOWN_PARAMETERS)
    # The first order is the one of a page that names none.
    assert {"newest", *(order for one in asked for order in one.get("sort", []))} == set(SORTS)


class Given:
    """A site that gives each address its answer, and any other a page that shows nothing."""

    def __init__(self, **answers: Answer) -> None:
        self.answers = answers

    def ask(self, method: str, path: str, *_fields, **_how) -> Answer:
        for part, answer in self.answers.items():
            if part in path:
                return answer
        return Answer(200, b'{"counts": {"%s": 1}}' % SLUG.encode())


TOKEN = "jeton-0123456789abcdef"
ONE = [4321, TOKEN]
NOWHERE, THERE = Answer(404, b""), Answer(302, b"")
HIDDEN = {"/comments/4321/": NOWHERE}


def _watched(ledger: Ledger | None = None, **answers: Answer) -> list[str]:
    watcher = Watcher(Given(**answers), ledger or Ledger(), [ONE])
    looks = watcher.looks()
    for _turn in range(len(PUBLIC) + 3):
        next(looks)()
    return watcher.ledger.amiss


def test_a_hidden_comment_that_answers_as_a_missing_one_is_right():
    assert _watched(**HIDDEN) == []


@pytest.mark.parametrize("place", OWN)
def test_an_address_of_its_own_before_its_approval_was_asked_for_is_red(place):
    amiss = _watched(**({place.format(4321): THERE} if place == OWN[0] else {place.format(4321): THERE} | HIDDEN))
    assert set(amiss) == {f"unvalidated and seen: {TOKEN}"}


def test_a_page_that_names_a_hidden_comment_by_its_number_is_red():
    named = Answer(200, b'<a href="#comment-4321">')
    assert set(_watched(**HIDDEN, **{"?at=": named})) == {f"unvalidated and seen: {TOKEN}"}


def test_a_count_above_what_was_asked_for_is_red():
    counted = Answer(200, json.dumps({"counts": {SLUG: 2}}).encode())
    assert _watched(**HIDDEN, **{COUNTS: counted}) == ["unvalidated and counted: 2"]
    asked_for = Ledger(asked_for={TOKEN})
    assert _watched(asked_for, **HIDDEN, **{COUNTS: counted}) == []


def test_an_approved_comment_that_is_not_there_is_red():
    approved = Ledger(asked_for={TOKEN}, approved=[TOKEN])
    assert "/comments/4321/: answered 404" in _watched(approved, **HIDDEN)


def test_a_decision_that_was_told_to_be_taken_is_written_down_with_its_key():
    ledger = Ledger()
    crowd = Crowd(Given(), ledger, [ONE])
    crowd.decide("session", *ONE, REJECT, key="first")
    assert (ledger.decided, ledger.approved, ledger.asked_for) == (["first"], [], set())
    crowd.decide("session", *ONE, APPROVE, key="second")
    assert (ledger.decided, ledger.approved, ledger.asked_for) == (["first", "second"], [TOKEN], {TOKEN})


def test_a_decision_that_was_refused_is_not_counted_as_taken():
    ledger = Ledger()
    Crowd(Given(decide=Answer(409, b"")), ledger, [ONE]).decide("session", *ONE, APPROVE, key="first")
    assert (ledger.decided, ledger.approved, ledger.asked_for) == ([], [], {TOKEN})
