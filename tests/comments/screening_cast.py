"""What the screening tests share: a policy with short lists, and how to ask it."""

from __future__ import annotations

from comments.screening import Draft, Finding, Policy, screen
from comments.screening.patterns import PatternMatcher
from comments.screening.verdict import DETAIL_MAX
from comments.screening.word_lines import WordLines
from comments.screening.words import WordMatcher

WORDS = ("connard", "con", "pute", "putin", "fils de pute", "abruti", "salope", "nigger", "cœur", "strasse", "imbécile")
WORDS += ("ass", "cul", "bâtard", "æon", "merde", "fils-de-chien", "m3rdeux")
PATTERNS = (r"(?:^|[^\pL\pN_])(été)", r"\d{2}(?: ?\d{2}){4}")
STAFF = ("Le Courrier de Valmeray", "Claire Martin", "Jean Roy", "mona", "Illia Nolan")

LISTS = [WordLines("Insultes", "ABUSE", WORDS, PATTERNS)]
POLICY = Policy(matcher=WordMatcher(LISTS), patterns=PatternMatcher(LISTS), staff_names=STAFF)


def findings(
    rule: str, text: str = "Un avis tout à fait courtois.", *, name: str = "Yannick", **facts
) -> list[Finding]:
    verdict = screen(Draft(text=text, author_name=name, **facts), POLICY)
    return [finding for finding in verdict.findings if finding.rule == rule]


def seen(rule: str, text: str) -> list[str]:
    return [text[finding.start : finding.end] for finding in findings(rule, text)]


def check_places(found: tuple[Finding, ...], text: str, name: str) -> None:
    for finding in found:
        assert len(finding.detail) <= DETAIL_MAX
        if finding.start is None:
            assert finding.end is None
        else:
            assert 0 <= finding.start < finding.end <= len({"text": text, "name": name}[finding.field])
