"""An article's old slugs lead to it: its page, and every public page below that one."""

from __future__ import annotations

import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect

from newsroom.models import OldSlug
from newsroom.pages import SHARED

Handler = Callable[[HttpRequest], HttpResponse]
_UNDER_A_SLUG = re.compile(r"/articles/(?P<slug>[-\w]{1,200})(?P<rest>/.*)", re.DOTALL)


def lead_on(get_response: Handler) -> Handler:
    """301 instead of 404, the query kept. What exists is answered without a look at this."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 404 or request.method not in ("GET", "HEAD"):
            return response
        return _redirect(request) or response

    return middleware


def _redirect(request: HttpRequest) -> HttpResponse | None:
    """None where the slug leads nowhere, or to an article that is not on the site."""
    asked = _UNDER_A_SLUG.fullmatch(request.path_info)
    if asked is None:
        return None
    old = OldSlug.objects.filter(slug=asked["slug"], article__is_published=True).select_related("article").first()
    if old is None:
        return None
    query = request.META.get("QUERY_STRING", "")
    page = old.article.get_absolute_url().removesuffix("/") + asked["rest"]
    answer = HttpResponsePermanentRedirect(page + (f"?{query}" if query else ""))
    # As any public page: asked for again, so that an article that goes takes its old addresses along.
    answer["Cache-Control"] = SHARED
    return answer
