"""An empty database again, inside a test: what a newsroom that moves in has."""

from __future__ import annotations

from django.apps import apps
from django.db import connection

KEPT = {"auth.group", "auth.permission", "contenttypes.contenttype"}


def empty_database() -> None:
    """Every row of ours and every member of the newsroom goes, search rows too."""
    from comments import search

    search.forget_all()
    models = [*apps.get_app_config("comments").get_models(), *apps.get_app_config("newsroom").get_models()]
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for model in models:
            for link in model._meta.many_to_many:
                cursor.execute(f"DELETE FROM {connection.ops.quote_name(link.m2m_db_table())}")
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")
