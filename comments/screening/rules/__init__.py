"""The rules in their order: a moderator reads the findings in it. docs/howto/add-a-screening-rule.md adds one."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.rules.banned_patterns import find_banned_patterns
from comments.screening.rules.banned_words import find_banned_words
from comments.screening.rules.form_time import find_form_time
from comments.screening.rules.honeypot import find_honeypot
from comments.screening.rules.links import find_links
from comments.screening.rules.repeat_post import find_repeat_post
from comments.screening.rules.shouting import find_shouting
from comments.screening.rules.staff_name import find_staff_name
from comments.screening.rules.too_long import find_too_long
from comments.screening.rules.too_short import find_too_short
from comments.screening.verdict import Finding

Rule = Callable[[Draft, Policy], Iterable[Finding]]

# The form first (a machine wrote this), then who it says it is, then what it says.
RULES: tuple[Rule, ...] = (
    find_honeypot,
    find_form_time,
    find_staff_name,
    find_repeat_post,
    find_links,
    find_banned_words,
    find_banned_patterns,
    find_shouting,
    find_too_short,
    find_too_long,
)
