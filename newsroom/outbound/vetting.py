"""Whom we talk to: an address is taken apart, its host resolved once, and what it resolves to looked at."""

from __future__ import annotations

import ipaddress
import socket
import threading
from dataclasses import dataclass
from urllib.parse import quote, urljoin, urlsplit

from django.utils.translation import gettext as _

PORTS = {80, 443}
_DEFAULT_PORTS = {"http": 80, "https": 443}
_MAPPED_BY_NAT64 = ipaddress.ip_network("64:ff9b::/96")
# Relays to anywhere, and networks that older Pythons take for everybody's: no newspaper is served from there.
_FENCED = ("192.0.0.0/24", "192.88.99.0/24", "2002::/16", "2001::/32", "64:ff9b:1::/48")
_FENCED_NETWORKS = [ipaddress.ip_network(one) for one in _FENCED]
_LONGEST = 2000
_KEPT = "/%:@!$&'()*+,;=~-._?[]"

Number = ipaddress.IPv4Address | ipaddress.IPv6Address


class NotFetched(Exception):
    """Nothing was fetched; the text is a sentence that says why."""


@dataclass(frozen=True, slots=True)
class Target:
    """An address taken apart. `host` is ASCII; `path` holds the query, percent-encoded."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def authority(self) -> str:
        """As the Host header and an origin write it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _DEFAULT_PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"{self.scheme}://{self.authority}"

    @property
    def address(self) -> str:
        return self.origin + self.path


def target_of(address: str, *, base: str = "") -> Target:
    """Raises NotFetched: no web address, one with a password in it, or a port that is not the web's."""
    try:
        parts = urlsplit(urljoin(base, address.strip()))
        host = (parts.hostname or "").rstrip(".")
        host = host if ":" in host else host.encode("idna").decode("ascii")
        port = parts.port or _DEFAULT_PORTS.get(parts.scheme, 0)
    except ValueError:  # UnicodeError is one
        host, parts, port = "", urlsplit(""), 0
    if parts.scheme not in _DEFAULT_PORTS or not host or len(address) > _LONGEST:
        raise NotFetched(_("This is no web address: it begins with http:// or https:// and names a host."))
    if parts.username is not None or parts.password is not None:
        raise NotFetched(_("An address with a name or a password in it is not fetched."))
    if port not in PORTS:
        raise NotFetched(_("Port %(port)s is not one of the web's (80 and 443).") % {"port": port})
    path = quote(parts.path or "/", safe=_KEPT) + (f"?{quote(parts.query, safe=_KEPT)}" if parts.query else "")
    return Target(parts.scheme, host, port, path)


def number_of(target: Target, *, seconds: float) -> str:
    """The one public number that the host has now: who connects to it needs no second look-up.

    Raises NotFetched. A host with one private number among public ones is refused: it may change its mind.
    """
    numbers = _resolved(target, seconds)
    if not numbers:
        raise NotFetched(_("The host %(host)s is not known.") % {"host": target.host})
    for number in numbers:
        if not is_public(number):
            raise NotFetched(
                _("The host %(host)s stands in a private or reserved network: it is not fetched.")
                % {"host": target.host}
            )
    return str(numbers[0])


def is_public(number: Number) -> bool:
    """Whether anybody on the internet may reach it: not private, local, reserved, multicast or a relay to others."""
    if isinstance(number, ipaddress.IPv6Address):
        if number.ipv4_mapped:
            return is_public(number.ipv4_mapped)
        if number in _MAPPED_BY_NAT64:
            return is_public(ipaddress.IPv4Address(int(number) & 0xFFFFFFFF))
        if number.is_site_local or number.scope_id:
            return False
    fenced = (
        number.is_private
        or number.is_loopback
        or number.is_link_local
        or number.is_multicast
        or number.is_reserved
        or number.is_unspecified
        or any(number.version == one.version and number in one for one in _FENCED_NETWORKS)
    )
    return number.is_global and not fenced


def _resolved(target: Target, seconds: float) -> list[Number]:
    """Asked in a thread: the system's resolver knows no deadline."""
    found: list[Number] = []

    def ask() -> None:
        try:
            rows = socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            return
        found.extend(ipaddress.ip_address(str(row[4][0])) for row in rows)

    asking = threading.Thread(target=ask, daemon=True)
    asking.start()
    asking.join(max(seconds, 0))
    return list(found)
