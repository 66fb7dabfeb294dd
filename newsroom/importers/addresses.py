"""Addresses of articles: one page, one spelling."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

# What mail and social networks add to count their visitors; the page is the same without.
_COUNTERS = re.compile(
    r"utm_\w+|at_(?:medium|campaign|custom\d|creation|variant|platform|emailtype|recipient_\w+|send_date|ptr_\w+)"
    r"|fbclid|gclid|dclid|msclkid|igshid|twclid|mc_[ce]id|xtor|xtref|xtmc|xtcr|cmp(?:id)?|ns_\w+|_ga|ref_src|__twitter_impression",
    re.IGNORECASE,
)
_OTHER_DOORS = ("www.", "m.", "mobile.", "amp.")


def web_address(written: str, *, base: str = "") -> str:
    """An http or https address without its fragment, whole; empty for anything else."""
    if not written.strip():
        return ""
    try:
        address = urlsplit(urljoin(base, written.strip()) if base else written.strip())
        if address.scheme not in ("http", "https") or not address.hostname:
            return ""
        return address._replace(fragment="").geturl()
    except ValueError:
        return ""


def canonical(written: str, *, base: str = "") -> str:
    """As `web_address`, without what only counts visitors."""
    address = web_address(written, base=base)
    if "?" not in address:
        return address
    parts = urlsplit(address)
    pairs = parse_qsl(parts.query, keep_blank_values=True)
    kept = [(name, value) for name, value in pairs if not _COUNTERS.fullmatch(name)]
    return address if len(kept) == len(pairs) else parts._replace(query=urlencode(kept)).geturl()


def own(told: str, *, fetched_from: str) -> str:
    """The address that names an article: what its page says, where the page may say so.

    A page that was fetched speaks for its own site alone: it cannot take the place of another site's article.
    """
    told = canonical(told, base=fetched_from)
    if not fetched_from:
        return told
    return told if told and _site(told) == _site(fetched_from) else canonical(fetched_from)


def _site(address: str) -> str:
    host = urlsplit(address).hostname or ""
    for door in _OTHER_DOORS:
        host = host.removeprefix(door)
    return host
