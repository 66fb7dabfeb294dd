"""Somebody sits down at the desk, and what they read there."""

from __future__ import annotations

from bs4 import BeautifulSoup, Tag
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from comments.models import Comment, Finding, Report
from comments.reports import file_report
from newsroom.models import User
from tests.conftest import NOON

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7|add:7 }}\"'&amp;"
# What a card's form sends from a page with htmx, and what the script of one comment at a time sends.
HTMX = {"HTTP_HX_REQUEST": "true", "HTTP_HX_CURRENT_URL": "http://testserver/moderation/?queue=pending"}
SCRIPT = {"HTTP_HX_REQUEST": "true", "HTTP_ACCEPT": "application/json"}


def at_desk(user: User) -> Client:
    """A browser of this person, its pages in English."""
    user.language = "en"
    user.save()
    browser = Client()
    browser.force_login(user)
    return browser


def soup(response: HttpResponse) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def text_of(tag: Tag) -> str:
    return " ".join(tag.get_text(" ").split())


def words(response: HttpResponse, selector: str = "main") -> str:
    found = soup(response).select_one(selector)
    return " ".join(found.get_text().split()) if found else ""


def queries(browser: Client, url: str) -> int:
    """How many the page takes, once what is kept between requests is there."""
    browser.get(url)
    with CaptureQueriesContext(connection) as asked:
        assert browser.get(url).status_code == 200
    return len(asked)


def card(response: HttpResponse, comment: Comment) -> Tag:
    """A comment of the list."""
    found = soup(response).find(id=f"card-{comment.public_id}")
    assert isinstance(found, Tag)
    return found


def shown(response: HttpResponse) -> list[int]:
    """The comments of a page that shows one at a time, in its order; the first is in focus."""
    return [int(one["data-one"]) for one in soup(response).select(".one")]


def ids(comments: list[Comment]) -> list[int]:
    return [comment.public_id for comment in comments]


def act(desk: Client, name: str, comment: Comment, *, htmx: bool = False, **sent: object) -> HttpResponse:
    """One act on a comment as it was read: `act(desk, "decide", pending, action="APPROVE")`."""
    form = {"version": comment.version, "queue": "pending"} | sent
    return desk.post(reverse(name, args=[comment.public_id]), form, **(HTMX if htmx else {}))


def find(comment: Comment, piece: str, *, rule: str = "banned_words", field: str = "text", **more: object) -> Finding:
    """A finding where this piece stands in the text, or in the name."""
    where = comment.text if field == "text" else comment.author_name
    start = where.index(piece)
    return Finding.objects.create(
        comment=comment, rule=rule, field=field, start=start, end=start + len(piece), detail=f"seen: {piece}", **more
    )


def report(comment: Comment, reason: str = "ABUSE", detail: str = "", email: str = "lea@example.org") -> Report:
    return file_report(comment, reason=reason, detail=detail, email=email, address="192.0.2.7", port=1, at=NOON)
