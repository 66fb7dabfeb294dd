"""screen(draft, policy) → verdict. Arithmetic on facts that the caller brings: no Django, database, clock, network."""

from __future__ import annotations

from itertools import islice

from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.rules import RULES
from comments.screening.verdict import Finding, Verdict

# Of one rule in one post: 5,000 characters hold a thousand links, and each finding is a row.
FINDINGS_A_RULE = 50

__all__ = ["FINDINGS_A_RULE", "Draft", "Finding", "Policy", "Verdict", "screen"]


def screen(draft: Draft, policy: Policy) -> Verdict:
    """Every rule's findings in the rules' order, at most 50 a rule. Decides nothing, raises nothing."""
    found = (finding for rule in RULES for finding in islice(rule(draft, policy), FINDINGS_A_RULE))
    return Verdict(tuple(found))
