"""« Le même texte » : comments that say the same or nearly the same, across articles.

An imprint keeps four bands of a text (comments/imprints); those who share a band are candidates, and rapidfuzz measures
them. docs/decisions/0009-alike.md
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.db import connection
from django.db.models import Prefetch, QuerySet
from rapidfuzz import fuzz

from comments.imprints import BANDS, imprint_of
from comments.models import Comment, Decision, Imprint, Status
from comments.rows import add_rows
from comments.screening.folding import folded_words

LEAST = 85
# Shorter than this, folded, one letter is another opinion (« oui », « ouf »): only the very same is alike.
SHORT = 20
# Of each band, the newest: a campaign of thousands is seen by its last ones.
CANDIDATES = 200
# Folding costs most: a text of less than half the length is not worth it. A likeness of 85 needs lengths of 3 to 4; the
# rest is for what folding takes away (« !!! »), which in a short text may be more.
_LEAST_LENGTH = 0.5
_LONG = 60


_RECORD = """
    INSERT INTO comments_imprint (comment_id, band_0, band_1, band_2, band_3) VALUES (%s, %s, %s, %s, %s)
    ON CONFLICT (comment_id) DO UPDATE SET
        band_0 = excluded.band_0, band_1 = excluded.band_1, band_2 = excluded.band_2, band_3 = excluded.band_3
"""


class Indexed(Protocol):
    """A comment as far as its imprint asks."""

    @property
    def pk(self) -> int: ...
    @property
    def text(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Alike:
    """A comment that is like another; `likeness` in per cent, 100 for the same words. `decision` is its newest."""

    comment: Comment
    likeness: int

    @property
    def decision(self) -> Decision | None:
        return next(iter(self.comment.decisions.all()), None)


def record(comment: Comment) -> None:
    """Write the imprint of a comment's present text, in the caller's transaction; over the one it had."""
    sql, bands = row_of(comment)
    with connection.cursor() as cursor:
        cursor.execute(sql, [comment.pk, *bands])


def row_of(comment: Indexed) -> tuple[str, tuple[int, ...]]:
    """The statement that writes an imprint: its first place is the comment's key, the others these.

    In SQL: every post asks it, and a bulk_create of one takes ten times as long to word.
    """
    return _RECORD, tuple(_bands(imprint_of(comment.text)).values())


def record_each(comments: Iterable[Comment]) -> None:
    """The same for several, in one statement."""
    bands = [f"band_{place}" for place in range(BANDS)]
    Imprint.objects.bulk_create(
        (Imprint(comment=comment, **_bands(imprint_of(comment.text))) for comment in comments),
        update_conflicts=True,
        unique_fields=["comment"],
        update_fields=bands,
    )


def record_new(imprints: Iterable[tuple[int, int]]) -> None:
    """Write those of new comments, however many: key and imprint."""
    names = ("comment_id", *(f"band_{place}" for place in range(BANDS)))
    add_rows(Imprint, names, ((key, *_bands(imprint).values()) for key, imprint in imprints))


def like(comment: Comment, *, limit: int = 10) -> list[Alike]:
    """Other comments with the same or nearly the same text, the likest first, then the newest. 5 queries.

    Across articles, in every state but withdrawn. Each with its article, its reader and its decisions.
    """
    texts = _candidates(comment).values_list("pk", "text")
    likeness = {pk: same for pk, text in texts if (same := likeness_of(comment.text, text))}
    best = sorted(likeness, key=lambda pk: (likeness[pk], pk), reverse=True)[:limit]
    rows = Comment.objects.select_related("discussion__article", "reader").prefetch_related(
        Prefetch("decisions", Decision.objects.select_related("moderator").order_by("-version"))
    )
    found = rows.in_bulk(best)
    return [Alike(found[pk], likeness[pk]) for pk in best if pk in found]


def likeness_of(one: str, other: str) -> int:
    """In per cent, 0 below LEAST: the Indel similarity of the folded words, 2 × what is common / both lengths."""
    shorter, longer = sorted((len(one), len(other)))
    if longer > _LONG and shorter < longer * _LEAST_LENGTH:
        return 0
    one, other = folded_words(one), folded_words(other)
    if one == other:
        return 100
    if min(len(one), len(other)) < SHORT:
        return 0
    # 100 is said of the same words only.
    return min(99, int(fuzz.ratio(one, other, score_cutoff=LEAST)))


def _candidates(comment: Comment) -> QuerySet[Comment]:
    """Those that share all bands first: where one band is common, the very same text is still among them."""
    kept = Imprint.objects.filter(comment=comment).values(*(f"band_{place}" for place in range(BANDS))).first()
    bands = kept or _bands(imprint_of(comment.text))
    keys = _sharing([bands, *({name: band} for name, band in bands.items())], besides=comment)
    return Comment.objects.filter(pk__in=keys).exclude(status=Status.WITHDRAWN)


def _sharing(several: list[dict[str, int]], *, besides: Comment) -> set[int]:
    """Of each set of bands, the newest comments that share it. One statement, a short index look-up each."""
    asked = [
        Imprint.objects.filter(**bands)
        .exclude(pk=besides.pk)
        .order_by("-comment")
        .values_list("comment", flat=True)[:CANDIDATES]
        .query.sql_with_params()
        for bands in several
    ]
    # Each in brackets of its own: SQLite limits no part of a union otherwise.
    sql = " UNION ".join(f"SELECT * FROM ({part}) AS part_{place}" for place, (part, _given) in enumerate(asked))  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(sql, [value for _part, given in asked for value in given])
        return {key for (key,) in cursor.fetchall()}


def _bands(imprint: int) -> dict[str, int]:
    return {f"band_{place}": imprint >> 16 * place & 0xFFFF for place in range(BANDS)}
