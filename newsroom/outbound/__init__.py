"""The one outbound client: no other code of the project opens a connection (tests/test_architecture.py).

`Visit().fetch(address)` gets one public page or feed: robots.txt is asked first, each hop's host is resolved once and
that address, if it is public, is connected to. Private and link-local networks are refused; so is what is too large
or takes too long.
"""

from newsroom.outbound.exchange import Fetched
from newsroom.outbound.vetting import NotFetched
from newsroom.outbound.visit import LARGEST, SECONDS, Visit

__all__ = ["LARGEST", "SECONDS", "Fetched", "NotFetched", "Visit"]
