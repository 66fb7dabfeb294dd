"""Errors in one design, each with a way out. A page of this kind is never kept."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.cache import add_never_cache_headers
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from newsroom.outages import RETRY_AFTER, is_outage
from newsroom.staff_paths import is_signed_in


@dataclass(frozen=True)
class Words:
    title: str | Promise
    explanation: str | Promise


WORDS = {
    400: Words(
        _("This request could not be read."),
        _("Something in it was malformed. Go back, reload the page and try again."),
    ),
    403: Words(
        _("You cannot do this here."),
        _("Either this page is kept for others, or this action is not open to you."),
    ),
    404: Words(
        _("This page does not exist, or is no longer visible."),
        _(
            "The address may be incomplete. A comment that awaits its validation, or that was withdrawn,"
            " answers in the same way."
        ),
    ),
    405: Words(
        _("This address only takes what its own page sends."),
        _("Nothing was changed. Go back and use the links and buttons of the page you came from."),
    ),
    409: Words(
        _("This has changed meanwhile."),
        _("Somebody was faster. Nothing of yours was applied: reload the page to see how things stand."),
    ),
    413: Words(
        _("This is too much at once."),
        _("What was sent is larger than this page accepts. Shorten it and try again."),
    ),
    423: Words(
        _("Somebody else is working on this."),
        _("Nothing of yours was applied. Try again in a few minutes."),
    ),
    429: Words(
        _("That was a lot in a short time."),
        _("Wait a few minutes, then try again. What you wrote is still on the page you came from."),
    ),
    500: Words(
        _("Something went wrong on our side."),
        _("The fault has been written down. Try again in a moment."),
    ),
    503: Words(
        _("The site cannot take this just now."),
        _("Wait a moment, then try again. A comment that is sent twice is kept once."),
    ),
}


def error_page(request: HttpRequest, *, status: int, explanation: str | Promise = "") -> HttpResponse:
    """`explanation` says more than the general sentence of that status: what, and the way out."""
    words = WORDS[status]
    context = {
        "status": status,
        "title": words.title,
        "explanation": explanation or words.explanation,
        "signed_in": is_signed_in(request),
    }
    response = render(request, "newsroom/error.html", context, status=status)
    add_never_cache_headers(response)
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return bare_page(400)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, status=403, explanation=_said_by(exception))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    # The exception's own words never show: they could tell a hidden comment from a missing one.
    return error_page(request, status=404)


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return error_page(request, status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Called while the exception is handled: a store that is down, full or too busy is an outage, not a fault."""
    if not is_outage(sys.exc_info()[1]):
        return bare_page(500)
    response = bare_page(503)
    response["Retry-After"] = str(RETRY_AFTER)
    return response


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    said = _("The page was open for too long, or cookies are refused. Reload it and try again.")
    return error_page(request, status=403, explanation=said)


def bare_page(status: int) -> HttpResponse:
    """Without a request: nothing is asked of the database or of what the visitor sent."""
    words = WORDS[status]
    context = {
        "status": status,
        "title": words.title,
        "explanation": words.explanation,
        "site_name": settings.SITE_NAME,
    }
    response = HttpResponse(render_to_string("newsroom/error.html", context), status=status)
    add_never_cache_headers(response)
    return response


def _said_by(exception: Exception | None) -> str:
    """What our own code said when it refused; Django's bare PermissionDenied says nothing."""
    return str(exception) if exception and exception.args else ""
