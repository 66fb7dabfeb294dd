"""Anonymous posts carry no token, so that a public page can be the same bytes for everybody. They come from our own
pages all the same: the browser says where a post was started, and a foreign start is refused (promise 9)."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.csrf import csrf_exempt


def is_foreign(request: HttpRequest) -> bool:
    """Sec-Fetch-Site where the browser sends it, else Origin, else Referer. None of them: no browser, not foreign."""
    if site := request.headers.get("Sec-Fetch-Site"):
        return site not in ("same-origin", "none")
    if start := request.headers.get("Origin") or request.headers.get("Referer"):
        return _host(start) != request.get_host()
    return False


def _host(address: str) -> str:
    """Empty for what is no address: like "null", it is not ours."""
    try:
        return urlsplit(address).netloc
    except ValueError:
        return ""


def own_pages_only(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """For public views: no CSRF token is asked for, a post from a foreign page answers 403."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if request.method == "POST" and is_foreign(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return csrf_exempt(checked)
