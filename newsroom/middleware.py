from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import unquote_to_bytes

from csp.utils import build_policy
from django.conf import settings
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.http import HttpRequest, HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils import translation
from django.utils.cache import add_never_cache_headers

from newsroom.pages import kept_page
from newsroom.staff_paths import UPLOAD_MAX, UPLOADS, is_staff_page
from newsroom.views.errors import bare_page, error_page, not_found

Handler = Callable[[HttpRequest], HttpResponse]
# The route "article", asked here of each request before the site map is read.
_ARTICLE = re.compile(r"/articles/([-a-zA-Z0-9_]+)/")


def kept_pages(get_response: Handler) -> Handler:
    """Articles' pages from their copies, before anything that they do not need. The copy holds what the rest adds."""

    def middleware(request: HttpRequest) -> HttpResponse:
        slug = _article_asked_for(request)
        return kept_page(request, slug, lambda: get_response(request)) if slug else get_response(request)

    return middleware


def refuse_malformed_input(get_response: Handler) -> Handler:
    """413 to what is too large, 400 to what is no text, before anything reads it; never a 500."""

    def middleware(request: HttpRequest) -> HttpResponse:
        refused = _refusal(request)
        return bare_page(refused) if refused else get_response(request)

    return middleware


def content_security_policy(get_response: Handler) -> Handler:
    """One policy for every page (django-csp words it): written once, in one order, not with each answer."""
    policy = "; ".join(sorted(build_policy().split("; ")))

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if not settings.DEBUG or response.status_code not in (404, 500):
            # Django's own pages about a mistake, shown while somebody works on the site, bring their styles along.
            response.headers.setdefault("Content-Security-Policy", policy)
        return response

    return middleware


def tell_method_not_allowed(get_response: Handler) -> Handler:
    """Django answers 405 with an empty page: who asks again by the address of a form sees words and a way out."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if response.status_code != 405 or response.streaming or response.content:
            return response
        told = error_page(request, status=405)
        told["Allow"] = response["Allow"]
        return told

    return middleware


def demonstrate_not_found(get_response: Handler) -> Handler:
    """Under DEBUG Django answers 404 with its own page of settings and patterns; a demonstration shows ours."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        technical = response.status_code == 404 and b"<code>DEBUG = True</code>" in getattr(response, "content", b"")
        return not_found(request) if technical else response

    return middleware


def staff_pages(get_response: Handler) -> Handler:
    """Staff pages speak each person's language and are kept by nobody. Public pages never look at who reads."""

    def middleware(request: HttpRequest) -> HttpResponse:
        if not is_staff_page(request):
            return get_response(request)
        language = getattr(request.user, "language", "") or translation.get_language()
        with translation.override(language):
            response = get_response(request)
            if hasattr(response, "render") and not getattr(response, "is_rendered", True):
                response.render()
        add_never_cache_headers(response)
        return response

    return middleware


def _article_asked_for(request: HttpRequest) -> str:
    """The slug; empty where another page is asked for, or where the request is refused further in."""
    found = _ARTICLE.fullmatch(request.path_info) if request.method in ("GET", "HEAD") else None
    to_tls_first = settings.SECURE_SSL_REDIRECT and not request.is_secure()
    if not found or to_tls_first or _refusal(request):
        return ""
    try:
        request.get_host()
    except SuspiciousOperation:
        return ""
    return found[1]


def _refusal(request: HttpRequest) -> int | None:
    """The status that refuses this request, or None."""
    staff = request.path_info.startswith(("/moderation/", "/admin/"))
    size = settings.DATA_UPLOAD_MAX_MEMORY_SIZE if staff else settings.PUBLIC_UPLOAD_MAX_MEMORY_SIZE
    fields = settings.DATA_UPLOAD_MAX_NUMBER_FIELDS if staff else settings.PUBLIC_UPLOAD_MAX_NUMBER_FIELDS
    if (request.content_params or {}).get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        # Django decodes by it: some names decode to lone surrogates, some to no text at all.
        return 400
    query = _bytes(request.META.get("QUERY_STRING", ""))
    # Django writes what is no UTF-8 in a path as percent signs again.
    if not (_is_text(unquote_to_bytes(request.path_info)) and _is_text(unquote_to_bytes(query))):
        return 400
    if query.count(b"&") >= fields:
        return 400
    if request.method in ("GET", "HEAD", "OPTIONS", "TRACE"):
        return None
    if _length(request) > (UPLOAD_MAX if _is_an_upload(request) else size):
        return 413
    return None if _is_readable(request, fields=fields, staff=staff) else 400


def _is_readable(request: HttpRequest, *, fields: int, staff: bool) -> bool:
    """Whether the body is text with a bearable number of fields. Only staff send files."""
    try:
        # Files of staff are as large as theirs may be: only the parser looks at them, piece by piece.
        body = b"" if staff and request.content_type == "multipart/form-data" else request.body
        if request.content_type != "multipart/form-data":
            is_form = request.content_type == "application/x-www-form-urlencoded"
            return _is_text(unquote_to_bytes(body) if is_form else body) and (not is_form or body.count(b"&") < fields)
        sent = [value for name, values in request.POST.lists() for value in (name, *values)]
    except (MultiPartParserError, SuspiciousOperation, BadRequest, UnreadablePostError, LookupError, ValueError):
        return False
    return (staff or _is_text(body)) and len(sent) <= 2 * fields and "\0" not in "".join(sent)


def _is_an_upload(request: HttpRequest) -> bool:
    """Whether somebody who may be signed in sends a file where files are sent."""
    return request.path_info == UPLOADS and settings.SESSION_COOKIE_NAME in request.COOKIES


def _is_text(sent: bytes) -> bool:
    try:
        return "\0" not in sent.decode()
    except UnicodeDecodeError:
        return False


def _bytes(value: str) -> bytes:
    """What came over the wire: WSGI hands it over as Latin-1, ASGI already as text."""
    try:
        return value.encode("latin-1")
    except UnicodeEncodeError:
        return value.encode(errors="replace")


def _length(request: HttpRequest) -> int:
    declared = request.META.get("CONTENT_LENGTH") or "0"
    return int(declared) if declared.isdigit() else 0
