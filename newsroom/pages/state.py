"""What an article's page shows, as one row: whoever changes any of it changes the page's key, and need not know it.

The row, its section, the menu of sections, and of the discussion what `register` was told. Asking for it is the one
query that a kept page costs.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import DatabaseError, connection
from django.db.models.expressions import Combinable, RawSQL

from newsroom import prepared
from newsroom.models import Article

State = tuple[Any, ...]
_registered: dict[str, Combinable] = {}
# Aggregates of JSON have another name in each database.
_MENU = {
    "postgresql": "(SELECT json_agg(json_build_array(position, name, slug) ORDER BY id)::text FROM newsroom_section)",
    "sqlite": "(SELECT json_group_array(json_array(position, name, slug)) FROM newsroom_section)",
}
_SLUG = "the-slug-that-is-asked-for"


def register(**facts: Combinable) -> None:
    """What more decides about an article's page: expressions of Article, by name."""
    _registered.update(facts)
    _statement.cache_clear()


def state_of(slug: str) -> State | None:
    """None where no such article is on the site, or the database does not answer: the long way will tell which."""
    sql, before, after = _statement()
    # This query is its own check of the connection: where it fails, the same is asked again on a new one.
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        with prepared.cursor() as cursor:
            cursor.execute(sql, [*before, slug, *after])
            return cursor.fetchone()
    except DatabaseError:
        if connection.in_atomic_block:
            raise
        connection.close()
        return None


@lru_cache(maxsize=1)
def _statement() -> tuple[str, tuple[Any, ...], tuple[Any, ...]]:
    """The statement, and its parameters before and after the slug. Composing it takes longer than running it."""
    columns = [field.attname for field in Article._meta.concrete_fields]
    rows = Article.objects.published().filter(slug=_SLUG).annotate(menu=RawSQL(_MENU[connection.vendor], []))  # noqa: S611
    asked = rows.values_list(*columns, "section__name", "section__slug", "menu", *_registered.values())
    sql, parameters = asked.query.sql_with_params()
    place = parameters.index(_SLUG)
    return sql, parameters[:place], parameters[place + 1 :]
