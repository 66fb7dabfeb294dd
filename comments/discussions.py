"""Opening and closing a discussion, and its moderation instructions. Each says who and when."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.utils.translation import gettext as _

from comments.models import Discussion
from newsroom import roles
from newsroom.models import Article, User


class ReasonMissing(Exception):
    """A discussion is closed with a reason; its text is a sentence."""


def close(article: Article, *, by: User, reason: str, at: datetime) -> Discussion:
    """No more comments under this article; those that wait stay to be decided. Raises ReasonMissing."""
    if not reason:
        raise ReasonMissing(_("Write why the discussion is closed: colleagues read it here."))
    return _set(article, by, closed_at=at, closed_by=by, closed_reason=reason)


def reopen(article: Article, *, by: User) -> Discussion:
    return _set(article, by, closed_at=None, closed_by=None, closed_reason="")


def instruct(article: Article, *, by: User, instructions: str) -> Discussion:
    """What moderators read beside each comment of this article."""
    if not by.has_perm(roles.INSTRUCT):
        raise PermissionDenied
    discussion, _made = Discussion.objects.get_or_create(article=article)
    Discussion.objects.filter(pk=discussion.pk).update(instructions=instructions)
    discussion.refresh_from_db()
    return discussion


def _set(article: Article, by: User, **state: object) -> Discussion:
    if not by.has_perm(roles.KEEP_DISCUSSIONS):
        raise PermissionDenied
    discussion, _made = Discussion.objects.get_or_create(article=article)
    # Closing twice keeps the first moment and the first reason.
    Discussion.objects.filter(pk=discussion.pk).exclude(closed_at__isnull=state["closed_at"] is None).update(**state)
    discussion.refresh_from_db()
    return discussion
