"""A newsroom some years old, in small: every table that grows has rows, most of them not what is asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.models import Session
from django.db.models import Count, Model, OuterRef, Subquery
from django.db.models.functions import Coalesce

from comments import search
from comments.models import (
    Bulk,
    Comment,
    Decision,
    Discussion,
    Finding,
    Imprint,
    LimitCount,
    Note,
    Reader,
    Report,
    Revision,
    Standing,
    Trace,
)
from newsroom import roles
from newsroom.models import Article, OldSlug, Section, User
from tests.benchmarks.rows import first_key, write_rows
from tests.conftest import make_article, person

COMMENTS = 10_000
WAITING = 1_500
DISCUSSIONS = 2_000
ARTICLES = 2_500
READERS = 2_000
# Of one comment, or one report, in so many.
HOT, IMPORTED, REPORTED, OPEN, FOUND, REWRITTEN = 20, 9, 5, 200, 2, 25

_COMMENT = ("id", "public_id", "discussion_id", "parent_id", "root_id", "depth", "reader_id", "author_name", "text")
_COMMENT += ("status", "version", "is_suspect", "submitted_at", "decided_at", "visible_answers", "fingerprint")
_DECISION = ("id", "comment_id", "version", "action", "from_status", "to_status", "revision", "ground", "note")
_DECISION += ("moderator_id", "policy", "at")
_ACTIONS = {"APPROVED": "APPROVE", "REJECTED": "REJECT", "FLAGGED": "FLAG", "WITHDRAWN": "WITHDRAW"}


@dataclass
class Crowd:
    """`hot` is an article under which every fifth comment stands."""

    at: datetime
    moderator: User
    chief: User
    editor: User
    section: Section
    hot: Article

    @property
    def discussion(self) -> Discussion:
        return Discussion.objects.get(article=self.hot)

    def one(self, status: str, **which: Any) -> Comment:
        """A comment of the hot article, as freshly read."""
        return Comment.objects.filter(status=status, discussion=self.discussion, **which).order_by("-pk")[0]


def make_crowd(at: datetime) -> Crowd:
    people = [person(name, group, is_staff=True) for name, group in _people()]
    sections = [Section.objects.create(name=f"Page {n}", slug=f"page-{n}", position=n) for n in range(8)]
    discussions = _make_articles(sections, at)
    hot = Article.objects.get(pk=discussions[0].article_id)
    rows = list(_comments([one.pk for one in discussions], first_key(Comment), _readers(at), at))
    write_rows(Comment, _COMMENT, (tuple(row[name] for name in _COMMENT) for row in rows))
    visible = Comment.objects.visible().filter(discussion=OuterRef("pk")).order_by().values("discussion")
    counted = Coalesce(Subquery(visible.annotate(count=Count("pk")).values("count")), 0)
    Discussion.objects.update(visible_count=counted)
    decisions = _decisions(rows, people[0], at)
    _make_beside(rows, decisions, people[0], at)
    search.index_each(Comment.objects.all())
    return Crowd(at, *people, sections[0], hot)


def _people() -> list[tuple[str, str]]:
    return [("mona", roles.MODERATORS), ("chantal", roles.CHIEFS), ("edmond", roles.EDITORS)]


def _make_articles(sections: list[Section], at: datetime) -> list[Discussion]:
    first = make_article(sections[0], slug="article", published_at=at - timedelta(days=1))
    others = (
        Article(
            section=sections[n % len(sections)],
            slug=f"article-{n}",
            source_key=f"article-{n}",
            headline=f"Un titre {n}",
            published_at=at - timedelta(days=1, hours=n),
            is_published=n % 20 > 0,
        )
        for n in range(1, ARTICLES)
    )
    articles = [first, *Article.objects.bulk_create(others)]
    OldSlug.objects.bulk_create(OldSlug(slug=f"ancien-{one.pk}", article=one) for one in articles[1:])
    return Discussion.objects.bulk_create(Discussion(article=one, version=1) for one in articles[:DISCUSSIONS])


def _readers(at: datetime) -> list[int]:
    readers = (Reader(email=f"lecteur{n}@example.org", first_seen_at=at) for n in range(READERS))
    return [reader.pk for reader in Reader.objects.bulk_create(readers)]


def _comments(discussions: list[int], first: int, readers: list[int], at: datetime) -> Iterator[dict[str, Any]]:
    tops: dict[int, dict[str, Any]] = {}
    under: Counter[int] = Counter()
    rows = []
    for n in range(COMMENTS):
        discussion = discussions[0 if n % HOT == 0 else n % len(discussions)]
        under[discussion] += 1
        status = "PENDING" if n >= COMMENTS - WAITING else _status(n)
        top = tops.get(discussion) if under[discussion] % 4 else None
        row = {
            "id": first + n,
            "public_id": 10**12 + (n * 7_919 * 104_729) % 10**12,
            "discussion_id": discussion,
            "parent_id": top and top["id"],
            "root_id": top and top["id"],
            "depth": 1 if top else 0,
            "reader_id": readers[0 if n % 40 == 0 else n % READERS],
            "author_name": f"Nom {n % 900}",
            "text": f"Le pont, mot{n % 400} et rare{n}.",
            "status": status,
            "version": 1 if status == "PENDING" else 2,
            "is_suspect": status == "PENDING" and n % 3 == 0,
            "submitted_at": at - timedelta(minutes=10 * (COMMENTS - n)),
            "decided_at": None if status == "PENDING" else at - timedelta(minutes=10 * (COMMENTS - n) - n % 60),
            "visible_answers": 0,
            "fingerprint": f"{n:064x}",
        }
        if top and status == "APPROVED":
            top["visible_answers"] += 1
        elif not top and status == "APPROVED":
            tops[discussion] = row
        rows.append(row)
    yield from rows


def _status(n: int) -> str:
    rare = {7: "REJECTED", 23: "REJECTED", 41: "FLAGGED", 60: "WITHDRAWN", 80: "REJECTED", 90: "FLAGGED"}
    return rare.get(n % 100, "APPROVED")


def _decisions(rows: list[dict[str, Any]], by: User, at: datetime) -> dict[int, int]:
    """Their keys, by the comment's."""
    decided = [row for row in rows if row["decided_at"]]
    keys = {row["id"]: key for key, row in enumerate(decided, start=first_key(Decision))}

    def written() -> Iterator[tuple[Any, ...]]:
        for n, row in enumerate(decided):
            action = _ACTIONS[row["status"]]
            ground, note = "SPAM" if action == "REJECT" else "", "à relire" if action == "FLAG" else ""
            who = (None, "import") if n % IMPORTED == 0 else (by.pk, None)
            steps = (2, action, "PENDING", row["status"], 1)
            yield (keys[row["id"]], row["id"], *steps, ground, note, *who, row["decided_at"])

    write_rows(Decision, _DECISION, written())
    return keys


def _make_beside(rows: list[dict[str, Any]], decisions: dict[int, int], by: User, at: datetime) -> None:
    posted = [row["id"] for n, row in enumerate(rows) if n % IMPORTED]
    traces = ((key, "192.0.2.1", at) for key in posted)
    _numbered(Trace, ("comment_id", "address", "at"), traces)
    bands = tuple(f"band_{place}" for place in range(4))
    imprints = ((row["id"], *(row["id"] * place % 40_000 for place in (3, 5, 7, 11))) for row in rows)
    write_rows(Imprint, ("comment_id", *bands), imprints)
    found = ((row["id"], "links", "THREAT" if row["id"] % 500 == 0 else "SPAM") for row in rows[::FOUND])
    _numbered(Finding, ("comment_id", "rule", "ground"), found)
    _numbered(Revision, ("comment_id", "number", "text", "at"), ((one, 1, "avant", at) for one in posted[::REWRITTEN]))
    reported = [row for row in rows if row["status"] == "APPROVED"][::REPORTED]
    reports = (
        Report(
            comment_id=row["id"],
            reason="SPAM",
            is_urgent=n % 8 == 0,
            reporter=f"{n % 50:064x}",
            revision=1,
            text="x",
            filed_at=at - timedelta(minutes=n),
            state="OPEN" if n % OPEN == 0 else "UPHELD",
            settled_by_id=None if n % OPEN == 0 else decisions[row["id"]],
        )
        for n, row in enumerate(reported)
    )
    Report.objects.bulk_create(reports)
    limits = ((f"{n:064x}", n % 90, 1, at) for n in range(3_000))
    _numbered(LimitCount, ("key", "window", "count", "ends_at"), limits)
    Bulk.objects.bulk_create(Bulk(made_by=by, made_at=at) for _ in range(300))
    Note.objects.bulk_create(
        Note(text="à savoir", reader_id=row["reader_id"], written_by=by, written_at=at) for row in rows[:300]
    )
    measured = Counter(row["reader_id"] for row in rows[::20])
    Standing.objects.bulk_create(
        Standing(reader_id=reader, kind="WATCH", reason="à suivre", set_by=by, set_at=at) for reader in measured
    )
    Session.objects.bulk_create(
        Session(session_key=f"{n:032x}", session_data="", expire_date=at + timedelta(days=1)) for n in range(1_000)
    )


def _numbered(model: type[Model], names: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
    write_rows(model, ("id", *names), ((key, *row) for key, row in enumerate(rows, start=first_key(model))))
