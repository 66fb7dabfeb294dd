"""Articles with threads of any length, written by the database itself: a million visible comments in a minute or two.

Of each five comments two are answers; every fiftieth comment answers the same one, which stands on the first page.
No decision stands behind them and no word of them is indexed: no figure of reading looks there.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import connection
from django.utils import timezone

from comments.models import Comment, Discussion
from newsroom.models import Article, Section

LOREM = (
    "On nous l’avait promis pour le printemps, et voilà que l’hiver revient sans que rien n’ait changé sur la place. "
    "Les commerçants attendent, les riverains aussi ; il faudrait le dire au conseil, et le redire, calmement. "
)
_FIVE = 5


def fill(sizes: list[int]) -> dict[int, Article]:
    """An article of each size, by size."""
    filled = {size: _article(f"fil-{size}", size) for size in sizes}
    _settle()
    return filled


def fill_quiet(how_many: int, *, size: int) -> list[Article]:
    """Articles as most are, each with a few comments."""
    quiet = [_article(f"calme-{number}", size) for number in range(how_many)]
    _settle()
    return quiet


def _settle() -> None:
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _article(slug: str, size: int) -> Article:
    section, _made = Section.objects.get_or_create(name="Ville", slug="ville")
    now = timezone.now()
    article = Article.objects.create(
        section=section,
        slug=slug,
        source_key=slug,
        headline=f"Le pont des Tanneurs, {size} avis",
        standfirst="Ce qui change pour la ville.",
        body="".join(f"<p>{LOREM * 3}</p>" for _paragraph in range(8)),
        published_at=now - timedelta(days=30),
    )
    discussion = Discussion.objects.create(article=article, visible_count=size, version=size)
    _write(discussion, size, now)
    return article


def _write(discussion: Discussion, size: int, now: datetime) -> None:
    """Comment n of the thread, counted from the oldest, has the key `first` + n."""
    newest = Comment.objects.order_by("-pk").first()
    facts = {
        "first": newest.pk + 1 if newest else 1,
        "last": size - 1,
        "hot": (size - 1) // _FIVE * _FIVE,
        "discussion": discussion.pk,
        "begin": f"{now - timedelta(days=20):%Y-%m-%d %H:%M:%S}",
    }
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET statement_timeout = 0")
        cursor.execute(_INSERT.format(**facts | _DIALECTS[connection.vendor]).format(**facts), [LOREM * 3])
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence('comments_comment', 'id'), max(id)) FROM comments_comment"
            )
    hot = Comment.objects.filter(pk=facts["first"] + facts["hot"])
    hot.update(visible_answers=Comment.objects.visible().filter(root=hot.get()).count())


_DIALECTS = {
    "postgresql": {
        "numbers": "generate_series(CAST(0 AS bigint), {last}) AS numbered(n)",
        "moment": "TIMESTAMPTZ '{begin}+00' + n * INTERVAL '1 second'",
        "no": "false",
    },
    "sqlite": {
        "numbers": "(WITH RECURSIVE c(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM c WHERE n < {last}) SELECT n FROM c)",
        "moment": "datetime('{begin}', '+' || n || ' seconds')",
        "no": "0",
    },
}
# `up` is what a comment answers: of five, the second and third answer the first, but every fiftieth the hot one.
# What is answered is written first: SQLite seeks the answers of each row that comes after one of its own.
_INSERT = """
    INSERT INTO comments_comment (id, public_id, discussion_id, parent_id, root_id, limb_id, depth, reader_id,
        author_name, text, revision, status, version, is_suspect, submitted_at, decided_at, visible_answers,
        fingerprint)
    SELECT id, id * 636413622 %% 9007199254740881, {discussion}, up, up, NULL, CASE WHEN up IS NULL THEN 0 ELSE 1 END,
        NULL, 'Lectrice ' || n %% 2000, substr(%s, 1, 60 + CAST(n * 7919 %% 400 AS integer)), 1, 'APPROVED', 2, {no},
        at, at, CASE WHEN n %% 5 <> 0 THEN 0 WHEN n %% 50 = 0 AND n + 2 <= {last} THEN 1 ELSE 2 END, 'fil ' || id
    FROM (
        SELECT n, {first} + n AS id, {moment} AS at,
            CASE WHEN n %% 50 = 2 THEN {first} + {hot} WHEN n %% 5 IN (1, 2) THEN {first} + n - n %% 5 END AS up
        FROM {numbers}
    ) AS written
    ORDER BY up IS NOT NULL, n
"""
