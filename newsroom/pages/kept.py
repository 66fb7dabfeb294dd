"""Copies of articles' pages: made once, compressed once, given out until anything on them changes.

The key is what the page is made from (`state_of`) and where it is asked for. It is read anew for each request: no
process gives out what another one has made old. docs/explanation/kept-pages.md tells it whole.
"""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import cast

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.http import HttpRequest, HttpResponse
from django.urls import get_script_prefix
from django.utils import translation
from django.utils.cache import get_conditional_response, patch_vary_headers

from newsroom.pages.sharing import SHARED, digest, site_address
from newsroom.pages.state import state_of

# The query parameters an article page knows; any other changes neither the page nor its tag.
KNOWN_PARAMETERS = ("sort", "after", "at", "posted", "reply")
# 5 takes a third of the time of 9, for a twentieth more bytes.
_EFFORT = 5
_OF_THE_BODY = ("Content-Type", "Content-Length", "Content-Encoding")
_REFUSES_GZIP = re.compile(r"gzip\s*;\s*q=0(\.0*)?\s*(,|$)")


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it leaves the house: every header of it, the bytes as they are and compressed."""

    headers: dict[str, str]
    body: bytes
    packed: bytes

    @classmethod
    def of(cls, response: HttpResponse, *, tag: str) -> Kept:
        response["ETag"] = tag
        patch_vary_headers(response, ["Accept-Encoding"])
        return cls(dict(response.items()), response.content, gzip.compress(response.content, _EFFORT, mtime=0))

    def __len__(self) -> int:
        """Bytes it takes to hold, about."""
        return len(self.body) + len(self.packed) + 2_000

    def answered(self, request: HttpRequest) -> HttpResponse:
        """The page; 304 to who holds it; without its body to who asks by HEAD."""
        if unchanged := get_conditional_response(request, etag=self.headers["ETag"]):
            return self._fenced(cast(HttpResponse, unchanged))
        packed = _takes_gzip(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        body = self.packed if packed else self.body
        response = HttpResponse(b"" if request.method == "HEAD" else body, headers=self.headers)
        response["Content-Length"] = str(len(body))
        if packed:
            response["Content-Encoding"] = "gzip"
        return response

    def _fenced(self, bodiless: HttpResponse) -> HttpResponse:
        for name, value in self.headers.items():
            if name not in _OF_THE_BODY:
                bodiless[name] = value
        return bodiless


def kept_page(request: HttpRequest, slug: str, make: Callable[[], HttpResponse]) -> HttpResponse:
    """The article's page from its copy, or as `make` answers; what may be shared is kept from then on."""
    state = state_of(slug)
    if state is None:
        return make()
    tag = _tag_of([*state, *_place(request)])
    copies = caches["pages"]
    copy = copies.get(tag)
    if copy is None:
        response = make()
        if not _may_be_shared(response):
            return response
        if state_of(slug) == state:
            copy = Kept.of(response, tag=tag)
            copies.set(tag, copy)
        else:
            # Something changed while the page was made: it is right now, and nothing says for what.
            copy = Kept.of(response, tag=digest(response.content))
    return copy.answered(request)


def _tag_of(values: Iterable[object]) -> str:
    """Other values, another tag: each text is told with its length. To write a long text as Python does takes longer
    than to hash it.
    """
    told = (f"{len(value)} {value}" if type(value) is str else repr(value) for value in values)
    return digest("\n".join(told).encode(errors="surrogatepass"))


def _place(request: HttpRequest) -> list[object]:
    """Where a page is asked for, and by what site: copies in Redis outlive a process and its environment."""
    release = [settings.RELEASE, getattr(staticfiles_storage, "manifest_hash", "")]
    release += [settings.SITE_NAME, settings.TIME_ZONE, settings.SECURE_HSTS_SECONDS, get_script_prefix()]
    asked = request.GET if request.META.get("QUERY_STRING") else {}
    parameters = [asked.get(name, "") for name in KNOWN_PARAMETERS]
    return [*release, translation.get_language() or "", request.scheme or "", site_address(request), *parameters]


def _may_be_shared(response: HttpResponse) -> bool:
    """Whether it is the whole page, the same for everybody."""
    is_whole = response.status_code == 200 and response.get("Cache-Control") == SHARED
    return is_whole and not response.cookies and not response.has_header("Vary")


def _takes_gzip(accepted: str) -> bool:
    return "gzip" in accepted and not _REFUSES_GZIP.search(accepted)
