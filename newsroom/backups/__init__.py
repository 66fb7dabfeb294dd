"""A copy of everything, made while the site runs, and put back.

A backup is a folder: `database.sqlite3` or `database.dump` (PostgreSQL's custom format), `media/` with the pictures,
and `manifest.json`, which says of what release it is, how many rows each table has, and the size and SHA-256 of each
file. The folder gets its name when it is complete and checked: one that is there is whole.
"""

from __future__ import annotations

import os
import shutil
from datetime import datetime
from pathlib import Path
from types import ModuleType

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from newsroom.backups import media, postgresql, sqlite
from newsroom.backups.manifest import Manifest, RefusedBackup, describe, read

__all__ = ["Manifest", "RefusedBackup", "make", "put_back"]

_ENGINES: dict[str, ModuleType] = {"sqlite": sqlite, "postgresql": postgresql}
# What `migrate` itself writes, and who is signed in: a database with nothing else in it is empty.
_OF_MIGRATE = {"contenttypes.ContentType", "auth.Permission", "auth.Group", "sessions.Session"}


def make(place: Path, *, at: datetime, with_media: bool = True) -> Manifest:
    """Write a backup to `place`, a folder that does not exist yet. Readers and moderators go on meanwhile.

    The database is copied as it was at one moment; pictures are copied after it, so that none it names is missing.
    Raises RefusedBackup; nothing is left at `place` then.
    """
    if place.exists():
        raise RefusedBackup(f"{place} is there already: a backup never writes over another one.")
    unfinished = place.with_name(f".{place.name}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    try:
        unfinished.mkdir(parents=True, mode=0o700)
        engine = _ENGINES[connection.vendor]
        rows = engine.copy(unfinished / engine.FILE, tables=connection.introspection.django_table_names(True))
        if with_media:
            media.copy(Path(settings.MEDIA_ROOT), unfinished / media.FOLDER)
        told = describe(unfinished, engine=connection.vendor, migrations=_applied(), rows=rows, at=at)
        os.replace(unfinished, place)
    except OSError as failed:
        raise RefusedBackup(f"The backup could not be written: {failed}.") from failed
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return told


def put_back(place: Path, *, replace: bool = False) -> Manifest:
    """Make the database and the pictures what they were in the backup; all of the database, or nothing of it.

    Pictures that the backup does not know stay, and what caches keep. Raises RefusedBackup: a file is damaged (named),
    another kind of database or a newer release made it, the database here is not empty and `replace` is not said, or
    writing failed.
    """
    told = read(place)
    if told.engine != connection.vendor:
        raise RefusedBackup(f"This is a backup of {told.engine}; the database here is {connection.vendor}.")
    if unknown := sorted(set(told.migrations) - _known()):
        raise RefusedBackup(f"A newer release ({told.release}) made this backup: this one does not know {unknown[-1]}.")
    if not replace and (filled := _filled()):
        raise RefusedBackup(
            f"The database here is not empty ({', '.join(filled[:3])}…). Say --replace to lose what is in it."
        )
    engine = _ENGINES[told.engine]
    try:
        media.put_back(place / media.FOLDER, Path(settings.MEDIA_ROOT))
        engine.put_back(place / engine.FILE, rows=told.rows)
    except OSError as failed:
        raise RefusedBackup(f"The backup could not be put back: {failed}.") from failed
    return told


def _applied() -> list[str]:
    return sorted(".".join(one) for one in MigrationLoader(connection).applied_migrations)


def _known() -> set[str]:
    loader = MigrationLoader(None)
    replaced = {one for migration in loader.disk_migrations.values() for one in migration.replaces}
    return {".".join(one) for one in (*loader.disk_migrations, *replaced)}


def _filled() -> list[str]:
    """The names of the tables in which people or imports have left rows."""
    there = set(connection.introspection.table_names())
    return [
        str(model._meta.verbose_name_plural)
        for model in apps.get_models()
        if model._meta.db_table in there
        and model._meta.label not in _OF_MIGRATE
        and model._base_manager.order_by().exists()
    ]
