"""A reader writes."""

from __future__ import annotations

import secrets
from functools import cache

from django.db import connection
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from comments import figures
from comments.forms import CommentForm, UnseenCommentForm, form_age, sign_time
from comments.limits import TooMany
from comments.models import Discussion
from comments.submission import DiscussionClosed, Muted, NothingToAnswer, Post, Refused, submit
from comments.templatetags.comments import answered, form_context
from newsroom import pages
from newsroom.address import client_address, client_port
from newsroom.composed import WORD, Composed
from newsroom.models import Article
from newsroom.origin import own_pages_only


@require_safe
@never_cache
def key(request: HttpRequest, slug: str) -> JsonResponse:
    """What a page that is the same for everybody cannot hold: a key, a moment, the honest delay."""
    article = get_object_or_404(Article.objects.published(), slug=slug)
    return JsonResponse(
        {
            "key": secrets.token_urlsafe(18),
            "signed_time": sign_time(timezone.now()),
            "delay": figures.publication_delay(Discussion.objects.filter(article=article).first()),
        }
    )


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def submit_comment(request: HttpRequest, slug: str) -> HttpResponseBase:
    # Its body is for who has to see the page again.
    article = _article(slug)
    if request.method != "POST":
        # After a mistake without scripts this is the address that stands in the browser's bar.
        return HttpResponseRedirect(article.get_absolute_url())
    form = UnseenCommentForm(request.POST)
    if not form.is_valid():
        return _again(request, article, 422)
    try:
        submit(article, post=_post(request, form), at=timezone.now(), policy=form.policy)
    except TooMany as limit:
        sentence = _("That is a lot of comments at once. Your text is kept: send it again in a few minutes.")
        response = _again(request, article, 429, sentence)
        response["Retry-After"] = str(limit.retry_after)
        return response
    except (DiscussionClosed, Muted) as refusal:
        return _again(request, article, 403, str(refusal))
    except NothingToAnswer as refusal:
        return _again(request, article, 422, str(refusal), without="parent")
    except Refused as refusal:
        return _again(request, article, 422, str(refusal), field="text")
    return _thanks(request, article)


def _article(slug: str) -> Article:
    """As much of it as its address tells. Raises Http404."""
    found = _by_slug(connection.vendor).asked([slug])
    if not found:
        raise Http404
    return found[0]


@cache
def _by_slug(_vendor: str) -> Composed:
    return Composed(Article.objects.published().only("slug").filter(slug=WORD), [WORD])


def _post(request: HttpRequest, form: UnseenCommentForm) -> Post:
    written = form.cleaned_data
    age, forged = form_age(written["signed_time"], at=timezone.now())
    return Post(
        author_name=written["author_name"],
        email=written["email"],
        text=written["text"],
        parent_public_id=written["parent"],
        idempotency_key=written["idempotency_key"],
        address=client_address(request),
        port=client_port(request),
        honeypot_filled=bool(written["website"]),
        form_age=age,
        form_time_forged=forged,
    )


def _thanks(request: HttpRequest, article: Article) -> HttpResponse:
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, article, CommentForm(), 200, posted=True)
    return HttpResponseRedirect(f"{article.get_absolute_url()}?posted=1#comments", status=303)


def _again(
    request: HttpRequest,
    article: Article,
    status: int,
    sentence: str = "",
    *,
    field: str | None = None,
    without: str | None = None,
) -> HttpResponseBase:
    """The form once more, with what was typed and the sentence beside the field; `without` what can't be kept."""
    form = CommentForm(request.POST)
    if sentence:
        form.add_error(field, sentence)
    if without:
        form.data = {name: form.data[name] for name in form.data if name != without}
    if request.htmx:  # type: ignore[attr-defined]
        return _part(request, article, form, status)
    whole = Article.objects.get(pk=article.pk)
    return pages.article_page(request, whole, context={"comment_form": form}, status=status)


def _part(
    request: HttpRequest, article: Article, form: CommentForm, status: int, *, posted: bool = False
) -> HttpResponse:
    discussion = Discussion.objects.filter(article=article).first()
    answering = answered(discussion, form["parent"].value()) if form.is_bound else None
    delay = figures.publication_delay(discussion) if posted else ""
    context = form_context(article, form, answering=answering, discussion=discussion, posted=posted, delay=delay)
    response = render(request, "comments/submission/_form.html", context, status=status)
    response["Cache-Control"] = "no-store"
    return response
