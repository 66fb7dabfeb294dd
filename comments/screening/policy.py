from __future__ import annotations

from dataclasses import dataclass

from comments.screening.patterns import PatternMatcher
from comments.screening.words import WordMatcher


@dataclass(frozen=True, slots=True)
class Policy:
    """What the newsroom asks of screening: thresholds and lists.

    The first numbers are choices, not measurements: the newsroom changes them when its findings say so.
    """

    max_links: int = 2
    # Letters and digits; "Oui" is an answer, "ok" and ":)" are noted.
    min_letters: int = 3
    long_text: int = 3000
    # Capitals: fewer words are a list of acronyms ("SNCF RATP EDF").
    shouting_words: int = 4
    shouting_letters: int = 10
    # Seconds: nobody reads and writes faster, no tab is honestly older.
    youngest_form: float = 2.0
    oldest_form: float = 24 * 3600.0
    staff_names: tuple[str, ...] = ()
    matcher: WordMatcher | None = None
    patterns: PatternMatcher | None = None
