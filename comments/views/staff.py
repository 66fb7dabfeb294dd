"""Who may enter a staff page."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django_htmx.http import HttpResponseClientRedirect

from newsroom.models import User

View = Callable[..., HttpResponse]


def kept_for(permission: str) -> Callable[[View], View]:
    """Signed out: to the sign-in page and back. Signed in without the permission: 403.

    No cache keeps what it answers: staff pages all go through `newsroom.middleware.staff_pages`.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not request.user.is_authenticated:
                return _sign_in(request)
            if not request.user.has_perm(permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return guarded

    return guard


def person(request: HttpRequest) -> User:
    """Who is signed in, behind `kept_for`."""
    assert isinstance(request.user, User)  # noqa: S101 (kept_for has asked)
    return request.user


def wants_part(request: HttpRequest) -> bool:
    """A script asks for the piece of the page that changes."""
    return bool(request.htmx) and not request.htmx.boosted  # type: ignore[attr-defined]


def _sign_in(request: HttpRequest) -> HttpResponse:
    """An act cannot be repeated by following a link: its page is where one comes back to."""
    back = request.get_full_path() if request.method in ("GET", "HEAD") else reverse("account_landing")
    if not wants_part(request):
        return redirect_to_login(back)
    return HttpResponseClientRedirect(redirect_to_login(_path_of(request.htmx.current_url) or back)["Location"])  # type: ignore[attr-defined]


def _path_of(address: str | None) -> str:
    """The page a script runs on, without scheme and host; empty where the header is no address."""
    try:
        return urlsplit(address or "")._replace(scheme="", netloc="").geturl()
    except ValueError:
        return ""
