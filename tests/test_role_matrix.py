"""Who gets what answer where: every address × method × person, against the addresses that the resolver knows.

An address that stands in the resolver and not in these tables fails, and so does the other way round.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from comments.archive import runs
from comments.bulks import decide_bulk
from comments.filters import Filters
from comments.models import Decision, Recount, WordList
from comments.notes import pin
from comments.reports import file_report
from comments.saved_views import save_view
from comments.standing import set_standing
from newsroom.models import ImportRun, WatchedFeed
from tests.conftest import NOON

PEOPLE = ("anonymous", "moderator", "editor", "chief", "admin", "stranger")
EVERY_METHOD = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# One number: the same for everybody. Six: in the order of PEOPLE. 302 is the way to the sign-in page.
ALL_200, NOBODY = "200", "302 403 403 403 403 403"
DECIDERS, DECIDING = "302 200 403 200 200 403", "302 303 403 303 303 403"
# The site's own pages. A method that is not listed is refused: 405, or what the guard says before.
PAGES: dict[str, dict[str, str]] = {
    "front": {"GET": ALL_200},
    "section": {"GET": ALL_200},
    "article": {"GET": ALL_200},
    "feed": {"GET": ALL_200},
    "comments_feed": {"GET": ALL_200},
    "comment_key": {"GET": ALL_200},
    "submit_comment": {"GET": "302", "POST": "303"},
    "comment_counts": {"GET": ALL_200},
    "comment": {"GET": "302"},
    "comment_following": {"GET": ALL_200},
    "report": {"GET": ALL_200, "POST": ALL_200},
    "desk": {"GET": DECIDERS},
    "desk_ahead": {"GET": DECIDERS},
    "claims": {"POST": DECIDERS},
    "live": {"GET": DECIDERS},
    "desk_layout": {"POST": DECIDING},
    "desk_settings": {"GET": DECIDERS, "POST": DECIDING},
    "desk_keys": {"GET": DECIDERS},
    "skip": {"POST": DECIDING},
    "decide": {"POST": DECIDING},
    "undo": {"POST": "302 303 403 303 303 403"},
    "settle_reports": {"POST": DECIDING},
    "claim": {"POST": DECIDING},
    "bulk": {"POST": DECIDING},
    "bulk_all": {"GET": DECIDERS},
    "bulk_done": {"GET": DECIDERS},
    # Only who decided, or a chief: the bulk of the world below is a chief's.
    "undo_bulk": {"POST": "302 403 403 303 303 403"},
    "comment_context": {"GET": DECIDERS},
    "reader": {"GET": DECIDERS},
    "set_standing": {"POST": DECIDING},
    "lift_standing": {"POST": "302 403 403 303 303 403"},
    "notes": {"GET": DECIDERS, "POST": DECIDING},
    "take_down_note": {"POST": "302 403 403 303 303 403"},
    "search": {"GET": DECIDERS, "POST": DECIDING},
    "mine": {"GET": DECIDERS},
    "save_view": {"POST": DECIDING},
    # One's own alone.
    "drop_view": {"POST": "302 403 403 303 403 403"},
    "figures": {"GET": "302 403 403 200 200 403"},
    "figures_csv": {"GET": "302 403 403 200 200 403"},
    "editor_articles": {"GET": "302 200 200 200 200 403"},
    "editor_thread": {"GET": "302 200 200 200 200 403"},
    "close_discussion": {"POST": "302 303 303 303 303 403"},
    "open_discussion": {"POST": "302 303 303 303 303 403"},
    "instruct": {"POST": "302 403 303 303 303 403"},
    "account_landing": {"GET": "302 302 302 302 302 403"},
    "staff_language": {"POST": "302"},
    "healthz": {"GET": ALL_200},
    "admin:newsroom_importrun_preview": {"GET": "302 403 302 403 200 302", "POST": "302 403 302 403 302 302"},
    "admin:newsroom_importrun_remarks": {"GET": "302 403 302 403 200 302"},
    "admin:comments_exportrun_file": {"GET": "302 403 302 200 200 302"},
}
# The admin's pages of our models: changelist, add, change, history, delete (by GET), then what posting does.
# "-" is nobody's: signed out and without the staff mark one is sent to the sign-in page.
LOOK = {"changelist": "look", "history": "look", "change": "look", "add": "write", "delete": "erase"}
WHO_LOOKS = {
    "comments_comment": "moderator chief admin",
    "comments_report": "moderator chief admin",
    "comments_discussion": "chief admin",
    "comments_reader": "chief admin",
    "comments_recount": "admin",
    "comments_exportrun": "chief admin",
    "comments_wordlist": "chief admin",
    "newsroom_article": "admin",
    "newsroom_importrun": "admin",
    "newsroom_section": "admin",
    "newsroom_user": "admin",
    "newsroom_watchedfeed": "admin",
}
WHO_WRITES = {
    "comments_exportrun": "chief admin",
    "comments_wordlist": "chief admin",
    "newsroom_article": "admin",
    "newsroom_importrun": "admin",
    "newsroom_section": "admin",
    "newsroom_user": "admin",
    "newsroom_watchedfeed": "admin",
}
# Asked for once, never altered.
ADDED_ONLY = {"comments_exportrun", "newsroom_importrun"}
WHO_ERASES = {"comments_wordlist": "chief admin"}

# Django's and allauth's own pages: known by name, so that a new one is looked at before it is served.
_DJANGOS = "index login logout password_change password_change_done autocomplete jsi18n view_on_site app_list"
_ALLAUTHS = "login logout inactive change_password reset_password reset_password_done"
NOT_OURS = {
    *(f"admin:{page}" for page in _DJANGOS.split()),
    "admin:auth_user_password_change",
    *(f"admin:auth_group_{page}" for page in LOOK),
    *(f"admin:account_emailaddress_{page}" for page in LOOK),
    *(f"account_{page}" for page in _ALLAUTHS.split()),
    "account_reset_password_from_key",
    "account_reset_password_from_key_done",
}
# Addresses without a name: the admin's old links and its catch-all, and the media folder under DEBUG.
NAMELESS = {r"admin/\w+/\w+/<path:object_id>/", r"admin/\(\?P<url>\.\*\)\$", r"\^media/\(\?P<path>\.\*\)\$"}


def addresses(resolver: URLResolver, *, path: str = "", space: str = "") -> Iterator[tuple[str, str]]:
    """(name with its namespace or "", pattern) of all that the resolver knows."""
    for one in resolver.url_patterns:
        here = path + str(one.pattern)
        if isinstance(one, URLPattern):
            yield (f"{space}{one.name}" if one.name else "", here)
        else:
            yield from addresses(one, path=here, space=f"{space}{one.namespace}:" if one.namespace else space)


KNOWN = list(addresses(get_resolver()))
ADMIN_PAGES = {f"admin:{model}_{page}" for model in WHO_LOOKS for page in LOOK}


def test_every_address_stands_in_the_matrix_and_the_other_way_round():
    names = {name for name, _pattern in KNOWN if name}
    listed = set(PAGES) | ADMIN_PAGES | NOT_OURS
    assert names - listed == set(), "in the resolver, not in the matrix"
    assert listed - names == set(), "in the matrix, not in the resolver"
    strays = [pattern for name, pattern in KNOWN if not name if not any(re.fullmatch(n, pattern) for n in NAMELESS)]
    assert strays == []


@pytest.fixture
def browsers(moderator, editor, chief, admin, stranger, signed_in) -> dict[str, Client]:
    people = {"moderator": moderator, "editor": editor, "chief": chief, "admin": admin, "stranger": stranger}
    return {"anonymous": Client()} | {name: signed_in(user) for name, user in people.items()}


@pytest.fixture(autouse=True)
def _exports_apart(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"


@pytest.fixture
def world(article, section, publish, write, take, chief) -> dict[str, Any]:
    """One of each: an article, a comment that waits, a suspect, a visible one that is reported, one undoable."""
    visible, pending, suspect, decided = publish("Visible."), write("Attend."), write("Suspect."), write("Décidé.")
    type(suspect).objects.filter(pk=suspect.pk).update(is_suspect=True)
    take(decided, "REJECT")
    report = file_report(visible, reason="SPAM", detail="", email="", address="192.0.2.9", port=None, at=NOON)
    words = WordList.objects.create(name="Injures", words="andouille")
    export = runs.ask(by=chief, format="csv", with_emails=False, at=NOON)
    runs.make.call(export.pk)
    act, _outcomes = decide_bulk([(write("À plusieurs."), 1)], action="APPROVE", by=chief, at=NOON)
    return {
        "act": act,
        "measure": set_standing(visible.reader, kind="WATCH", reason="Insulte.", by=chief, at=timezone.now()),
        "note": pin("Le maire relit.", by=chief, at=NOON),
        "view": save_view("Vue", code="pending", filters=Filters(), by=chief, at=NOON),
        "article": article,
        "section": section,
        "visible": visible,
        "pending": pending,
        "suspect": suspect,
        "decided": decided,
        "report": report,
        "words": words,
        "user": chief,
        "reader": visible.reader,
        "export": export,
        "import": ImportRun.objects.create(source="page.html", state="PREPARED", started_at=NOON, prepared=[]),
        "feed": WatchedFeed.objects.create(address="https://journal.example/feed"),
        "recount": Recount.objects.create(discussion=visible.discussion, said=2, found=1, at=NOON),
    }


def errand(name: str, world: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
    """What the address is asked about, and a post that would succeed."""
    slug, visible = world["article"].slug, world["visible"]
    decided = world["decided"]
    return {
        "section": ([world["section"].slug], {}),
        "article": ([slug], {}),
        "comments_feed": ([slug], {}),
        "comment_key": ([slug], {}),
        "submit_comment": ([slug], {"author_name": "Zoé", "email": "zoe@example.org", "text": "Bonjour à tous."}),
        "comment": ([visible.public_id], {}),
        "comment_following": ([visible.public_id], {}),
        "report": ([visible.public_id], {"reason": "ABUSE"}),
        "decide": ([world["pending"].public_id], {"action": "APPROVE", "version": 1}),
        "undo": ([decided.public_id], {"version": decided.version}),
        "settle_reports": ([visible.public_id], {"action": "REJECT", "ground": "SPAM", "version": visible.version}),
        "claim": ([world["pending"].public_id], {}),
        "skip": ([world["pending"].public_id], {"queue": "pending"}),
        "claims": ([], {"focus": world["pending"].public_id}),
        "desk_layout": ([], {"layout": "list"}),
        "desk_settings": ([], {"layout": "LIST", "keymap": "CORAL"}),
        "bulk": ([], {"comment": f"{world['suspect'].public_id}.1", "action": "REJECT", "ground": "SPAM"}),
        "bulk_done": ([world["act"].pk], {}),
        "undo_bulk": ([world["act"].pk], {}),
        "comment_context": ([visible.public_id], {}),
        "reader": ([visible.reader_id], {}),
        "set_standing": ([visible.reader_id], {"measure": "MUTE-7", "reason": "Insulte."}),
        "lift_standing": ([world["measure"].pk], {"reason": "A promis."}),
        "notes": ([], {"text": "Le maire relit."}),
        "take_down_note": ([world["note"].pk], {}),
        "search": ([], {"q": "pont"}),
        "save_view": ([], {"name": "Vue", "queue": "pending", "filters": "waiting=60"}),
        "drop_view": ([world["view"].pk], {}),
        "editor_thread": ([slug], {}),
        "close_discussion": ([slug], {"reason": "Assez."}),
        "open_discussion": ([slug], {}),
        "instruct": ([slug], {"instructions": "Pas de noms."}),
        "staff_language": ([], {"language": "en"}),
        "admin:comments_exportrun_file": ([world["export"].pk], {}),
        "admin:newsroom_importrun_preview": ([world["import"].pk], {}),
        "admin:newsroom_importrun_remarks": ([world["import"].pk], {}),
    }.get(name, ([], {}))


@contextmanager
def undone() -> Iterator[None]:
    """What one person does is taken back before the next comes."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def answers(browsers: dict[str, Client], method: str, url: str, data: dict[str, Any]) -> dict[str, int]:
    got = {}
    for who, browser in browsers.items():
        with undone():
            sent = {"data": data} if method == "POST" else {}
            got[who] = getattr(browser, method.lower())(url, **sent).status_code
    return got


def expected(cell: str) -> dict[str, int]:
    statuses = [int(status) for status in cell.split()]
    return dict(zip(PEOPLE, statuses * (len(PEOPLE) // len(statuses)), strict=True))


@pytest.mark.parametrize("name", PAGES)
def test_each_person_gets_the_answer_of_the_matrix(browsers, world, name):
    args, data = errand(name, world)
    for method in EVERY_METHOD:
        cell = PAGES[name].get("GET" if method == "HEAD" else method)
        got = answers(browsers, method, reverse(name, args=args), data)
        if cell:
            assert got == expected(cell), f"{method} {name}"
        else:
            assert set(got.values()) <= {302, 403, 405}, f"{method} {name} is listed nowhere: {got}"
            assert got["admin"] == 405, f"{method} {name} is listed nowhere: {got}"


def admin_rows(world: dict[str, Any]) -> dict[str, Any]:
    return {
        "comments_comment": world["pending"],
        "comments_report": world["report"],
        "comments_discussion": world["pending"].discussion,
        "comments_reader": world["reader"],
        "comments_recount": world["recount"],
        "comments_exportrun": world["export"],
        "comments_wordlist": world["words"],
        "newsroom_article": world["article"],
        "newsroom_importrun": world["import"],
        "newsroom_watchedfeed": world["feed"],
        "newsroom_section": world["section"],
        "newsroom_user": world["user"],
    }


@pytest.mark.parametrize("kind", LOOK)
@pytest.mark.parametrize("model", WHO_LOOKS)
def test_each_person_gets_the_admins_answer_of_the_matrix(browsers, world, model, kind):
    args = [] if kind in ("changelist", "add") else [admin_rows(world)[model].pk]
    url = reverse(f"admin:{model}_{kind}", args=args)
    may = {"look": WHO_LOOKS, "write": WHO_WRITES, "erase": WHO_ERASES}[LOOK[kind]].get(model, "").split()
    enters = {"moderator", "chief", "admin"}
    wanted = {who: 200 if who in may else 403 if who in enters else 302 for who in PEOPLE}
    assert answers(browsers, "GET", url, {}) == wanted
    # An empty post is no act: who may write gets the form back with its mistakes, a page that is read refuses.
    posts = wanted
    if kind == "change":
        may_change = "" if model in ADDED_ONLY else WHO_WRITES.get(model, "")
        posts = {who: 200 if who in may_change else 403 for who in enters}
    if kind == "delete":
        posts = {who: 302 if who in may else 403 for who in enters}
    got = answers(browsers, "POST", url, {"post": "yes"} if kind == "delete" else {})
    assert {who: got[who] for who in enters} == {who: posts[who] for who in enters}
    assert {got[who] for who in PEOPLE if who not in enters} == {302}


class TestTokens:
    """Readers' posts ask for no token and refuse a foreign start; every other post needs one."""

    READERS = ("submit_comment", "report")

    @pytest.mark.parametrize("name", [name for name, methods in PAGES.items() if "POST" in methods])
    def test_a_post_without_a_token(self, admin, world, name):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(admin)
        args, data = errand(name, world)
        decided = Decision.objects.count()
        status = browser.post(reverse(name, args=args), data).status_code
        assert status == (int(PAGES[name]["POST"].split()[0]) if name in self.READERS else 403)
        assert Decision.objects.count() == decided

    @pytest.mark.parametrize("model", WHO_LOOKS)
    def test_an_admin_action_without_a_token(self, admin, world, model):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(admin)
        row = admin_rows(world)[model]
        sent = {"action": "approve", "_selected_action": [row.pk], "confirmed": 1, f"version_{row.pk}": 1}
        assert browser.post(reverse(f"admin:{model}_changelist"), sent).status_code == 403

    @pytest.mark.parametrize("name", READERS)
    @pytest.mark.parametrize(
        "headers",
        [
            {"Sec-Fetch-Site": "cross-site"},
            {"Sec-Fetch-Site": "same-site"},
            {"Origin": "https://elsewhere.example"},
            {"Origin": "null"},
            {"Referer": "https://elsewhere.example/page"},
        ],
    )
    def test_a_readers_post_from_a_foreign_page_is_refused(self, world, name, headers):
        args, data = errand(name, world)
        comments, reports = type(world["pending"]).objects.count(), type(world["report"]).objects.count()
        assert Client().post(reverse(name, args=args), data, headers=headers).status_code == 403
        assert type(world["pending"]).objects.count() == comments
        assert type(world["report"]).objects.count() == reports

    @pytest.mark.parametrize("name", READERS)
    @pytest.mark.parametrize(
        "headers",
        [{"Sec-Fetch-Site": "same-origin"}, {"Origin": "http://testserver"}, {"Referer": "http://testserver/"}],
    )
    def test_a_readers_post_from_our_own_page_is_taken(self, world, name, headers):
        args, data = errand(name, world)
        browser = Client(enforce_csrf_checks=True)
        assert browser.post(reverse(name, args=args), data, headers=headers).status_code in (200, 303)
