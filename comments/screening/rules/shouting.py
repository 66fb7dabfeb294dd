from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.verdict import Finding

_WORD = re.compile(r"[^\W\d_]+")
# Or letters of a script that has none: enough to tell whether to look closer.
_TWO_CAPITALS = re.compile(r"[^\W\d_a-z\xdf-\xff]{2}")
# What stands between the acronyms of a list: « la CGT, FO, CFDT (SUD/UNSA) ».
_PARTS_A_LIST = re.compile(r"[,;/()&+|\n]")


def find_shouting(draft: Draft, policy: Policy) -> Iterable[Finding]:
    """Runs of words in capitals. An acronym or a few side by side are none; a short text all in capitals is one."""
    if _TWO_CAPITALS.search(draft.text) is None:
        return  # nearly every text, and to see where each word stands costs ten times as much
    wanted = policy.shouting_words if any(char.islower() for char in draft.text) else 2
    for run in _runs(draft.text):
        words = [word for word in run if len(word[0]) > 1]
        if len(words) >= wanted and sum(len(word[0]) for word in run) >= policy.shouting_letters:
            yield Finding(rule="shouting", start=run[0].start(), end=run[-1].end())


def _runs(text: str) -> Iterator[list[re.Match[str]]]:
    """Neighbouring words in capitals, not parted by a word in small letters or a list's sign."""
    run: list[re.Match[str]] = []
    for word in _WORD.finditer(text):
        if run and (not word[0].isupper() or _PARTS_A_LIST.search(text, run[-1].end(), word.start())):
            yield run
            run = []
        if word[0].isupper():
            run.append(word)
    if run:
        yield run
