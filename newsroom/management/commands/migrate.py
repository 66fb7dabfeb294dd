"""Django's own `migrate`, let take its time: an index over a million comments takes longer than a page may."""

from __future__ import annotations

from typing import Any

from django.core.management.commands import migrate
from django.db import connections

from newsroom.patience import unhurried_connection


class Command(migrate.Command):
    def handle(self, *args: Any, **options: Any) -> None:
        with unhurried_connection(connections[options["database"]]):
            super().handle(*args, **options)
