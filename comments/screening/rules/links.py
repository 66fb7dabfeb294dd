from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from linkify_it import LinkifyIt
from linkify_it.main import Match

from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.verdict import DETAIL_MAX, FieldName, Finding

# Beside linkify-it's own (all of two letters, com, net, org…): those that comment spam likes and no French word is.
_MORE_DOMAINS = ["xyz", "online", "site", "store", "club", "link", "click", "live", "icu", "buzz", "website", "app"]
_MORE_DOMAINS += ["dev", "blog", "casino", "loan", "paris", "bzh"]
_LINKS = LinkifyIt(options={"fuzzy_link": True, "fuzzy_email": False, "fuzzy_ip": False}).tlds(_MORE_DOMAINS, True)
# Signs first: what the search looks for is rare.
_MAY_HOLD_ONE = re.compile(r"\.(?<=[^\s.]\.)[^\s.]|/(?=/)")


def find_links(draft: Draft, policy: Policy) -> Iterable[Finding]:
    """Each link of a text with more than the policy allows, and any link in a name. E-mail addresses are no links."""
    yield from _findings("name", draft.author_name, list(_links(draft.author_name)))
    found = list(_links(draft.text))
    if len(found) > policy.max_links:
        yield from _findings("text", draft.text, found)


def _findings(field: FieldName, written: str, places: list[tuple[int, int]]) -> Iterator[Finding]:
    for start, end in places:
        detail = written[start:end][:DETAIL_MAX]
        yield Finding(rule="links", ground="SPAM", field=field, start=start, end=end, detail=detail)


def _links(written: str) -> Iterator[tuple[int, int]]:
    # Most comments hold neither sign, and the search costs more than all the other rules together.
    if _MAY_HOLD_ONE.search(written) is None:
        return
    for match in _LINKS.match(written) or ():
        if match.schema != "mailto:" and not _is_a_missing_space(written, match):
            yield match.index, match.last_index


def _is_a_missing_space(written: str, match: Match) -> bool:
    """« C'est fini.Il pleut »: a sentence begun without a space, where .il happens to be a country."""
    host = written[match.index : match.last_index]
    last = host.rpartition(".")[2]
    return not match.schema and "/" not in host and last.istitle() and not host.istitle()
