"""A visit to other sites: each address with its redirects, robots.txt asked once a site."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.outbound import robots
from newsroom.outbound.exchange import Fetched, exchange
from newsroom.outbound.vetting import NotFetched, Target, target_of

LARGEST = 5 * 1024 * 1024
SECONDS = 10.0
_ROBOTS_LARGEST = 512 * 1024
_HOPS = 5
_REDIRECTS = (301, 302, 303, 307, 308)


class Visit:
    """Keeps what each site's robots.txt said for as long as the visit lasts: `in_all` seconds, where a person waits."""

    def __init__(self, *, in_all: float = math.inf) -> None:
        self._rules: dict[str, robots.Rules] = {}
        self._over_at = time.monotonic() + in_all

    def fetch(
        self,
        address: str,
        *,
        largest: int = LARGEST,
        seconds: float = SECONDS,
        headers: Mapping[str, str] | None = None,
    ) -> Fetched:
        """The answer to GET, of status 200 or 304, robots.txt and redirects within the same seconds.

        Raises NotFetched.
        """
        deadline = min(time.monotonic() + seconds, self._over_at)
        target = target_of(address)
        if deadline <= time.monotonic():
            raise NotFetched(_("The time for fetching is up: import it by itself, or by the command."))
        for _hop in range(_HOPS + 1):
            if not self._rules_of(target, deadline).allow(target.path):
                raise NotFetched(_("The robots.txt of %(host)s asks not to read this page.") % {"host": target.host})
            answer = _ask(target, headers or {}, largest, deadline)
            if answer.status not in _REDIRECTS:
                return _accepted(answer)
            target = target_of(answer.location, base=target.address)
        raise NotFetched(_("The address leads from one to the next more than %(most)s times.") % {"most": _HOPS})

    def _rules_of(self, target: Target, deadline: float) -> robots.Rules:
        if target.origin not in self._rules:
            self._rules[target.origin] = _robots(target, deadline)
        return self._rules[target.origin]


def _robots(target: Target, deadline: float) -> robots.Rules:
    """Where there is none, everything may be read; where it cannot be had, nothing (RFC 9309, 2.3.1)."""
    place = target_of("/robots.txt", base=target.address)
    for _hop in range(_HOPS + 1):
        answer = _ask(place, {}, _ROBOTS_LARGEST, deadline)
        if answer.status in _REDIRECTS:
            place = target_of(answer.location, base=place.address)
            continue
        if answer.status == 200:
            return robots.rules_of(answer.data.decode("utf-8", errors="replace"))
        return robots.EVERYTHING if 400 <= answer.status < 500 else robots.NOTHING
    return robots.EVERYTHING


def _ask(target: Target, headers: Mapping[str, str], largest: int, deadline: float) -> Fetched:
    own = {"User-Agent": user_agent(), "Accept": "text/html, application/xhtml+xml, application/xml;q=0.9, */*;q=0.5"}
    return exchange(target, headers=own | dict(headers), largest=largest, deadline=deadline)


def user_agent() -> str:
    """Who asks, and where to complain."""
    about = f" (+{settings.SITE_URL})" if settings.SITE_URL else ""
    return f"{robots.AGENT}/{settings.RELEASE}{about}"


def _accepted(answer: Fetched) -> Fetched:
    if answer.status in (200, 304):
        return answer
    raise NotFetched(_("The server answered %(status)s.") % {"status": answer.status})
