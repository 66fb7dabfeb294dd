"""A reader's comment comes in from the form. From another system's export: comments/taking_over/.

submit() screens it, writes it and its first facts in one transaction, and leaves it waiting. Nothing here makes a
comment visible: that is `comments.decisions`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Protocol

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from comments import alike, search
from comments.arrivals import Known, known_of, trace, write
from comments.limits import Allowance, allowance
from comments.models import Comment, Discussion, Finding, Standing
from comments.models.comment import NAME_MAX, TEXT_MAX
from comments.plain_text import clean_email, clean_name, clean_text
from comments.policies import policy_in_force
from comments.screening import screen
from comments.screening.draft import Draft
from comments.screening.policy import Policy
from comments.screening.verdict import Finding as Seen
from comments.screening.verdict import Verdict
from comments.standing import in_force_for, strictest
from newsroom.address import network_of
from newsroom.models import Article

# Not a screening rule: the newsroom's own measure on the reader sends the comment to the queue Suspects.
HELD = Seen(rule="held_reader", field="form")


class Refused(Exception):
    """A comment that cannot be taken in; its text is a sentence for who wrote it."""


class DiscussionClosed(Refused):
    """The newsroom has closed this discussion."""


class NothingToAnswer(Refused):
    """The comment to answer is not visible under this article. Does not tell whether it exists."""


class Muted(Refused):
    """The newsroom has muted this reader: until `until`, or for good where it is None."""

    def __init__(self, until: datetime | None) -> None:
        self.until = until
        super().__init__(_muted_sentence(until))


def _muted_sentence(until: datetime | None) -> str:
    if until is None:
        return _("The newsroom no longer publishes comments sent with this e-mail address.")
    moment = date_format(localtime(until), "DATETIME_FORMAT")
    return _("The newsroom takes no comments sent with this e-mail address until %(moment)s.") % {"moment": moment}


@dataclass(frozen=True, slots=True)
class Post:
    """What a reader sent. `form_age` in seconds since the form's signed time, None without one."""

    author_name: str
    email: str
    text: str
    parent_public_id: int | None = None
    idempotency_key: str = ""
    address: str = "127.0.0.1"
    port: int | None = None
    honeypot_filled: bool = False
    form_age: float | None = None
    form_time_forged: bool = False


def discussion_of(article: Article) -> Discussion:
    """The article's discussion, made if this is its first write."""
    return Discussion.objects.get_or_create(article=article)[0]


def submit(article: Article, *, post: Post, at: datetime, policy: Policy | None = None) -> Comment:
    """Take a reader's comment in. The same post twice gives the same comment (promise 2).

    `policy` is the one in force, where the caller has just read it. Raises Refused (DiscussionClosed, NothingToAnswer,
    Muted, or a text or name out of bounds), limits.TooMany.
    """
    post = replace(
        post, author_name=clean_name(post.author_name), email=clean_email(post.email), text=clean_text(post.text)
    )
    refuse_out_of_bounds(post.author_name, post.text)
    fingerprint, allowances = fingerprint_of(article, post, at=at), _allowances(post, at=at)
    known = known_of(fingerprint=fingerprint, article=article.pk, email=post.email, allowances=allowances, at=at)
    if known.comment is not None:
        return Comment.objects.get(pk=known.comment)
    if known.is_closed:
        raise DiscussionClosed(_("The newsroom has closed this discussion. It can still be read."))
    parent = _parent(article, post.parent_public_id)
    for allowed, spent in zip(allowances, known.spent, strict=True):
        allowed.refuse_if_over(spent, at=at)
    held = known.has_measures and _held_or_muted(post, at=at)
    verdict = screen(_draft(post, known.recent_texts), policy or policy_in_force())
    try:
        with transaction.atomic():
            return _write(article, post, _Found(known, parent, allowances, fingerprint), verdict, at, held=held)
    except IntegrityError:
        # Many posts of one key at once: one row stands, each of them is answered with it.
        if first := Comment.objects.filter(fingerprint=fingerprint).first():
            return first
        raise


def fingerprint_of(article: Article, post: Post, *, at: datetime) -> str:
    """SHA-256 over the key (without one: the UTC date), discussion, parent, name, e-mail and text (promise 2)."""
    once = post.idempotency_key or f"{at.astimezone(UTC):%Y-%m-%d}"
    parts = [once, article.pk, post.parent_public_id, post.author_name, post.email, post.text]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


def refuse_out_of_bounds(author_name: str, text: str) -> None:
    """Of a name and a text already clean. Raises Refused."""
    if not text:
        raise Refused(_("The comment has no text."))
    if len(text) > TEXT_MAX:
        raise Refused(
            _("The comment has %(length)s characters; %(most)s at most.") % {"length": len(text), "most": TEXT_MAX}
        )
    if len(author_name) > NAME_MAX:
        raise Refused(
            _("The name has %(length)s characters; %(most)s at most.") % {"length": len(author_name), "most": NAME_MAX}
        )


def _parent(article: Article, public_id: int | None) -> Comment | None:
    if public_id is None:
        return None
    parent = Comment.objects.visible().filter(discussion__article=article, public_id=public_id).first()
    if parent is None:
        raise NothingToAnswer(
            _("The comment you answer is no longer there. Your text is kept: send it as a new comment.")
        )
    return parent


def make_findable(comment: Comment) -> None:
    """What searching and finding the same text read: in the transaction that writes the comment."""
    search.index(comment)
    alike.record(comment)


def findings_of(comment: int, seen: Iterable[Seen]) -> Iterator[Finding]:
    """What screening saw in a comment, as rows to add."""
    for found in seen:
        yield Finding(
            comment_id=comment,
            rule=found.rule,
            ground=found.ground,
            field=found.field,
            start=found.start,
            end=found.end,
            detail=found.detail,
        )


class Hanging(Protocol):
    """What is known of a comment that others may hang below."""

    @property
    def pk(self) -> int: ...
    @property
    def root_id(self) -> int | None: ...
    @property
    def limb_id(self) -> int | None: ...
    @property
    def depth(self) -> int: ...


def place_below(parent: Hanging | None) -> dict[str, Any]:
    """Where an answer hangs: its parent, the top of the branch, the answer of depth 1 above it."""
    if parent is None:
        return {}
    limb = None if parent.depth == 0 else parent.limb_id or parent.pk
    return {"parent_id": parent.pk, "root_id": parent.root_id or parent.pk, "limb_id": limb, "depth": parent.depth + 1}


def _allowances(post: Post, *, at: datetime) -> list[Allowance]:
    address, reader = settings.COMMENTS["LIMIT_SUBMIT_PER_ADDRESS"], settings.COMMENTS["LIMIT_SUBMIT_PER_READER"]
    return [
        allowance("submit address", network_of(post.address), limit=address, at=at),
        allowance("submit reader", post.email, limit=reader, at=at),
    ]


def _held_or_muted(post: Post, *, at: datetime) -> bool:
    """Whether what this reader writes waits among the suspects. Raises Muted."""
    measures = in_force_for(post.email, at=at)
    if muted := strictest(measures, Standing.Kind.MUTE):
        raise Muted(muted.until)
    return strictest(measures, Standing.Kind.HOLD) is not None


def _draft(post: Post, recent: tuple[str, ...]) -> Draft:
    return Draft(
        text=post.text,
        author_name=post.author_name,
        recent_texts=recent,
        honeypot_filled=post.honeypot_filled,
        form_age=post.form_age,
        form_time_forged=post.form_time_forged,
    )


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found out before the transaction: what is there already, what is answered, what it costs, who it is."""

    known: Known
    parent: Comment | None
    allowances: list[Allowance]
    fingerprint: str


def _write(article: Article, post: Post, found: _Found, verdict: Verdict, at: datetime, *, held: bool) -> Comment:
    comment = Comment(
        discussion_id=found.known.discussion or discussion_of(article).pk,
        reader_id=found.known.reader,
        author_name=post.author_name,
        text=post.text,
        is_suspect=verdict.is_suspect or held,
        submitted_at=at,
        fingerprint=found.fingerprint,
        **place_below(found.parent),
    )
    below = [search.row_of(comment), alike.row_of(comment), trace(address=post.address, port=post.port, at=at)]
    write(comment, email=post.email, below=below, allowances=found.allowances, at=at)
    if seen := (*verdict.findings, *([HELD] if held else [])):
        Finding.objects.bulk_create(findings_of(comment.pk, seen))
    return comment
