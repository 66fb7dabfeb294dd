"""What every public page says to who keeps copies: for how long, and how one copy is told from another.

A public page is the same bytes for every visitor: nothing here reads a session, a cookie or a user.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import get_conditional_response

# A shared copy lives one second: what is rejected is gone everywhere within that time.
SHARED = "public, max-age=0, s-maxage=1, must-revalidate"


def site_address(request: HttpRequest) -> str:
    """The site's own address without a slash at its end; the request's where the settings name none."""
    return settings.SITE_URL or f"{request.scheme}://{request.get_host()}"


def public_page(request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    """A page whose tag is its bytes: for pages whose making costs less than a rule about their freshness."""
    response = render(request, template, context)
    return or_not_modified(request, digest(response.content), lambda: response)


def shared(response: HttpResponse, *, tag: str = "") -> HttpResponse:
    """Marks a public page as one that may be kept and must be asked for again; its tag is its bytes unless named."""
    response["ETag"] = tag or digest(response.content)
    response["Cache-Control"] = SHARED
    return response


def or_not_modified(request: HttpRequest, tag: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The shared page that `make` renders, or 304 to who holds the copy that `tag` names."""
    unchanged = get_conditional_response(request, etag=tag)
    return shared(cast(HttpResponse, unchanged) if unchanged else make(), tag=tag)


def digest(seen: bytes) -> str:
    """An ETag. Weak: a proxy may compress the page and it is still the same page."""
    return f'W/"{hashlib.sha256(seen).hexdigest()[:32]}"'
