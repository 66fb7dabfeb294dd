"""What a site's robots.txt lets us read (RFC 9309): the longest rule that fits decides, of two equal ones the kind."""

from __future__ import annotations

from dataclasses import dataclass

# Patterns come from elsewhere: this engine knows none that takes forever.
import re2

AGENT = "newsroom-comments"
_MOST_RULES = 5000
_LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Rules:
    """(allows, path pattern) of the group that speaks to us, in the file's order."""

    lines: tuple[tuple[bool, str], ...] = ()

    def allow(self, path: str) -> bool:
        """`path` with its query, percent-encoded. robots.txt itself may always be read."""
        if path == "/robots.txt":
            return True
        fitting = [(len(pattern), allows) for allows, pattern in self.lines if _fits(pattern, path)]
        return max(fitting)[1] if fitting else True


EVERYTHING = Rules()
NOTHING = Rules(((False, "/"),))


def rules_of(text: str) -> Rules:
    """The groups that name us, joined; else those for everybody."""
    ours: list[tuple[bool, str]] = []
    everybodys: list[tuple[bool, str]] = []
    names_us = False
    agents: list[str] = []
    in_rules = False
    for key, value in _lines(text):
        if key == "user-agent":
            agents = [value.lower()] if in_rules else [*agents, value.lower()]
            in_rules = False
            names_us = names_us or _is_us(value.lower())
        elif key in ("allow", "disallow"):
            in_rules = True
            if any(_is_us(agent) for agent in agents) and value:
                ours.append((key == "allow", value))
            elif "*" in agents and value:
                everybodys.append((key == "allow", value))
    return Rules(tuple(ours if names_us else everybodys)[:_MOST_RULES])


def _lines(text: str) -> list[tuple[str, str]]:
    found = []
    for line in text.splitlines():
        key, colon, value = line.partition("#")[0].partition(":")
        if colon:
            found.append((key.strip().lower(), value.strip()))
    return found


def _is_us(agent: str) -> bool:
    return agent.split("/")[0].strip() == AGENT


def _fits(pattern: str, path: str) -> bool:
    """`*` stands for anything, a final `$` for the end; else the pattern is how the path begins."""
    if "*" not in pattern and not pattern.endswith("$"):
        return path.startswith(pattern)
    if len(pattern) > _LONGEST:
        return False
    ends = pattern.endswith("$")
    parts = (re2.escape(part) for part in pattern.removesuffix("$").split("*"))
    return re2.match(".*".join(parts) + ("$" if ends else ""), path) is not None
