from __future__ import annotations

from collections.abc import Iterable

from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.verdict import Finding


def find_too_long(draft: Draft, policy: Policy) -> Iterable[Finding]:
    """An unusually long text, which the form allows all the same."""
    if len(draft.text) > policy.long_text:
        yield Finding(rule="too_long", detail=str(len(draft.text)))
