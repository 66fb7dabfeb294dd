from __future__ import annotations

from collections.abc import Iterable

from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.verdict import Finding


def find_honeypot(draft: Draft, policy: Policy) -> Iterable[Finding]:
    """The field that people do not see was filled in."""
    if draft.honeypot_filled:
        yield Finding(rule="honeypot", ground="SPAM", field="form")
