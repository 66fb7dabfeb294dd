"""Who somebody is and what they may do, asked of the database once a request, in one query."""

from __future__ import annotations

from functools import cache
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.auth.models import Group, Permission
from django.db import connection
from django.db.models import Q, Subquery, Value
from django.db.models.expressions import Combinable
from django.db.models.functions import Concat
from django.db.models.sql.compiler import SQLCompiler

from newsroom.composed import KEY, Composed
from newsroom.models import User

_registered: dict[str, Combinable] = {}
_NAME = Concat("content_type__app_label", Value("."), "codename")


def register(**facts: Combinable) -> None:
    """What another room wants to know of whoever signs in, told with their row: expressions of User, by name."""
    _registered.update(facts)
    _people.cache_clear()


class StaffBackend(AuthenticationBackend):
    """allauth's sign-in. Permissions of the person and of their groups come with the person's own row."""

    def get_user(self, user_id: Any) -> User | None:
        found = _granted_to(user_id)
        if found is None or not self.user_can_authenticate(found):
            return None
        if not found.is_superuser:
            found._perm_cache = _permissions(found)  # type: ignore[attr-defined]
        return found

    def get_all_permissions(self, user_obj: User, obj: object = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_perm_cache"):
            user_obj._perm_cache = _permissions(_granted_to(user_obj.pk))  # type: ignore[attr-defined]
        return user_obj._perm_cache  # type: ignore[attr-defined]


def _granted_to(key: int) -> User | None:
    """The person, with the names of the permissions `granted` to them."""
    return next(iter(_people(connection.vendor).asked([key])), None)


def _permissions(person: User | None) -> set[str]:
    if person is None:
        return set()
    if person.is_superuser:
        return set(Permission.objects.order_by().values_list(_NAME, flat=True))
    granted: str | None = person.granted  # type: ignore[attr-defined]
    return set(granted.split(",")) if granted else set()


class _Listed(Subquery):
    """The only column of several rows as one text."""

    template = "(SELECT string_agg(word, ',') FROM (%(subquery)s) AS granted)"

    def as_sqlite(self, compiler: SQLCompiler, connection: Any) -> Any:
        return self.as_sql(compiler, connection, template=self.template.replace("string_agg", "group_concat"))


@cache
def _people(_vendor: str) -> Composed:
    own = User.user_permissions.through.objects.filter(user=KEY).values("permission")
    of_groups = Group.permissions.through.objects.filter(group__user=KEY).values("permission")
    granted = Permission.objects.filter(Q(pk__in=own) | Q(pk__in=of_groups)).order_by().values(word=_NAME)
    return Composed(User.objects.filter(pk=KEY).annotate(granted=_Listed(granted), **_registered), [KEY])
