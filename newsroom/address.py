"""Where a request comes from: the socket's address, unless the peer is a proxy that the settings list."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The visitor's address. X-Forwarded-For is believed from right to left, as long as the peers are ours."""
    address = request.META.get("REMOTE_ADDR") or "0.0.0.0"  # noqa: S104 (a name for "unknown", nothing binds to it)
    hops = [hop.strip() for hop in request.headers.get("X-Forwarded-For", "").split(",") if hop.strip()]
    while hops and _is_ours(address):
        candidate = hops.pop()
        if _parsed(candidate) is None:
            break
        address = candidate
    parsed = _parsed(address)
    return str(parsed) if parsed else "0.0.0.0"  # noqa: S104


def network_of(address: str) -> str:
    """What one visitor can be told by: an IPv4 address, or the /64 that an IPv6 line is given whole (RFC 6177)."""
    parsed = _parsed(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return address


def client_port(request: HttpRequest) -> int | None:
    """The visitor's port where the socket is theirs; behind a proxy it is unknown here."""
    port = request.META.get("REMOTE_PORT", "")
    return int(port) if str(port).isdigit() and not _is_ours(request.META.get("REMOTE_ADDR", "")) else None


# Asked several times of each post.
@lru_cache(maxsize=1024)
def _parsed(address: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return None
    return (parsed.ipv4_mapped or parsed) if isinstance(parsed, ipaddress.IPv6Address) else parsed


def _is_ours(address: str) -> bool:
    parsed = _parsed(address)
    return parsed is not None and any(parsed in _network(network) for network in settings.TRUSTED_PROXIES)


@lru_cache(maxsize=64)
def _network(written: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    return ipaddress.ip_network(written, strict=False)
