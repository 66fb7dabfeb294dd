"""The doors that are asked most: what readers open and send, what the desk opens and decides."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

from django.test import Client

from comments import claims, queues, threads
from comments.decisions import Stale, decide, decide_each, undo
from comments.models import Comment
from comments.reports import file_report
from comments.submission import Post, submit
from tests.comments.plans.at_large.crowd import Crowd

# Given the crowd, what is to be asked: what that needs to know is asked before.
Door = Callable[[Crowd], Callable[[], object]]


def opened(path: str, *, by: str = "", **query: str) -> Door:
    """A page, with places of the crowd in its address."""

    def door(crowd: Crowd) -> Callable[[], object]:
        browser, places = Client(), _places(crowd)
        if by:
            browser.force_login(getattr(crowd, by))
        asked = {name: value.format(**places) for name, value in query.items()}

        def read() -> None:
            assert browser.get(path.format(**places), asked).status_code in (200, 302)

        return read

    return door


def _places(crowd: Crowd) -> dict[str, Any]:
    return {
        "top": crowd.one("APPROVED", depth=0).public_id,
        "answer": crowd.one("APPROVED", depth=1).public_id,
        "waits": crowd.one("PENDING").public_id,
        "reader": crowd.one("PENDING").reader_id,
        "further": threads.page(crowd.discussion, sort="newest").next_cursor,
        "less_answered": threads.page(crowd.discussion, sort="answers").next_cursor,
    }


def posted(*, email: str, is_answer: bool = False, times: int = 1) -> Door:
    def door(crowd: Crowd) -> Callable[[], object]:
        parent = crowd.one("APPROVED", depth=0).public_id if is_answer else None
        post = Post(author_name="A", email=email, text="Bonjour le pont", parent_public_id=parent)
        return lambda: [submit(crowd.hot, post=post, at=crowd.at) for _ in range(times)]

    return door


def reported(crowd: Crowd) -> Callable[[], object]:
    comment = crowd.one("APPROVED", depth=1)
    how: dict[str, Any] = {"reason": "SPAM", "detail": "", "email": "", "address": "192.0.2.9", "port": None}
    return lambda: file_report(comment, at=crowd.at, **how)


def decided(status: str, action: str, **how: str) -> Door:
    def door(crowd: Crowd) -> Callable[[], object]:
        comment = crowd.one(status, depth=1)
        return lambda: decide(comment, action=action, version=comment.version, by=crowd.moderator, at=crowd.at, **how)

    return door


def decided_again(crowd: Crowd) -> Callable[[], object]:
    """A retry gets its first answer, by its key."""
    comment = crowd.one("PENDING")
    how: dict[str, Any] = {"action": "APPROVE", "version": 1, "by": crowd.moderator, "at": crowd.at, "key": "une fois"}
    decide(comment, **how)
    return lambda: decide(Comment.objects.get(pk=comment.pk), **how)


def decided_late(crowd: Crowd) -> Callable[[], object]:
    comment = crowd.one("PENDING")

    def late() -> None:
        with suppress(Stale):
            decide(comment, action="APPROVE", version=9, by=crowd.moderator, at=crowd.at)

    return late


def undone(crowd: Crowd) -> Callable[[], object]:
    comment = crowd.one("REJECTED", decisions__moderator=crowd.moderator)
    return lambda: undo(comment, version=comment.version, by=crowd.moderator, at=crowd.at)


def settled(crowd: Crowd) -> Callable[[], object]:
    comment = Comment.objects.filter(reports__state="OPEN")[0]
    how: dict[str, Any] = {"action": "REJECT", "ground": "SPAM", "by": crowd.moderator, "at": crowd.at}
    return lambda: decide(comment, version=comment.version, **how)


def decided_together(crowd: Crowd) -> Callable[[], object]:
    read = [(one, one.version) for one in Comment.objects.awaiting_validation()[:6]]
    return lambda: decide_each(read, action="APPROVE", by=crowd.moderator, at=crowd.at)


def taken_next(code: str) -> Door:
    return lambda crowd: lambda: queues.next_for(crowd.moderator, code, at=crowd.at)


def claimed(crowd: Crowd) -> Callable[[], object]:
    comment = crowd.one("PENDING")
    return lambda: (claims.take(comment, by=crowd.moderator, at=crowd.at), claims.release(comment, by=crowd.moderator))


def turned_over(code: str) -> Door:
    """The first page of a queue, and the next."""

    def door(crowd: Crowd) -> Callable[[], object]:
        cursor = queues.page(code, size=3).next_cursor
        return lambda: (queues.page(code, size=3), queues.page(code, after=cursor, size=3))

    return door


def found(query: str) -> Door:
    """The first page of a search, and one after a comment in its middle."""

    def door(crowd: Crowd) -> Callable[[], object]:
        middle = crowd.one("APPROVED", depth=0)
        cursor = f"{middle.submitted_at.isoformat()}~{middle.pk}"
        pages = [opened("/moderation/search/", by="moderator", q=query, after=after)(crowd) for after in ("", cursor)]
        return lambda: [read() for read in pages]

    return door


READERS: dict[str, Door] = {
    "the front page": opened("/"),
    "the front page, further": opened("/", after="article-301"),
    "a section": opened("/sections/page-0/"),
    "a section, further": opened("/sections/page-0/", after="article-304"),
    "the feed": opened("/feed/"),
    "an article": opened("/articles/article/"),
    "an article, oldest first": opened("/articles/article/", sort="oldest"),
    "an article, most answered first": opened("/articles/article/", sort="answers"),
    "an article, further": opened("/articles/article/", after="{further}"),
    "an article, less answered": opened("/articles/article/", sort="answers", after="{less_answered}"),
    "an article at a comment": opened("/articles/article/", at="{top}"),
    "an article at an answer": opened("/articles/article/", at="{answer}"),
    "an article, to answer": opened("/articles/article/", reply="{answer}"),
    "a permalink": opened("/comments/{answer}/"),
    "the rest of a branch": opened("/comments/{answer}/following/"),
    "an article's feed": opened("/articles/article/comments/feed/"),
    "counts": opened("/comments/counts", articles="article,article-3,article-4"),
    "a key": opened("/articles/article/comments/key"),
    "a key of an article hardly anybody wrote under": opened("/articles/article-3/comments/key"),
    "a new reader's post": posted(email="nouveau@example.org"),
    "a known reader's answer": posted(email="lecteur1@example.org", is_answer=True),
    "a measured reader's post": posted(email="lecteur0@example.org"),
    "the same post twice": posted(email="lecteur1@example.org", times=2),
    "a report": reported,
}
DESK: dict[str, Door] = {
    "a list": opened("/moderation/", by="moderator", queue="pending", layout="list"),
    "one by one": opened("/moderation/", by="moderator", queue="pending", layout="focus"),
    "one comment": opened("/moderation/", by="moderator", comment="{waits}"),
    "has anything changed": opened("/moderation/live", by="moderator", queue="pending", since="2026-11-20T12:00:00Z"),
    "the next ones": opened("/moderation/ahead", by="moderator", queue="pending"),
    "what one decided today": opened("/moderation/mine/", by="moderator"),
    "an approval": decided("PENDING", "APPROVE"),
    "a rejection of what is visible": decided("APPROVED", "REJECT", ground="SPAM"),
    "a second look": decided("PENDING", "FLAG", note="à relire"),
    "an edit": decided("APPROVED", "EDIT", text="autre"),
    "a retry": decided_again,
    "a decision too late": decided_late,
    "an undo": undone,
    "a rejection of what was reported": settled,
    "several at once": decided_together,
    "a claim": claimed,
    "a search for a word": found("mot7 "),
    "a search for the beginning of a word": found("rare77"),
    "a search for a phrase": found('"le pont"'),
    "a search for a status": found("status:rejected"),
    "a reader's comments": opened("/moderation/search/", by="moderator", reader="{reader}"),
    **{f"{code}, the next": taken_next(code) for code in ("pending", "suspects", "reported", "flagged")},
    **{f"{code}, page by page": turned_over(code) for code in queues.QUEUES},
    **{f"{code}, its size": lambda crowd, code=code: lambda: queues.size(code) for code in queues.QUEUES},
}
