"""What is handed over, and how it is made storable."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from comments.models import Action
from comments.models.reader import EMAIL_MAX
from comments.plain_text import clean_email, clean_name, clean_text
from comments.screening import Policy, Verdict, screen
from comments.screening.draft import Draft
from comments.submission import Refused, refuse_out_of_bounds
from newsroom.moments import has_room

EMAIL_MIN = 3
NOTHING_SEEN = Verdict(())


# Not frozen: that makes it three times as long to fill, and a million are.
@dataclass(slots=True)
class Arrival:
    """A comment that stood elsewhere. `source_key` names its place in its source, `parent_key` the one it answers.

    `action` is what the policy `import` decides of it (REJECT with a `ground`); None: it waits for validation.
    """

    discussion: int
    source_key: str
    author_name: str
    text: str
    submitted_at: datetime
    email: str = ""
    parent_key: str = ""
    action: Action | None = Action.APPROVE
    ground: str = ""


@dataclass(frozen=True, slots=True)
class Arrived:
    """What became of one: new or known already; refused with a sentence; new, but what it answers is not there."""

    is_new: bool = False
    refusal: str = ""
    is_orphan: bool = False


@dataclass(slots=True)
class Timing:
    """Seconds spent: on the comments and their decisions, and on what searching and finding the same text read."""

    rows: float = 0.0
    findable: float = 0.0


def readied(arrival: Arrival) -> Arrival:
    """The same, storable. Raises Refused."""
    name, text, email = clean_name(arrival.author_name), clean_text(arrival.text), clean_email(arrival.email)
    if (name, text, email) == (arrival.author_name, arrival.text, arrival.email):
        ready = arrival
    else:
        ready = replace(arrival, author_name=name, text=text, email=email)
    refuse_out_of_bounds(ready.author_name, ready.text)
    if not has_room(ready.submitted_at):
        raise Refused(_("“%(words)s” is no date and time (ISO 8601).") % {"words": ready.submitted_at.isoformat()})
    if ready.email and not (EMAIL_MIN <= len(ready.email) <= EMAIL_MAX and ready.email.isprintable()):
        raise Refused(_("This e-mail cannot be one."))
    return ready


def verdict_on(ready: Arrival, policy: Policy | None) -> Verdict:
    """What screening sees in its text and name, without the facts of a form; nothing where no policy is given."""
    return screen(Draft(ready.text, ready.author_name), policy) if policy else NOTHING_SEEN


def fingerprint_of(source_key: str) -> str:
    return hashlib.sha256(f"import\0{source_key}".encode(errors="surrogatepass")).hexdigest()


def public_id_of(fingerprint: str) -> int:
    """53 bits that nobody can guess without the site's secret, and the same again when the same export comes anew:
    links to its comments stay alive where a database is built a second time."""
    digest = hashlib.blake2b(fingerprint.encode(), key=_key(settings.SECRET_KEY), digest_size=8).digest()
    return int.from_bytes(digest, "big") >> 11 or 1


@cache
def _key(secret: str) -> bytes:
    return hashlib.sha256(f"public number of an imported comment\0{secret}".encode()).digest()
