"""The discussions that imported comments belong to, found by what the source calls their article."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice

from django.db.models import Q

from comments.models import Discussion
from newsroom.models import Article

_AT_ONCE = 1_000


@dataclass(frozen=True, slots=True)
class Where:
    """A discussion, and the source key of its article: the first half of each comment's."""

    discussion: int
    source_key: str


class Discussions:
    """By name: a source key, else an address or a slug of the article. None where there is no such article."""

    def __init__(self) -> None:
        self._found: dict[str, Where | None] = {}

    def __getitem__(self, name: str) -> Where | None:
        return self._found[name]

    def look_up(self, names: Iterable[str]) -> None:
        """Find them, in three queries for a thousand; a discussion is made where an article has none."""
        left = iter(names)
        while several := list(islice(left, _AT_ONCE)):
            self._look_up(several)

    def _look_up(self, new: list[str]) -> None:
        self._found |= dict.fromkeys(new)
        named = Q(source_key__in=new) | Q(canonical_url__in=new) | Q(slug__in=new)
        # The first that was imported comes last, and has the name.
        articles = list(Article.objects.filter(named).order_by("-pk").only("source_key", "canonical_url", "slug"))
        discussions = _discussions_of(articles)
        where = {article: Where(discussions[article.pk], article.source_key) for article in articles}
        for article in articles:
            self._found |= dict.fromkeys({article.canonical_url, article.slug}.intersection(new), where[article])
        # A source key is one article's alone: it names that one, whoever else has it for an address or a slug.
        self._found |= {article.source_key: where[article] for article in articles if article.source_key in self._found}


def _discussions_of(articles: list[Article]) -> dict[int, int]:
    rows = Discussion.objects.filter(article__in=articles)
    found = dict(rows.values_list("article", "pk"))
    if missing := [article for article in articles if article.pk not in found]:
        Discussion.objects.bulk_create((Discussion(article=article) for article in missing), ignore_conflicts=True)
        found = dict(rows.values_list("article", "pk"))
    return found
