"""Who somebody is and what they may do, asked of the database once a request."""

from __future__ import annotations

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Q

from newsroom.models import User

_NAMED = Permission.objects.order_by()
# A place for the person in a query that is composed before they are known.
_NOBODY = -1


class StaffBackend(AuthenticationBackend):
    """allauth's sign-in. Permissions of the person and of their groups come in one query instead of Django's two."""

    def get_all_permissions(self, user_obj: User, obj: object = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = self._permissions(user_obj)  # type: ignore[attr-defined]
        return user_obj._perm_cache  # type: ignore[attr-defined]

    def _permissions(self, user: User) -> set[str]:
        if user.is_superuser:
            return {f"{app}.{code}" for app, code in _NAMED.values_list("content_type__app_label", "codename")}
        sql, parameters = _theirs(connection.vendor)
        with connection.cursor() as cursor:
            cursor.execute(sql, [user.pk if value == _NOBODY else value for value in parameters])
            return {f"{app}.{code}" for app, code in cursor.fetchall()}


@cache
def _theirs(_vendor: str) -> tuple[str, tuple[Any, ...]]:
    """Composed once: that takes longer than the answer."""
    rows = _NAMED.filter(Q(user=_NOBODY) | Q(group__user=_NOBODY)).distinct()
    return rows.values_list("content_type__app_label", "codename").query.sql_with_params()
