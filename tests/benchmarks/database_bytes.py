"""How many bytes the database takes, as it lies: tables and indexes, without the log of changes."""

from __future__ import annotations

import sys

import django
from django.db import connection


def main() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_database_size(current_database())")
            sys.stdout.write(str(cursor.fetchone()[0]))
            return
        cursor.execute("PRAGMA page_count")
        (pages,) = cursor.fetchone()
        cursor.execute("PRAGMA page_size")
        sys.stdout.write(str(pages * cursor.fetchone()[0]))


if __name__ == "__main__":
    django.setup()
    main()
