"""One comment, through the same steps as a reader's: written, then decided by the policy `import`."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from comments.decisions import decide
from comments.models import Action, Comment, Discussion, Finding, Reader
from comments.screening.policy import Policy
from comments.submission import findings_of, make_findable, place_below
from comments.taking_over.arrival import Arrival, fingerprint_of, public_id_of, readied, verdict_on


def take_over(
    discussion: Discussion,
    *,
    source_key: str,
    author_name: str,
    text: str,
    submitted_at: datetime,
    at: datetime,
    hold: bool = False,
    parent: Comment | None = None,
    email: str = "",
) -> tuple[Comment, bool]:
    """Take over a comment that was public elsewhere: approved by the policy `import`, or waiting with `hold`.

    Returns the comment and whether it is new. Raises Refused.
    """
    action = None if hold else Action.APPROVE
    arrival = Arrival(discussion.pk, source_key, author_name, text, submitted_at, email=email, action=action)
    return arrive(arrival, parent=parent, at=at)


def arrive(
    arrival: Arrival, *, parent: Comment | None, at: datetime, policy: Policy | None = None
) -> tuple[Comment, bool]:
    """The same for any arrival, under `parent`. Screened where a policy is given. Raises Refused."""
    ready = readied(arrival)
    fingerprint = fingerprint_of(ready.source_key)
    if known := Comment.objects.filter(fingerprint=fingerprint).first():
        return known, False
    verdict = verdict_on(ready, policy)
    with transaction.atomic():
        comment = Comment.objects.create(
            public_id=public_id_of(fingerprint),
            discussion_id=ready.discussion,
            reader=_reader(ready),
            author_name=ready.author_name,
            text=ready.text,
            is_suspect=verdict.is_suspect,
            submitted_at=ready.submitted_at,
            fingerprint=fingerprint,
            **place_below(parent),
        )
        Finding.objects.bulk_create(findings_of(comment.pk, verdict.findings))
        make_findable(comment)
        if ready.action:
            decide(comment, action=ready.action, version=1, by="import", at=at, ground=ready.ground)
            comment.refresh_from_db()
    return comment, True


def _reader(ready: Arrival) -> Reader | None:
    if not ready.email:
        return None
    return Reader.objects.get_or_create(email=ready.email, defaults={"first_seen_at": ready.submitted_at})[0]
