from __future__ import annotations

from collections.abc import Iterable

from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.verdict import Finding


def find_form_time(draft: Draft, policy: Policy) -> Iterable[Finding]:
    """A form sent faster than anybody writes, a day after it was opened, or with a time this site did not sign.

    `detail` is FORGED, or the age in whole units, the same in every language: "< 1 s", "1 s", "30 h". No signed time
    (no scripts) is no finding.
    """
    age = draft.form_age
    if draft.form_time_forged:
        yield _finding("FORGED")
    elif age is not None and age < policy.youngest_form:
        yield _finding(f"{int(age)} s" if age >= 1 else "< 1 s")
    elif age is not None and age > policy.oldest_form:
        yield _finding(f"{int(age / 3600)} h")


def _finding(detail: str) -> Finding:
    return Finding(rule="form_time", ground="SPAM", field="form", detail=detail)
