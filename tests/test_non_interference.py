"""What is hidden changes nothing that is public: the same site with and without fifty hidden comments answers every
public address with the same bytes, headers and tags (promise 1)."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.urls import reverse

from comments.models import Comment, Finding, Report
from comments.reports import file_report
from tests.conftest import NOON, make_article

HIDDEN = 50
# Where a hidden comment can stand, and how it came to be hidden without ever having been visible.
WAYS = ("PENDING", "FLAGGED", "REJECTED", "WITHDRAWN")
PLACES = ("top", "answer", "answer to a hidden one", "below the silent article")
SECRET = "Ce que personne ne doit lire"
QUERIES = ["", "?sort=newest", "?sort=oldest", "?sort=answers", "?posted=1", "?after=1.1", "?at=5", "?reply=5"]
# Of a visitor who guesses: no such comment, no such article, no such section.
GUESSES = ["/comments/4/", "/comments/4/report/", "/comments/4/following/", "/articles/rien/", "/sections/rien/"]

Act = Callable[..., object]


@dataclass(frozen=True)
class Site:
    """The people and acts that fill it. Articles stand from the start: their keys are no secret."""

    publish: Act
    write: Act
    take: Act
    told: object
    silent: object


@pytest.fixture
def site(article, section, publish, write, take) -> Site:
    silent = make_article(section, slug="sans-voix", headline="Sans voix")
    return Site(publish, write, take, article, silent)


@contextmanager
def built(site: Site, *, hidden: int, once_visible: bool = False) -> Iterator[list[Comment]]:
    """The site with its visible comments and some hidden ones between them, so that running numbers differ."""
    with transaction.atomic():
        for copies in caches.all():
            copies.clear()
        secrets = itertools.chain(range(hidden), itertools.repeat(None))
        numbers = itertools.count(1001)
        visible: list[Comment] = []
        for turn in range(60):
            if turn < 58:
                # More than a page of branches, and one branch with more answers than are shown.
                visible.append(_say(site, turn, next(numbers), visible))
            if (which := next(secrets)) is not None:
                _hide(site, which, visible, once_visible=once_visible)
        _gone_above_a_visible_answer(site, visible, next(numbers))
        yield visible
        transaction.set_rollback(True)


def _say(site: Site, turn: int, public_id: int, visible: list[Comment]) -> Comment:
    parent = visible[0] if visible and turn % 7 == 0 else None
    said = site.publish(f"Voix {turn}", parent=parent, name=f"N{turn % 5}", ago=timedelta(minutes=200 - turn))
    return _numbered(said, public_id)


def _numbered(comment: Comment, public_id: int) -> Comment:
    """Public numbers are random; a comparison needs them to be the same twice."""
    Comment.objects.filter(pk=comment.pk).update(public_id=public_id)
    comment.refresh_from_db()
    return comment


def _hide(site: Site, which: int, visible: list[Comment], *, once_visible: bool = False) -> None:
    way, place = WAYS[which % 4], PLACES[which // 4 % 4]
    known = "yannick@example.org" if which % 3 else f"nouveau{which}@example.org"
    where = {"under": site.silent} if place == "below the silent article" else {}
    parent = visible[-1] if place.startswith("answer") else None
    if place == "answer to a hidden one":
        parent = site.write(f"{SECRET} dessus", parent=parent, email=known)
    comment = site.write(f"{SECRET} {which}", parent=parent, email=known, ago=timedelta(minutes=190 - which), **where)
    if once_visible:
        site.take(comment, "APPROVE")
    if way == "PENDING" and once_visible:
        site.take(comment, "EDIT", by="author", text=f"{SECRET}, encore {which}")
    elif way == "WITHDRAWN":
        site.take(comment, "WITHDRAW", by="author")
    elif way != "PENDING":
        site.take(comment, {"FLAGGED": "FLAG", "REJECTED": "REJECT"}[way])
    Finding.objects.create(comment=comment, rule="links", detail="exemple.org", start=0, end=2)
    Report.objects.create(
        comment=comment, reason="HATE", reporter=str(which), revision=1, text=comment.text, filed_at=NOON
    )
    # Complaints about what is visible change nothing either before a moderator decides.
    shown = visible[-1]
    file_report(shown, reason="SPAM", detail="", email=known, address=f"192.0.2.{which}", port=None, at=NOON)


def _gone_above_a_visible_answer(site: Site, visible: list[Comment], public_id: int) -> None:
    top = site.publish("Partira", ago=timedelta(minutes=30))
    visible.append(_numbered(site.publish("Reste", parent=top, ago=timedelta(minutes=29)), public_id))
    site.take(top, "REJECT")


def public_addresses(site: Site, visible: list[Comment]) -> list[str]:
    told, silent = site.told.get_absolute_url(), site.silent.get_absolute_url()
    shown = [visible[0].public_id, visible[7].public_id, visible[20].public_id, visible[-1].public_id]
    lists = ["/", "/?after=pont-des-tanneurs", "/sections/ville/", "/feed/", "/healthz"]
    lists.append(f"/comments/counts?articles={site.told.slug},{site.silent.slug},rien")
    articles = [f"{url}{query}" for url in (told, silent) for query in QUERIES]
    places = [f"{told}?{name}={number}" for name in ("at", "reply") for number in shown]
    feeds = [f"{url}comments/feed/" for url in (told, silent)]
    own = [f"/comments/{number}/{page}" for number in shown for page in ("", "report/", "following/")]
    return [*lists, *articles, *places, *feeds, *own, *GUESSES, *_further_pages(told)]


def _further_pages(told: str) -> list[str]:
    """The pages after the first, by the links of the site itself."""
    from bs4 import BeautifulSoup

    links = []
    for sort in ("newest", "oldest", "answers"):
        page = BeautifulSoup(Client().get(f"{told}?sort={sort}").content, "lxml")
        links += [link["href"].partition("#")[0] for link in page.select(".older a")]
    assert len(links) == 3, "the thread has further pages in every order"
    return links


def posts(site: Site) -> list[tuple[str, dict[str, str]]]:
    """What a visitor may send, and be answered: mistakes, an answer to nothing, a report without a reason."""
    url = reverse("submit_comment", args=[site.told.slug])
    whole = {"author_name": "Zoé", "email": "yannick@example.org", "text": "Bonjour à toutes et tous."}
    return [
        (url, {}),
        (url, whole | {"parent": "4"}),
        (url, whole),
        (url, whole | {"email": "inconnue@example.org"}),
        ("/comments/1001/report/", {}),
        ("/comments/4/report/", {"reason": "SPAM"}),
    ]


Seen = dict[str, tuple[int, list[tuple[str, str]], bytes]]


def seen(site: Site, visible: list[Comment]) -> Seen:
    browser, told = Client(), {}
    for address in public_addresses(site, visible):
        told[address] = _facts(browser.get(address))
    for number, (address, data) in enumerate(posts(site)):
        told[f"POST {number} {address}"] = _facts(browser.post(address, data))
    for article in (site.told, site.silent):
        answer = browser.get(reverse("comment_key", args=[article.slug]))
        headers = [header for header in sorted(answer.items()) if header[0] != "Expires"]
        told[f"delay {article.slug}"] = (answer.status_code, headers, answer.json()["delay"].encode())
    return told


def _facts(answer) -> tuple[int, list[tuple[str, str]], bytes]:
    # "Expires" of what nobody keeps is the moment of the answer.
    headers = [header for header in sorted(answer.items()) if header[0] != "Expires"]
    return answer.status_code, headers, answer.content


@pytest.fixture
def compared(site) -> Callable[..., tuple[Seen, Seen]]:
    """What is public (without, with fifty hidden comments)."""

    def compare(*, once_visible: bool = False) -> tuple[Seen, Seen]:
        with built(site, hidden=0) as visible:
            bare = seen(site, visible)
        with built(site, hidden=HIDDEN, once_visible=once_visible) as visible:
            assert Comment.objects.exclude(status="APPROVED").count() > HIDDEN
            full = seen(site, visible)
        assert bare.keys() == full.keys()
        return bare, full

    return compare


def test_hidden_comments_change_no_public_byte_header_or_tag(compared):
    bare, full = compared()
    differing = {address: (bare[address], full[address]) for address in bare if bare[address] != full[address]}
    assert not differing, f"told apart: {sorted(differing)}\n{_first_difference(differing)}"
    assert not [address for address, (_s, _h, body) in full.items() if SECRET.encode() in body]
    # The pages are what they should be: not fifty times the same refusal.
    statuses = {status for status, _h, _b in full.values()}
    assert statuses >= {200, 302, 303, 404, 422}
    assert full["delay pont-des-tanneurs"][2], "a delay is told, so that it could tell too much"


def test_comments_that_were_visible_once_leave_nothing_but_a_newer_tag(compared):
    """The page has been another one in between: its tag may say so, and nothing else."""
    bare, full = compared(once_visible=True)
    for address, (status, headers, body) in bare.items():
        other_status, other_headers, other_body = full[address]
        assert (status, body) == (other_status, other_body), f"told apart: {address}"
        assert {name for name, _value in set(headers) ^ set(other_headers)} <= {"ETag"}, address


def test_a_hidden_comment_answers_like_one_that_does_not_exist(site):
    with built(site, hidden=HIDDEN):
        hidden = Comment.objects.exclude(status="APPROVED").values_list("public_id", flat=True)
        browser = Client()
        for page in ("", "report/", "following/"):
            nothing = _facts(browser.get(f"/comments/4/{page}"))
            assert nothing[0] == 404
            for number in list(hidden)[:12]:
                assert _facts(browser.get(f"/comments/{number}/{page}")) == nothing
        told = site.told.get_absolute_url()
        for name in ("at", "reply"):
            body = browser.get(f"{told}?{name}=4").content
            assert all(browser.get(f"{told}?{name}={number}").content == body for number in list(hidden)[:12])
        number = next(iter(hidden))
        _address, data = posts(site)[1]
        url = reverse("submit_comment", args=[site.told.slug])
        assert _facts(browser.post(url, data)) == _facts(browser.post(url, data | {"parent": str(number)}))


def test_a_copy_that_was_kept_stays_good_while_hidden_comments_come_in(site):
    """304 to who holds the page of before: the tag knows nothing of them."""
    told = site.told.get_absolute_url()
    with transaction.atomic():
        shown = [site.publish()]
        addresses = ["/", told, f"{told}comments/feed/", site.silent.get_absolute_url(), "/sections/ville/"]
        tags = {address: Client().get(address)["ETag"] for address in addresses}
        for which in range(16):
            _hide(site, which, shown)
        for address, tag in tags.items():
            assert Client().get(address, headers={"If-None-Match": tag}).status_code == 304, address
        transaction.set_rollback(True)


def _first_difference(differing: dict[str, tuple]) -> str:
    for address, ((status, headers, body), (other_status, other_headers, other_body)) in differing.items():
        if status != other_status or headers != other_headers:
            told = sorted(set(headers) ^ set(other_headers))
            return f"{address}: {status} / {other_status} {told}"
        lines = zip(body.splitlines(), other_body.splitlines(), strict=False)
        return f"{address}: {next(((a, b) for a, b in lines if a != b), 'one is longer')}"
    return ""
