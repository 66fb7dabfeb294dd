"""What readers see of a thread beside the article page itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.cache import add_never_cache_headers
from django.utils.html import linebreaks
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from comments import threads
from comments.models import Comment, Discussion
from comments.templatetags.places import Places
from newsroom import pages
from newsroom.feeds import PublicFeed
from newsroom.models import Article

FEED_LENGTH = 50
# As many as a front page shows; each is one seek.
COUNTS_AT_ONCE = 100


@require_safe
def comment(request: HttpRequest, public_id: int) -> HttpResponseBase:
    """The permalink: to the page and branch that hold the comment. Hidden and missing answer alike."""
    found = _visible(public_id)
    where = found.discussion.article.get_absolute_url()
    response = redirect(f"{where}?at={found.public_id}#comment-{found.public_id}")
    response["Cache-Control"] = pages.SHARED
    return response


@require_safe
def following(request: HttpRequest, public_id: int) -> HttpResponseBase:
    """« Voir les N réponses »: the answers of a branch after a visible one; a page, or its part for htmx."""
    after = _visible(public_id)
    answers, next_after = threads.following(after)
    article = after.discussion.article
    shown = Places(article, is_open=after.discussion.is_open).answers(answers)
    context = {"article": article, "after": after, "answers": shown, "next_after": next_after}
    part = request.htmx and not request.htmx.boosted  # type: ignore[attr-defined]
    response = pages.public_page(request, f"comments/threads/{'_following' if part else 'following'}.html", context)
    response["Vary"] = "HX-Request"
    return response


@require_safe
def counts(request: HttpRequest) -> HttpResponse:
    """`?articles=slug,slug…`: the visible comments of each, for other sites. What is not on the site is left out."""
    slugs = {slug for slug in request.GET.get("articles", "").split(",") if slug}
    if len(slugs) > COUNTS_AT_ONCE:
        said = f"At most {COUNTS_AT_ONCE} articles at once, by their slugs: ?articles=one,another"
        refused = JsonResponse({"error": said}, status=400)
        add_never_cache_headers(refused)
        return _for_other_sites(refused)
    articles = Article.objects.published().filter(slug__in=slugs).only("slug").order_by("slug")
    found = list(articles)
    visible = threads.visible_counts(found)
    response = JsonResponse({"counts": {one.slug: visible.get(one.pk, 0) for one in found}})
    return _for_other_sites(pages.or_not_modified(request, pages.digest(response.content), lambda: response))


def _for_other_sites(response: HttpResponse) -> HttpResponse:
    """A script of any site may read it: it is public, and no cookie is ever looked at for it."""
    response["Access-Control-Allow-Origin"] = "*"
    return response


@dataclass(frozen=True)
class _Thread:
    article: Article
    address: str  # of the site: every link of a feed is absolute


class VisibleComments(PublicFeed):
    """One article's visible comments, the newest first. Atom."""

    def get_object(self, request: HttpRequest, slug: str) -> _Thread:
        article = get_object_or_404(Article.objects.published(), slug=slug)
        return _Thread(article, pages.site_address(request))

    def title(self, thread: _Thread) -> str:
        return _("Comments on “%(headline)s”") % {"headline": thread.article.headline}

    def link(self, thread: _Thread) -> str:
        return f"{thread.address}{thread.article.get_absolute_url()}#comments"

    def feed_url(self, thread: _Thread) -> str:
        return thread.address + reverse("comments_feed", args=[thread.article.slug])

    def items(self, thread: _Thread) -> list[tuple[Comment, str]]:
        discussion = Discussion.objects.filter(article=thread.article).first()
        latest = threads.newest(discussion)[:FEED_LENGTH] if discussion else []
        return [(comment, thread.address + comment.get_absolute_url()) for comment in latest]

    def item_title(self, item: tuple[Comment, str]) -> str:
        return item[0].shown_name

    def item_description(self, item: tuple[Comment, str]) -> str:
        # An Atom summary is HTML: readers' text goes into it escaped, in its paragraphs.
        return linebreaks(item[0].text, autoescape=True)

    def item_link(self, item: tuple[Comment, str]) -> str:
        return item[1]

    def item_author_name(self, item: tuple[Comment, str]) -> str:
        return item[0].shown_name

    def item_pubdate(self, item: tuple[Comment, str]) -> datetime:
        return item[0].submitted_at

    def item_updateddate(self, item: tuple[Comment, str]) -> datetime:
        return item[0].submitted_at


def _visible(public_id: int) -> Comment:
    visible = Comment.objects.visible().filter(discussion__article__is_published=True)
    return get_object_or_404(visible.select_related("discussion__article"), public_id=public_id)
