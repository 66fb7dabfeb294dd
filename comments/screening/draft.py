from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """The facts a caller brings about one post.

    `recent_texts` are what the same reader posted lately. `form_age` is the seconds since the form's signed time;
    None: the post carries none, as from a browser without scripts, and that is no finding.
    `form_time_forged`: it carries one that this site did not sign.
    """

    text: str
    author_name: str
    recent_texts: tuple[str, ...] = ()
    honeypot_filled: bool = False
    form_age: float | None = None
    form_time_forged: bool = False
