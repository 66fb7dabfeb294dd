"""What stands in the tables, named as an archive names it: so that what an archive forgets is seen."""

from __future__ import annotations

from typing import Any

from django.db.models import FileField, ForeignKey, Model

from comments.models import (
    Bulk,
    Comment,
    Decision,
    Discussion,
    Finding,
    Note,
    Reader,
    Report,
    Revision,
    Standing,
)
from newsroom.models import Article, OldSlug, Section, User

MODELS = (
    Section, Article, OldSlug, Discussion, Reader, Standing, Note, Bulk, Comment, Revision, Finding, Decision, Report
)  # fmt: skip
# Keys of this database, and when an import last wrote the row.
LEFT_OUT = {"id", "imported_at"}


def stored() -> dict[str, list[Any]]:
    """Every field of every row, rows in an order that does not hang on their keys."""
    return {model.__name__: sorted((_told(row) for row in model._default_manager.all()), key=repr) for model in MODELS}


def _told(row: Model) -> dict[str, Any]:
    told = {}
    for field in row._meta.concrete_fields:
        if field.name in LEFT_OUT:
            continue
        value = getattr(row, field.name)
        if isinstance(field, ForeignKey):
            told[field.name] = _named(value)
        else:
            told[field.name] = value.name if isinstance(field, FileField) else value
    return told


def _named(row: Model | None) -> Any:
    match row:
        case Section() | Article():
            return row.slug
        case Discussion():
            return row.article.slug
        case User():
            return row.username
        case Reader():
            return row.email
        case Comment():
            return row.public_id
        case Decision():
            return (row.comment.public_id, row.version)
        case Standing():
            return (row.reader.email, row.set_at, row.kind)
        case _:
            return row and row.pk
