from __future__ import annotations

from collections.abc import Iterable

from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.verdict import DETAIL_MAX, FieldName, Finding
from comments.screening.word_lines import Hit


def find_banned_words(draft: Draft, policy: Policy) -> Iterable[Finding]:
    """Words of the lists in force, as whole words, through accents, case and disguises. In the name also."""
    if policy.matcher is None:
        return
    for hit in policy.matcher.find(draft.author_name):
        yield finding_of("banned_words", "name", hit)
    for hit in policy.matcher.find(draft.text):
        yield finding_of("banned_words", "text", hit)


def finding_of(rule: str, field: FieldName, hit: Hit) -> Finding:
    detail = f"{hit.entry.line} ({hit.entry.list_name})"[:DETAIL_MAX]
    return Finding(rule=rule, ground=hit.entry.ground, field=field, start=hit.start, end=hit.end, detail=detail)
