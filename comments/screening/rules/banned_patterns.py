from __future__ import annotations

from collections.abc import Iterable

from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.rules.banned_words import finding_of
from comments.screening.verdict import Finding


def find_banned_patterns(draft: Draft, policy: Policy) -> Iterable[Finding]:
    """Patterns of the lists in force, on text and name as written."""
    if policy.patterns is None:
        return
    for hit in policy.patterns.find(draft.author_name):
        yield finding_of("banned_patterns", "name", hit)
    for hit in policy.patterns.find(draft.text):
        yield finding_of("banned_patterns", "text", hit)
