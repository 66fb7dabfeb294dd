"""Where an article was, and where it is now: `--url-map OLD=NEW`, and a table of addresses."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.utils.translation import gettext as _

from newsroom.importers.decoding import decode
from newsroom.importers.source import MEBIBYTE, RefusedArticle, open_source

TABLE_MAX = 20 * MEBIBYTE
_ADDRESS = URLValidator(schemes=["http", "https"])
# Left side as short as can be, right side an address, a path or a slug: an address may hold "=" itself.
_PAIR = re.compile(r"(?P<old>.+?)=(?P<new>https?://.*|/.*|[\w:-]+)", re.DOTALL)


class BadMap(Exception):
    """A map that cannot be followed; its text is a sentence."""


@dataclass(frozen=True)
class AddressMap:
    """`beginnings` maps how an address begins, the longest first; `whole` maps whole addresses and comes before."""

    beginnings: tuple[tuple[str, str], ...] = ()
    whole: dict[str, str] = field(default_factory=dict)

    def now(self, address: str) -> str:
        if address in self.whole:
            return self.whole[address]
        for old, new in self.beginnings:
            if address.startswith(old):
                return new + address[len(old) :]
        return address


def address_map(pairs: Iterable[str], *, table: str | None) -> AddressMap:
    """From OLD=NEW words and a CSV file of two columns, old and new. Raises BadMap."""
    beginnings = sorted((_pair(words) for words in pairs), key=lambda pair: -len(pair[0]))
    return AddressMap(tuple(beginnings), dict(_rows(Path(table))) if table else {})


def _pair(words: str) -> tuple[str, str]:
    found = _PAIR.fullmatch(words)
    if found is None:
        raise BadMap(_("“%(words)s” maps no address: write OLD=NEW.") % {"words": words[:80]})
    return found["old"], found["new"]


def _rows(path: Path) -> Iterable[tuple[str, str]]:
    """Commas, semicolons or tabs. Raises BadMap."""
    try:
        text = decode(open_source(str(path), at=None, largest=TABLE_MAX).data)  # type: ignore[arg-type]
    except RefusedArticle as refusal:
        raise BadMap(f"{path}: {refusal.reason}") from refusal
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    for number, row in enumerate(csv.reader(text.splitlines(), delimiter=delimiter), start=1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and [cell.lower() for cell in cells] == ["old", "new"]):
            continue
        if len(cells) != 2 or not all(cells):
            raise BadMap(_("%(path)s, line %(line)s: two addresses are expected.") % {"path": path, "line": number})
        yield cells[0], cells[1]


def is_address(words: str) -> bool:
    try:
        _ADDRESS(words)
    except ValidationError:
        return False
    return True


def spellings(address: str) -> list[str]:
    """The same page, as it may have been written elsewhere: scheme, www, last slash, without fragment. Itself first."""
    if not is_address(address):
        return [address]
    told = urlsplit(address)
    host = told.netloc.removeprefix("www.")
    path = told.path.rstrip("/")
    query = f"?{told.query}" if told.query else ""
    ways = [
        f"{scheme}://{prefix}{host}{path}{slash}{query}"
        for scheme in ("https", "http")
        for prefix in ("", "www.")
        for slash in ("", "/")
    ]
    return [address, *(way for way in ways if way != address)]
