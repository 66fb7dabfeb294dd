"""Django gives each unique text column of PostgreSQL a second index, for LIKE 'a%'. Nobody asks that of these two, which
every post and every imported comment has to fill at a random place."""

from django.db import migrations

INDEXES = [
    ("comments_comment_fingerprint_8bb810a1_like", "comments_comment (fingerprint varchar_pattern_ops)"),
    ("comments_reader_email_e88f41bc_like", "comments_reader (email varchar_pattern_ops)"),
]


def drop(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, _of in INDEXES:
            schema_editor.execute(f"DROP INDEX IF EXISTS {name}")


def make(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        for name, of in INDEXES:
            schema_editor.execute(f"CREATE INDEX IF NOT EXISTS {name} ON {of}")


class Migration(migrations.Migration):
    dependencies = [("comments", "0012_written_by_status")]
    operations = [migrations.RunPython(drop, make)]
