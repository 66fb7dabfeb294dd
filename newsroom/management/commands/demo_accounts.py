"""manage.py demo_accounts: four people to try the product with. For demonstrations only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils.translation import gettext as _

from newsroom import roles
from newsroom.models import User

PASSWORD = "demo"  # noqa: S105 (printed on the screen; refused outside demonstrations)


@dataclass(frozen=True, slots=True)
class Person:
    username: str
    first_name: str
    last_name: str
    groups: tuple[str, ...] = ()
    is_staff: bool = False
    is_superuser: bool = False


CAST = (
    Person("moderator", "Camille", "Renaud", (roles.MODERATORS,), is_staff=True),
    Person("chief", "Samira", "Benali", (roles.CHIEFS,), is_staff=True),
    Person("editor", "Maëlle", "Vaugrenard", (roles.EDITORS,)),
    Person("admin", "Pascal", "Ortega", is_staff=True, is_superuser=True),
)


class Command(BaseCommand):
    help = "Makes the demo accounts moderator, chief, editor and admin. Only where DEBUG is on."

    def handle(self, **_options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(_("Demo accounts have a public password: they are made only where DEBUG is on."))
        for person in CAST:
            _make(person)
        names = ", ".join(person.username for person in CAST)
        self.stdout.write(_("Accounts: %(names)s. Password: %(password)s") % {"names": names, "password": PASSWORD})


@transaction.atomic
def _make(person: Person) -> None:
    """An account that exists keeps its password, name and groups: somebody may have changed them."""
    if User.objects.filter(username=person.username).exists():
        return
    user = User.objects.create_user(
        person.username,
        email=f"{person.username}@example.org",
        password=PASSWORD,
        first_name=person.first_name,
        last_name=person.last_name,
        is_staff=person.is_staff,
        is_superuser=person.is_superuser,
    )
    user.groups.set(Group.objects.filter(name__in=person.groups))
