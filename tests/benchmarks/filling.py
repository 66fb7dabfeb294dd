"""A newsroom with a queue of any length, written as rows: what waits has its reader, findings, imprint and words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from hashlib import blake2b
from typing import Any

from django.contrib.auth.models import Group
from django.db import connection, transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce

from comments import search
from comments.models import (
    Action,
    Comment,
    Decision,
    Discussion,
    Finding,
    Ground,
    Imprint,
    Reader,
    Report,
    Status,
)
from newsroom import roles
from newsroom.models import Article, Section, User
from tests.benchmarks.rows import first_key, write_rows

BATCH = 10_000
ARTICLES = 400
READERS = 20_000
FOUND_EVERY = 10
SUSPECT_EVERY = 50
# Of what is decided: how often it was reported, and how many of the reports are open.
REPORTED_EVERY = 200
OPEN_REPORTS = 300
_OUTCOMES = [(Action.APPROVE, Status.APPROVED)] * 177 + [(Action.REJECT, Status.REJECTED)] * 22
_OUTCOMES += [(Action.FLAG, Status.FLAGGED)]
_OPENINGS = ("Douze mois annoncés", "On nous l’avait promis", "Merci pour la carte", "Je passe là chaque matin")
_MIDDLES = ("donc dix-huit", "et rien n’a changé", "mais la rue reste barrée", "il faudrait le dire au conseil")
_ENDS = ("Que fait la mairie ?", "À suivre.", "Bon courage aux riverains.", "Le marché en souffre déjà.")
_COMMENT = ("id", "public_id", "discussion_id", "reader_id", "author_name", "text", "submitted_at", "fingerprint")
_COMMENT += ("status", "version", "decided_at", "is_suspect")
_DECISION = ("id", "comment_id", "action", "to_status", "ground", "note", "at", "version", "from_status", "revision")
_DECISION += ("moderator_id",)
_REPORT = ("id", "comment_id", "reason", "reporter", "revision", "text", "filed_at", "state", "settled_by_id")


def make_people(how_many: int) -> list[User]:
    """Moderators, without a password: they are signed in by their session."""
    group = Group.objects.get(name=roles.MODERATORS)
    people = [User.objects.create(username=f"moderator-{n}", first_name=f"Mod {n}") for n in range(how_many)]
    for person in people:
        person.groups.add(group)
    return people


def make_articles(*, at: datetime) -> list[Discussion]:
    section = Section.objects.create(name="Ville", slug="ville")
    articles = Article.objects.bulk_create(
        Article(
            section=section,
            slug=f"article-{n}",
            source_key=f"bench {n}",
            headline=f"Le pont des Tanneurs, épisode {n}",
            standfirst="Ce qui change pour la ville.",
            body="<p>Il faudra s’y faire.</p>",
            published_at=at - timedelta(days=30),
        )
        for n in range(ARTICLES)
    )
    return Discussion.objects.bulk_create(Discussion(article=article) for article in articles)


def make_readers(*, at: datetime) -> list[Reader]:
    return Reader.objects.bulk_create(
        Reader(email=f"reader{n}@example.org", first_seen_at=at - timedelta(days=90)) for n in range(READERS)
    )


def add_decided(how_many: int, *, discussions: list[Discussion], readers: list[Reader], by: User, at: datetime) -> None:
    """Comments of the months before, each with the decision that made it what it is; the counts follow."""
    then = at - timedelta(days=300)
    for numbers in _batches(range(how_many)):
        first, first_decision = first_key(Comment), first_key(Decision)
        outcomes = [_OUTCOMES[n * 7 % len(_OUTCOMES)] for n in numbers]
        moments = [then + timedelta(seconds=20 * n) for n in numbers]
        rows = list(zip(range(len(numbers)), numbers, outcomes, moments, strict=True))
        write_rows(
            Comment,
            _COMMENT,
            (
                (*_comment(first + n, -number - 1, discussions, readers, moment), status, 2, moment, False)
                for n, number, (_action, status), moment in rows
            ),
        )
        write_rows(
            Decision,
            _DECISION,
            (
                (first_decision + n, first + n, action, status, *_why(action), moment, 2, "PENDING", 1, by.pk)
                for n, _number, (action, status), moment in rows
            ),
        )
        _follow(first, numbers)
    _report()
    _count()


def add_pending(numbers: range, *, discussions: list[Discussion], readers: list[Reader], at: datetime) -> None:
    """The comments of these numbers, one a second, the lowest the oldest."""
    since = at - timedelta(days=7)
    for batch in _batches(numbers):
        first, found = first_key(Comment), first_key(Finding)
        rows = list(enumerate(batch, start=first))
        write_rows(
            Comment,
            _COMMENT,
            (
                (
                    *_comment(pk, n, discussions, readers, since + timedelta(seconds=n)),
                    *(Status.PENDING.value, 1, None, n % SUSPECT_EVERY == SUSPECT_EVERY - 1),
                )
                for pk, n in rows
            ),
        )
        write_rows(
            Finding,
            ("id", "comment_id", "rule", "start", "end"),
            ((found + place, pk, "shouting", 0, 5) for place, (pk, _n) in enumerate(rows[::FOUND_EVERY])),
        )
        _follow(first, batch)
    analyze()


def analyze() -> None:
    """What the databases know of their tables."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def _comment(
    pk: int, number: int, discussions: list[Discussion], readers: list[Reader], at: datetime
) -> tuple[Any, ...]:
    return (
        *(pk, pk * 1_000_003, discussions[number % ARTICLES].pk, readers[number * 7 % READERS].pk),
        *(f"Lectrice {number % READERS}", _text(number), at, f"bench {number}"),
    )


def _why(action: Action) -> tuple[str, str]:
    """Ground and note."""
    return (Ground.ABUSE if action == Action.REJECT else ""), ("À relire." if action == Action.FLAG else "")


def _follow(first: int, numbers: range) -> None:
    """What is kept of each text: its imprint, and its words."""
    bands = ("comment_id", "band_0", "band_1", "band_2", "band_3")
    imprints = ((pk, _imprint(number)) for pk, number in enumerate(numbers, start=first))
    write_rows(Imprint, bands, ((pk, *(kept >> 16 * place & 0xFFFF for place in range(4))) for pk, kept in imprints))
    with transaction.atomic():
        search.index_each(Comment.objects.filter(pk__gte=first).only("text", "author_name"))


def _report() -> None:
    """Some of the visible comments were reported: most of it is settled."""
    decided = Comment.objects.visible().order_by("-pk")[::REPORTED_EVERY]
    first = first_key(Report)
    keys = {comment.pk: comment.decisions.get().pk for comment in decided}
    write_rows(
        Report,
        _REPORT,
        (
            (
                *(first + n, comment.pk, "SPAM" if n % 9 else "THREAT", f"reporter {n % 500}", 1, comment.text),
                comment.decided_at,
                *(("OPEN", None) if n < OPEN_REPORTS else ("DISMISSED", keys[comment.pk])),
            )
            for n, comment in enumerate(decided)
        ),
    )


def _count() -> None:
    visible = Comment.objects.visible().filter(discussion=OuterRef("pk")).order_by().values("discussion")
    count = Coalesce(Subquery(visible.annotate(count=Count("pk")).values("count")), 0)
    Discussion.objects.update(visible_count=count)
    Discussion.objects.update(version=F("visible_count"))


def _imprint(number: int) -> int:
    """As evenly spread as those of different texts, which take 10 ms each to compute."""
    return int.from_bytes(blake2b(str(number).encode(), digest_size=8).digest(), "little")


def _text(number: int) -> str:
    opening, middle, end = (
        words[number // step % len(words)] for words, step in ((_OPENINGS, 1), (_MIDDLES, 4), (_ENDS, 16))
    )
    return f"{opening}, {middle} (avis {number}). {end} Et pourtant la ligne {number % 90} passe encore par là."


def _batches(numbers: range) -> Iterator[range]:
    return (numbers[start : start + BATCH] for start in range(0, len(numbers), BATCH))
