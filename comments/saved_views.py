"""Queues with their filters, kept by name: one's own, and those a chief shares with all."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import QueryDict
from django.utils.translation import gettext as _

from comments import queues
from comments.filters import Filters
from comments.models import SavedView
from comments.models.saved_view import VIEW_NAME_MAX, VIEW_QUERY_MAX
from comments.plain_text import clean_name
from newsroom import roles
from newsroom.models import User


class Unfit(Exception):
    """A view that cannot be kept; its text is a sentence."""


def save_view(name: str, *, code: str, filters: Filters, by: User, at: datetime, is_shared: bool = False) -> SavedView:
    """Keep a queue with its filters; the same name again replaces one's own. Raises Unfit, PermissionDenied."""
    if not by.has_perm(roles.DECIDE) or (is_shared and not by.has_perm(roles.OVERRIDE)):
        raise PermissionDenied
    name, query = clean_name(name), _query(code, filters)
    if not name or len(name) > VIEW_NAME_MAX:
        raise Unfit(_("Give the view a name of %(most)s characters at most.") % {"most": VIEW_NAME_MAX})
    if code not in queues.QUEUES or len(query) > VIEW_QUERY_MAX:
        raise Unfit(_("These filters are too long to be kept."))
    kept = {"query": query, "is_shared": is_shared, "saved_at": at}
    return SavedView.objects.update_or_create(owner=by, name=name, defaults=kept)[0]


def drop_view(view: SavedView, *, by: User) -> None:
    """One's own. Raises PermissionDenied."""
    if view.owner_id != by.pk:
        raise PermissionDenied
    view.delete()


def views_for(user: User) -> list[SavedView]:
    """Own ones and shared ones, by name. One query."""
    return list(SavedView.objects.filter(Q(owner=user) | Q(is_shared=True)).select_related("owner"))


def opened(view: SavedView) -> tuple[str, Filters]:
    """The view's queue and filters; what has been renamed since is left out."""
    query = QueryDict(view.query)
    code = query.get("queue", "")
    return (code if code in queues.QUEUES else "pending"), Filters.read(query)


def size_of(view: SavedView, *, at: datetime) -> int:
    """How many wait in it, up to SIZE_CAP + 1. One query."""
    code, filters = opened(view)
    return queues.size(code, filters=filters, at=at)


def _query(code: str, filters: Filters) -> str:
    return "&".join(part for part in (urlencode({"queue": code}), filters.query) if part)
