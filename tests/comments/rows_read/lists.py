"""The hot lists, each as an act to count: what it takes to find what the act is about is no part of it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from django.db import connection
from django.test import Client

from comments import queues, search
from comments.decisions import decide
from comments.keyset import cursor_of
from comments.models import Action, Comment, Report, ReportState
from comments.submission import Post, submit
from newsroom.pages.state import state_of
from tests.comments.rows_read.counting import Act
from tests.comments.rows_read.newsroom import Newsroom
from tests.conftest import NOON

Prepare = Callable[[Newsroom], Act]


def _got(browser: Client, path: str) -> Act:
    def get() -> None:
        assert browser.get(path).status_code == 200, path

    return get


def _page(room: Newsroom, query: str = "") -> Act:
    return _got(room.reader, f"{room.long.get_absolute_url()}{query}")


def _later(room: Newsroom, sort: str) -> Act:
    middle = room.tops()[room.size // 2]
    place = f"{int(middle.submitted_at.timestamp()) * 1_000_000}.{middle.public_id}"
    return _page(room, f"?sort={sort}&after={'1.' if sort == 'answers' else ''}{place}")


def _deep_answer(room: Newsroom) -> Comment:
    """So deep that more than a page of answers leads to it."""
    return room.hot_answers()[room.size * 3 // 10]


def _at_answer(room: Newsroom) -> Act:
    return _page(room, f"?at={_deep_answer(room).public_id}")


def _following(room: Newsroom) -> Act:
    return _got(room.reader, f"/comments/{room.hot_answers()[room.size // 12].public_id}/following/")


def _counts(room: Newsroom) -> Act:
    slugs = ",".join(f"article-{number}" for number in range(0, room.size, room.size // 20))
    return _got(room.reader, f"/comments/counts?articles={slugs}")


READERS: dict[str, Prepare] = {
    "the first page, newest first": _page,
    "the first page, oldest first": partial(_page, query="?sort=oldest"),
    "the first page, most answered first": partial(_page, query="?sort=answers"),
    "a later page, newest first": partial(_later, sort="newest"),
    "a later page, oldest first": partial(_later, sort="oldest"),
    "a later page, most answered first": partial(_later, sort="answers"),
    "the page of a top": lambda room: _page(room, f"?at={room.tops()[room.size // 2].public_id}"),
    "the page of an answer": _at_answer,
    "further answers of a branch": _following,
    "counts of twenty articles": _counts,
    "the feed of a thread": lambda room: _got(room.reader, f"{room.long.get_absolute_url()}comments/feed/"),
    "the front page": lambda room: _got(room.reader, "/"),
    "a later front page": lambda room: _got(room.reader, f"/?after=article-{room.size // 2}"),
    "a section": lambda room: _got(room.reader, "/sections/ville/"),
    "the feed of the articles": lambda room: _got(room.reader, "/feed/"),
    "the state of a kept page": lambda room: partial(state_of, room.long.slug),
}


def _queue(room: Newsroom, code: str) -> Act:
    def ask() -> None:
        assert len(queues.page(code, at=NOON).comments) == queues.PAGE

    return ask


def _later_in_queue(room: Newsroom, code: str) -> Act:
    order = queues.QUEUES[code].order
    middle = queues.QUEUES[code].rows().order_by(*order)[room.size // 2]

    def ask() -> None:
        assert len(queues.page(code, after=cursor_of(middle, order), at=NOON).comments) == queues.PAGE

    return ask


def _next_for(room: Newsroom, code: str) -> Act:
    def ask() -> None:
        assert len(queues.next_for(room.moderator, code, at=NOON)) == 6

    return ask


def _submit(room: Newsroom) -> Act:
    answered = _deep_answer(room)
    post = Post("Mona", "reader7@example.org", "Un avis de plus.", parent_public_id=answered.public_id)
    return lambda: submit(room.long, post=post, at=NOON)


def _decision(room: Newsroom, status: str, **told: str) -> Act:
    comment = Comment.objects.filter(status=status, is_suspect=False).latest("pk")
    return lambda: decide(comment, version=comment.version, by=room.moderator, at=NOON, **told)


def _rejected_answer(room: Newsroom) -> Act:
    """Of the longest branch: its counts follow."""
    answer = _deep_answer(room)
    return lambda: decide(
        answer, action=Action.REJECT, ground="ABUSE", version=answer.version, by=room.moderator, at=NOON
    )


def _search(room: Newsroom, words: str) -> Act:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            # An index of words is read in no other way.
            cursor.execute("SET LOCAL enable_bitmapscan = on")

    def ask() -> None:
        assert len(search.matching(words).order_by("-submitted_at", "-pk").only("submitted_at")[:21]) > 0

    return ask


def _all_open(room: Newsroom, prepare: Prepare) -> Act:
    """As after a day on which nobody settled a report."""
    Report.objects.update(state=ReportState.OPEN, settled_by=None)
    return prepare(room)


CODES = ("pending", "suspects", "flagged", "rejected", "approved", "reported")
DESK: dict[str, Prepare] = {
    **{f"a page of {code}": partial(_queue, code=code) for code in CODES},
    **{f"a later page of {code}": partial(_later_in_queue, code=code) for code in CODES[:-1]},
    **{f"the next ones of {code}": partial(_next_for, code=code) for code in CODES[:3]},
    **{f"the next ones of {code}": partial(_next_for, code=code) for code in CODES[-1:]},
    **{f"the size of {code}": lambda room, code=code: partial(queues.size, code) for code in CODES},
    "the sizes of all queues": lambda room: queues.sizes,
    **{
        f"{name}, all reports open": partial(_all_open, prepare=prepare)
        for name, prepare in {
            "a page of reported": partial(_queue, code="reported"),
            "the next ones of reported": partial(_next_for, code="reported"),
            "the sizes of all queues": lambda room: queues.sizes,
        }.items()
    },
    "since when the oldest waits": lambda room: queues.oldest_waiting_since,
    "the desk, one by one": lambda room: _got(room.desk, "/moderation/?queue=pending&layout=focus"),
    "the desk, a list": lambda room: _got(room.desk, "/moderation/?queue=pending&layout=list"),
    "what a page of the desk asks on": lambda room: _got(room.desk, "/moderation/live?queue=pending"),
    "a submit": _submit,
    "an approval": partial(_decision, status="PENDING", action=Action.APPROVE),
    "a rejection of an answer": _rejected_answer,
    "a second look given": partial(_decision, status="FLAGGED", action=Action.APPROVE),
    "a search by a rare word": partial(_search, words="avis42 "),
    "a search by the commonest word": partial(_search, words="pont "),
    "a search by status": partial(_search, words="status:rejected"),
}
