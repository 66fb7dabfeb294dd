from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DETAIL_MAX = 200
# Findings of these rules send a comment to the queue Suspects; no rule decides by itself.
SUSPECT_RULES = frozenset({"honeypot", "form_time", "links", "repeat_post"})

FieldName = Literal["text", "name", "form"]


@dataclass(frozen=True, slots=True)
class Finding:
    """What one rule saw.

    `ground` is a possible ground's code or empty. `start` and `end` count characters of the text or name as it was
    given, end excluded; both None where the finding has no place. `detail`: at most 200 characters, any language.
    """

    rule: str
    ground: str = ""
    field: FieldName = "text"
    start: int | None = None
    end: int | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Every finding, in the order of the rules."""

    findings: tuple[Finding, ...]

    @property
    def is_suspect(self) -> bool:
        return any(finding.rule in SUSPECT_RULES for finding in self.findings)
