"""Moderators' expressions, by RE2: linear time whatever they write, so that no pattern can hold up a comment.

Tried on the text as written, capitals and small letters alike. RE2's \\b knows ASCII letters only: where a word
starts with é, write (?:^|[^\\pL\\pN_]) before it. Where a pattern has a group, the first one's place is what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

import re2

from comments.screening.word_lines import BadLine, Entry, Hit, WordLines, numbered

PATTERN_LINE_MAX = 500
# Of one pattern in one text: `.` finds 5,000 places, and tells nothing more.
HITS_MAX = 50
_SURROGATES = re.compile("[\ud800-\udfff]")


class PatternMatcher:
    """All lists' patterns, compiled once. Raises ValueError that names the list and the line of a bad pattern."""

    def __init__(self, lists: Iterable[WordLines]) -> None:
        self._patterns: list[tuple[re2._Regexp, Entry]] = []
        for word_list in lists:
            for number, line in numbered(word_list.patterns):
                try:
                    compiled = _compiled(line)
                except ValueError as error:
                    raise ValueError(f"{word_list.name}, line {number}: “{line}” {error}") from error
                self._patterns.append((compiled, Entry(word_list.name, word_list.ground, line)))

    def find(self, text: str) -> list[Hit]:
        """Every place found, in the order of the text; empty places are none."""
        text = _SURROGATES.sub("\ufffd", text)  # RE2 reads UTF-8, which has no lone surrogates
        hits = [hit for pattern, entry in self._patterns for hit in _hits(pattern, entry, text)]
        return sorted(hits, key=lambda hit: (hit.start, hit.end))


def find_bad_patterns(lines: Iterable[str]) -> list[BadLine]:
    """Lines that are no usable pattern. Reasons: TOO_LONG (over 500 characters), INVALID (`detail`: RE2's words),
    EMPTY (it finds a place without a character everywhere)."""
    bad = []
    for number, line in numbered(lines):
        if len(line) > PATTERN_LINE_MAX:
            bad.append(BadLine(number, line, "TOO_LONG"))
            continue
        try:
            compiled = _compiled(line)
        except ValueError as error:
            bad.append(BadLine(number, line, "INVALID", str(error)))
            continue
        if compiled.search("") is not None:
            bad.append(BadLine(number, line, "EMPTY"))
    return bad


def check_patterns(lines: Iterable[str]) -> list[str]:
    """A sentence in English for each bad line; `comments.policies` has them in the newsroom's language."""
    sentences = {
        "TOO_LONG": f"is longer than {PATTERN_LINE_MAX} characters.",
        "INVALID": "is not an RE2 expression:",
        "EMPTY": "matches an empty text, hence every comment.",
    }
    return [
        f"Line {bad.number}: “{bad.line[:40]}” {sentences[bad.reason]} {bad.detail}".rstrip()
        for bad in find_bad_patterns(lines)
    ]


def _compiled(line: str) -> re2._Regexp:
    options = re2.Options()
    options.case_sensitive = False
    options.log_errors = False
    try:
        return re2.compile(line, options)
    except (re2.error, UnicodeEncodeError) as error:
        reason = error.args[0]
        raise ValueError(reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(error)) from error


def _hits(pattern: re2._Regexp, entry: Entry, text: str) -> Iterable[Hit]:
    if pattern.search(text) is None:
        return
    for found in islice(pattern.finditer(text), HITS_MAX):
        start, end = found.span(1) if pattern.groups and found.span(1) != (-1, -1) else found.span()
        if start < end:
            yield Hit(start, end, entry)
