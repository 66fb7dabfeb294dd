from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.verdict import Finding


def find_too_short(draft: Draft, policy: Policy) -> Iterable[Finding]:
    """A text with hardly a letter or digit: « ok », « … », an emoji."""
    # Counted no further than it takes.
    if len([*islice(filter(str.isalnum, draft.text), policy.min_letters)]) < policy.min_letters:
        yield Finding(rule="too_short")
