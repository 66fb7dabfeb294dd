from __future__ import annotations

from collections.abc import Iterable

from comments.screening.draft import Draft
from comments.screening.folding import folded_words
from comments.screening.policy import Policy
from comments.screening.verdict import Finding


def find_repeat_post(draft: Draft, policy: Policy) -> Iterable[Finding]:
    """A text this reader has already posted lately, whatever its case, accents, punctuation and spaces."""
    if draft.recent_texts and folded_words(draft.text) in map(folded_words, draft.recent_texts):
        yield Finding(rule="repeat_post", ground="DUPLICATE")
