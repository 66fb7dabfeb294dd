"""On PostgreSQL the words of new comments are first noted in a short list, and sorted into the index many at a time: a
comment's words cost a seventh. A search reads the list too: 256 kB, some thousand comments, add less than can be told
from chance."""

from django.db import migrations

INDEX = "comments_search_words"


def sort_in_later(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER INDEX {INDEX} SET (fastupdate = on, gin_pending_list_limit = 256)")


def sort_in_at_once(apps, schema_editor):
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(f"ALTER INDEX {INDEX} RESET (gin_pending_list_limit)")
        schema_editor.execute(f"ALTER INDEX {INDEX} SET (fastupdate = off)")
        schema_editor.execute(f"SELECT gin_clean_pending_list('{INDEX}')")


class Migration(migrations.Migration):
    dependencies = [("comments", "0013_without_pattern_indexes")]
    operations = [migrations.RunPython(sort_in_later, sort_in_at_once)]
