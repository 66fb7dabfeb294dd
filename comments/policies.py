"""The policy that screening follows now: settings, word lists and the newsroom's names.

Nothing here outlives a change in the database: what is kept in memory is only the compiled form of rows whose keys,
names and times of change are read anew at each call. Two processes therefore never disagree.
"""

from __future__ import annotations

import logging
from typing import NamedTuple

from django.conf import settings
from django.utils.translation import gettext as _

from comments.models import WordList
from comments.screening.patterns import PATTERN_LINE_MAX, PatternMatcher, find_bad_patterns
from comments.screening.policy import Policy
from comments.screening.word_lines import BadLine, WordLines
from comments.screening.words import WORD_LINE_MAX, WordMatcher, find_bad_words
from newsroom import prepared
from newsroom.models import User

logger = logging.getLogger(__name__)

# Which lists are in force, when each was changed, and how the newsroom's people are called.
_VERSION = """
    SELECT id, CAST(changed_at AS text) AS changed_or_username, '' AS first_name, '' AS last_name, 0 AS is_a_person
    FROM comments_wordlist WHERE is_active
    UNION ALL
    SELECT id, username, first_name, last_name, 1 FROM newsroom_user WHERE is_active AND (
        is_staff OR EXISTS (SELECT 1 FROM newsroom_user_groups WHERE user_id = newsroom_user.id)
    ) ORDER BY 5, 1
"""
Version = tuple[tuple[int, str, str, str, int], ...]


class Kept(NamedTuple):
    """What was made of one state of the tables."""

    version: Version
    words: WordMatcher
    patterns: PatternMatcher
    names: tuple[str, ...]


_kept: Kept | None = None


def policy_in_force() -> Policy:
    """What screening follows at this moment. One query; one more after a word list or somebody's name was changed.

    A change of a list is seen by `WordList.changed_at`, which `save()` moves and a bare `update()` does not.
    """
    kept = _newest()
    return Policy(
        max_links=settings.COMMENTS["MAX_LINKS"],
        staff_names=(settings.SITE_NAME, *kept.names),
        matcher=kept.words,
        patterns=kept.patterns,
    )


def problems_of(*, words: str, patterns: str) -> list[str]:
    """A sentence for each line of a word list that cannot be used, for the form that edits it."""
    bad_words = [_sentence(bad, WORD_LINE_MAX) for bad in find_bad_words(words.splitlines())]
    return bad_words + [_sentence(bad, PATTERN_LINE_MAX) for bad in find_bad_patterns(patterns.splitlines())]


def _newest() -> Kept:
    global _kept
    with prepared.cursor() as cursor:
        cursor.execute(_VERSION)
        version: Version = tuple(cursor.fetchall())
    kept = _kept
    if kept is None or kept.version != version:
        # The lists are read after their version: one that changes between the two is compiled anew the next time.
        _kept = kept = _compiled(version)
    return kept


def _compiled(version: Version) -> Kept:
    rows = WordList.objects.filter(is_active=True).order_by("pk")
    lists = [WordLines(row.name, row.ground, tuple(row.words.splitlines()), _usable_patterns(row)) for row in rows]
    names = tuple(_shown(*row[1:4]) for row in version if row[4])
    return Kept(version, WordMatcher(lists), PatternMatcher(lists), names)


def _shown(username: str, first_name: str, last_name: str) -> str:
    """Names as shown. A user name beside a full name is not, and would refuse every reader called « claire »."""
    return User(username=username, first_name=first_name, last_name=last_name).shown_name


def _usable_patterns(row: WordList) -> tuple[str, ...]:
    """A bad line, written past the form, must not stop readers from commenting: it is left out and logged."""
    lines = row.patterns.splitlines()
    bad = find_bad_patterns(lines)
    for line in bad:
        logger.error("Word list %s, line %s: pattern left out (%s %s)", row.name, line.number, line.reason, line.detail)
    left_out = {line.number for line in bad}
    return tuple(line for number, line in enumerate(lines, start=1) if number not in left_out)


def _sentence(bad: BadLine, longest: int) -> str:
    sentences = {
        "TOO_LONG": _("Line %(number)s, “%(line)s”, is longer than %(longest)s characters."),
        "TOO_SHORT": _("Line %(number)s, “%(line)s”, holds fewer than two letters: write it as a pattern."),
        "INVALID": _("Line %(number)s, “%(line)s”, is not an RE2 expression: %(detail)s."),
        "EMPTY": _("Line %(number)s, “%(line)s”, would match every comment, even an empty one."),
    }
    facts = {"number": bad.number, "line": bad.line[:40], "longest": longest, "detail": bad.detail}
    return sentences[bad.reason] % facts
