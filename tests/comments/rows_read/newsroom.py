"""A newsroom in which every list is as long as asked: rows alone, each with what stands around it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from hashlib import blake2b
from typing import Any

from django.db import connection
from django.test import Client

from comments import search
from comments.models import Comment, Decision, Discussion, Finding, Imprint, Reader, Report, Status
from newsroom import roles
from newsroom.models import Article, Section
from tests.benchmarks.rows import first_key, write_rows
from tests.conftest import NOON, make_article, person

# One in so many comments of the long thread answers the same one.
HOT_EVERY = 2
# All reports but so many are settled.
OPEN = 60
_COMMENT = ("id", "public_id", "discussion_id", "parent_id", "root_id", "depth", "reader_id", "author_name", "text")
_COMMENT += ("submitted_at", "decided_at", "fingerprint", "status", "is_suspect", "visible_answers", "version")
_DECISION = ("id", "comment_id", "action", "to_status", "ground", "note", "at", "version", "from_status", "revision")
_DECISION += ("moderator_id",)
_REPORT = ("id", "comment_id", "reason", "reporter", "revision", "text", "filed_at", "state", "settled_by_id")
_REPORT += ("is_urgent",)
# Of what lies in a queue: its status, whether it is suspect, the act that brought it there, days ago.
_QUEUED = (
    (Status.APPROVED, False, "APPROVE", 400),
    (Status.REJECTED, False, "REJECT", 150),
    (Status.FLAGGED, False, "FLAG", 100),
    (Status.PENDING, True, "", 50),
    (Status.PENDING, False, "", 40),
)


class Newsroom:
    """`size` articles, branches of one long thread, comments in each queue, readers."""

    def __init__(self) -> None:
        _empty()
        self.size = 0
        self.section = Section.objects.create(name="Ville", slug="ville")
        self.long = make_article(self.section, slug="le-fil")
        self.thread = Discussion.objects.create(article=self.long)
        self.colleague = person("karim", roles.MODERATORS, is_staff=True)
        self.moderator = person("mona", roles.MODERATORS, is_staff=True)
        self.reader, self.desk = Client(), Client()
        self.desk.force_login(self.moderator)

    def grow(self, size: int) -> None:
        numbers = range(self.size, size)
        discussions, readers = self._articles(numbers), self._readers(numbers)
        self._branches(numbers, readers)
        self._queues(numbers, discussions, readers)
        self.size = size
        _analyze()

    def tops(self) -> Any:
        return self.thread.comments.filter(depth=0).order_by("submitted_at")

    def hot_answers(self) -> Any:
        return Comment.objects.filter(root=self.tops()[0]).in_branch_order()

    def _articles(self, numbers: range) -> list[int]:
        first, discussion = first_key(Article), first_key(Discussion)
        names = ("id", "section_id", "slug", "source_key", "headline", "published_at", "body", "related")
        write_rows(
            Article,
            names,
            (
                (
                    *(first + n, self.section.pk, f"article-{k}", f"article {k}", f"Le pont, épisode {k}"),
                    *(NOON - timedelta(days=30, minutes=k), "<p>Il faudra s’y faire.</p>", "[]"),
                )
                for n, k in enumerate(numbers)
            ),
        )
        keys = range(discussion, discussion + len(numbers))
        rows = ((key, first + n, 1, 1) for n, key in enumerate(keys))
        write_rows(Discussion, ("id", "article_id", "visible_count", "version"), rows)
        return list(keys)

    def _readers(self, numbers: range) -> list[int]:
        first = first_key(Reader)
        rows = ((first + n, f"reader{k}@example.org", NOON) for n, k in enumerate(numbers))
        write_rows(Reader, ("id", "email", "first_seen_at"), rows)
        return list(range(first, first + len(numbers)))

    def _branches(self, numbers: range, readers: list[int]) -> None:
        """Each has one answer, and the oldest one in HOT_EVERY more."""
        first = first_key(Comment)
        tops = range(first, first + len(numbers))
        hot = self.tops()[0].pk if self.size else first
        write_rows(Comment, _COMMENT, self._said(tops, numbers, readers, [None] * len(tops)))
        write_rows(Comment, _COMMENT, self._said(range(tops.stop, tops.stop + len(tops)), numbers, readers, list(tops)))
        warm = numbers[::HOT_EVERY]
        begin = tops.stop + len(tops)
        write_rows(Comment, _COMMENT, self._said(range(begin, begin + len(warm)), warm, readers, [hot] * len(warm)))
        hot_ones = Comment.objects.filter(pk=hot)
        hot_ones.update(visible_answers=Comment.objects.filter(root=hot).count())
        visible = self.thread.comments.count()
        Discussion.objects.filter(pk=self.thread.pk).update(visible_count=visible, version=visible)

    def _said(self, keys: range, numbers: range, readers: list[int], above: list[int | None]) -> Iterator[tuple]:
        for key, k, reader, parent in zip(keys, numbers, readers, above, strict=False):
            at = NOON - timedelta(days=300) + timedelta(minutes=k, seconds=30 if parent else 0)
            yield (
                *(key, _public(key), self.thread.pk, parent, parent, 1 if parent else 0, reader),
                *(f"Lectrice {k}", f"Le pont, avis {k}.", at, at, f"fil {key}"),
                *(Status.APPROVED.value, False, 0 if parent else 1, 2),
            )

    def _queues(self, numbers: range, discussions: list[int], readers: list[int]) -> None:
        for status, suspect, act, days in _QUEUED:
            begin = NOON - timedelta(days=days)
            first = first_key(Comment)
            rows = [
                (first + n, k, discussions[n], readers[n], begin + timedelta(minutes=k)) for n, k in enumerate(numbers)
            ]
            write_rows(
                Comment,
                _COMMENT,
                (
                    (
                        *(key, _public(key), discussion, None, None, 0, reader, f"Lectrice {k}", _text(k), at),
                        *(at if act else None, f"file {key}", status.value, suspect, 0, 2 if act else 1),
                    )
                    for key, k, discussion, reader, at in rows
                ),
            )
            decisions = self._decided(act, status, [(key, at) for key, *_rest, at in rows]) if act else []
            if status == Status.APPROVED:
                _reported([(key, k, at) for key, k, _discussion, _reader, at in rows], decisions)
            if status == Status.PENDING:
                _seen([key for key, *_rest in rows])

    def _decided(self, act: str, status: Status, rows: list[tuple[int, Any]]) -> list[int]:
        first = first_key(Decision)
        why = ("ABUSE" if act == "REJECT" else "", "À relire." if act == "FLAG" else "")
        write_rows(
            Decision,
            _DECISION,
            (
                (first + n, key, act, status.value, *why, at, 2, "PENDING", 1, self.colleague.pk)
                for n, (key, at) in enumerate(rows)
            ),
        )
        return list(range(first, first + len(rows)))


def _analyze() -> None:
    """Of these tables alone: over those that all databases of a server share, others would have to wait."""
    with connection.cursor() as cursor:
        tables = ", ".join([*connection.introspection.django_table_names(only_existing=True), "comments_search"])
        cursor.execute(f"ANALYZE {tables}" if connection.vendor == "postgresql" else "ANALYZE")


def _empty() -> None:
    """A new, empty file for what is taken back later: PostgreSQL would leave the old one as large as it was."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE comments_comment, comments_discussion, comments_reader, newsroom_article CASCADE")


def _reported(rows: list[tuple[int, int, Any]], decisions: list[int]) -> None:
    first = first_key(Report)
    write_rows(
        Report,
        _REPORT,
        (
            (first + n, key, "SPAM", f"reporter {k}", 1, "x", at)
            + (("OPEN", None) if k < OPEN else ("DISMISSED", decisions[n]))
            + (k % 9 == 0,)
            for n, (key, k, at) in enumerate(rows)
        ),
    )


def _seen(keys: list[int]) -> None:
    """A finding, an imprint and the words of each."""
    first = first_key(Finding)
    rows = ((first + n, key, "shouting", 0, 5) for n, key in enumerate(keys))
    write_rows(Finding, ("id", "comment_id", "rule", "start", "end"), rows)
    bands = ((key, *memoryview(blake2b(str(key).encode(), digest_size=8).digest()).cast("H")) for key in keys)
    write_rows(Imprint, ("comment_id", "band_0", "band_1", "band_2", "band_3"), bands)
    search.index_each(Comment.objects.filter(pk__gte=keys[0], pk__lte=keys[-1]).only("text", "author_name"))


def _public(key: int) -> int:
    return key * 1_000_003


def _text(number: int) -> str:
    return f"Douze mois annoncés pour le pont, donc dix-huit (avis{number}). Que fait la mairie ?"
