"""The search rows, made by vendor: Django knows neither FTS5 nor text search configurations.

Written by comments/search.py: SQLite's triggers would vanish at the next AlterField of the comments' table. No foreign
key: tests empty the comments' table with TRUNCATE. The words of comments that were there before come by
`manage.py index_comments`.
"""

from django.db import migrations

SQLITE = [
    (
        "CREATE VIRTUAL TABLE comments_search USING fts5(text, author_name, content='comments_comment',"
        " content_rowid='id', tokenize='unicode61 remove_diacritics 2', prefix='3')",
        "DROP TABLE comments_search",
    ),
]
POSTGRESQL = [
    ("CREATE EXTENSION IF NOT EXISTS unaccent", None),
    (
        "CREATE TEXT SEARCH CONFIGURATION comments_words (COPY = simple)",
        "DROP TEXT SEARCH CONFIGURATION comments_words",
    ),
    (
        "ALTER TEXT SEARCH CONFIGURATION comments_words"
        " ALTER MAPPING FOR word, numword, asciiword WITH unaccent, simple",
        None,
    ),
    (
        "CREATE TABLE comments_search (comment_id bigint PRIMARY KEY, words tsvector NOT NULL)",
        "DROP TABLE comments_search",
    ),
    # Ten thousand words with their frequencies: without them a rare word is thought common, and the table is read.
    ("ALTER TABLE comments_search ALTER COLUMN words SET STATISTICS 1000", None),
    # Without fastupdate a search never meets a long list of rows that wait to be sorted in.
    ("CREATE INDEX comments_search_words ON comments_search USING gin (words) WITH (fastupdate = off)", None),
]


def make(apps, schema_editor):
    for sql, _back in _statements(schema_editor):
        schema_editor.execute(sql)


def unmake(apps, schema_editor):
    for _sql, back in reversed(_statements(schema_editor)):
        if back:
            schema_editor.execute(back)


def _statements(schema_editor):
    return {"sqlite": SQLITE, "postgresql": POSTGRESQL}[schema_editor.connection.vendor]


class Migration(migrations.Migration):
    dependencies = [("comments", "0003_rooms")]
    operations = [migrations.RunPython(make, unmake)]
