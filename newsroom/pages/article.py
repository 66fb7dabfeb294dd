"""The page of one article, with its thread and form."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers

from newsroom.composed import Composed
from newsroom.models import Article, Section
from newsroom.pages.frame import framed
from newsroom.pages.sharing import SHARED, site_address

Counts = Callable[[Iterable[Article]], dict[int, int]]
_readers: list[Counts] = []


def register_counts(reader: Counts) -> None:
    """`reader` gives the visible comments by article id; articles without any may be absent."""
    _readers[:] = [reader]


def visible_counts(articles: Iterable[Article]) -> dict[int, int]:
    return _readers[0](articles) if _readers else {}


def article_page(
    request: HttpRequest, article: Article, *, context: dict[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    """The article with its thread and form.

    With `context` (a bound form in "comment_form") or another `status` it answers one reader's post and is kept by
    nobody. Otherwise it is shared: `kept_page` gives it its tag, keeps it and answers who holds it already.
    """
    count, facts = visible_counts([article]).get(article.pk, 0), _facts(request, article)
    asked = {"request": request, "article": article, "posted": request.GET.get("posted") == "1"}
    comments = render_to_string("newsroom/_comments.html", asked | (context or {}))
    response = HttpResponse(framed(facts, comments, count=count), status=status)
    if context or status != 200:
        add_never_cache_headers(response)
    else:
        response["Cache-Control"] = SHARED
    return response


def _facts(request: HttpRequest, article: Article) -> dict[str, Any]:
    """What its frame shows: each of it is part of the frame's key."""
    address, sections = site_address(request), _menu().asked([])
    if own := [section for section in sections if section.pk == article.section_id]:
        article.section = own[0]
    return {
        "article": article,
        "current_section": article.section,
        "sections": sections,
        "site_name": settings.SITE_NAME,
        "address": address,
        "json_ld": news_article(article, address=address),
    }


@lru_cache
def _menu() -> Composed:
    return Composed(Section.objects.all(), [])


def news_article(article: Article, *, address: str) -> dict[str, Any]:
    """schema.org NewsArticle, for search engines; the number of comments is added when it is shown."""
    here = address + article.get_absolute_url()
    data: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.headline,
        "url": here,
        "mainEntityOfPage": article.canonical_url or here,
        "inLanguage": article.language,
        "datePublished": article.published_at.isoformat(),
        "dateModified": (article.updated_at or article.published_at).isoformat(),
        "commentCount": None,
        "discussionUrl": f"{here}#comments",
        "publisher": {"@type": "NewsMediaOrganization", "name": settings.SITE_NAME},
    }
    if article.standfirst:
        data["description"] = article.standfirst
    if article.author_line:
        data["author"] = {"@type": "Person", "name": article.author_line}
    if article.section:
        data["articleSection"] = article.section.name
    if article.is_paywalled:
        data["isAccessibleForFree"] = False
    if article.image:
        data["image"] = _absolute(article.image.url, address=address)
    return data


def _absolute(url: str, *, address: str) -> str:
    return url if url.startswith("http") else address + url
