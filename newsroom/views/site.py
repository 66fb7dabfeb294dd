"""The front page, a section, an article: the same bytes for every visitor."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from newsroom.composed import WORD, Composed
from newsroom.models import Article, ArticleQuerySet, Section
from newsroom.pages import article_page, public_page, visible_counts

ON_A_PAGE = 25
MOST_COMMENTED = 5
ROW = 3


@dataclass(frozen=True)
class Teaser:
    article: Article
    comments: int


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    teasers, older = _teasers(Article.objects.all(), after=request.GET.get("after"))
    context = _layout(teasers, older) | {"is_first": "after" not in request.GET}
    return public_page(request, "newsroom/front.html", context)


@require_safe
def section(request: HttpRequest, slug: str) -> HttpResponse:
    current = get_object_or_404(Section, slug=slug)
    teasers, older = _teasers(current.articles.all(), after=request.GET.get("after"))
    context = _layout(teasers, older) | {"current_section": current, "section_page": True}
    return public_page(request, "newsroom/section.html", context)


@require_safe
def article(request: HttpRequest, slug: str) -> HttpResponse:
    found = _by_slug().asked([slug])
    if not found:
        raise Http404
    return article_page(request, found[0])


@lru_cache
def _by_slug() -> Composed:
    return Composed(Article.objects.published().filter(slug=WORD), [WORD])


def _teasers(articles: ArticleQuerySet, *, after: str | None) -> tuple[list[Teaser], str]:
    """One page of the latest, and the slug after which the next begins (empty: last page)."""
    latest = articles.published().newest_first().select_related("section").defer("body", "related")
    if after:
        latest = latest.after(get_object_or_404(Article.objects.published(), slug=after))
    found = list(latest[: ON_A_PAGE + 1])
    shown = found[:ON_A_PAGE]
    counts = visible_counts(shown)
    older = shown[-1].slug if len(found) > ON_A_PAGE else ""
    return [Teaser(article=one, comments=counts.get(one.pk, 0)) for one in shown], older


def _layout(teasers: list[Teaser], older: str) -> dict[str, Any]:
    rest = teasers[1:]
    spoken = [teaser for teaser in teasers if teaser.comments]
    return {
        "top": teasers[0] if teasers else None,
        "rows": [rest[start : start + ROW] for start in range(0, len(rest), ROW)],
        "most_commented": sorted(spoken, key=lambda teaser: -teaser.comments)[:MOST_COMMENTED],
        "older_after": older,
    }
