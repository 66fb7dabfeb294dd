"""Packed files: broken packs and bombs are refused by name; databases and JSON made to do harm too."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import suppress
from time import perf_counter

import pytest

from comments.importers import format_of
from comments.importers.export import Export
from newsroom.importers.source import MEBIBYTE, RefusedArticle
from tests.comments.importers.reading import EXPORTS, READ_AT, comments, database, read, read_text, unreadable

ISSO = (EXPORTS / "isso.sql").read_text()


def test_a_bomb_is_refused_before_it_goes_off(tmp_path):
    path = tmp_path / "bomb.xml.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(b"<disqus>")
        for _n in range(200):
            file.write(b" " * MEBIBYTE)
    assert path.stat().st_size < MEBIBYTE
    began = perf_counter()
    with pytest.raises(RefusedArticle, match="bomb"):
        read("disqus", path)
    assert perf_counter() - began < 3


@pytest.mark.parametrize("cut", [3, 20, 60])
def test_a_broken_pack_is_refused(cut, tmp_path):
    packed = gzip.compress((EXPORTS / "disqus.xml").read_bytes())
    with pytest.raises(RefusedArticle, match="gzip"):
        read_text("disqus", packed[:cut], tmp_path / "export.xml.gz")


def test_a_pack_in_a_pack_is_refused(tmp_path):
    path = tmp_path / "twice.xml.gz"
    path.write_bytes(gzip.compress(gzip.compress(b"<disqus/>")))
    with pytest.raises(RefusedArticle):
        format_of(Export(path.name, path, READ_AT))


@pytest.mark.parametrize("name", ["isso.sql", "remark42.jsonl", "coral/comments.jsonl"])
def test_every_format_may_be_packed(name, tmp_path):
    format = name.partition(".")[0].partition("/")[0]
    path = database(ISSO, tmp_path / "isso.db") if name == "isso.sql" else EXPORTS / name
    for beside in (EXPORTS / "coral").iterdir():
        (tmp_path / beside.name).write_bytes(beside.read_bytes())
    packed = tmp_path / f"{path.name}.gz"
    packed.write_bytes(gzip.compress(path.read_bytes()))
    (tmp_path / path.name).unlink(missing_ok=True) if name == "coral/comments.jsonl" else None
    assert comments(read(format, packed)) == comments(read(format, path))


@pytest.mark.parametrize(
    "harm",
    [
        "DROP TABLE comments; CREATE VIEW comments AS SELECT 1 AS id",
        "DROP TABLE threads",
        "ALTER TABLE comments RENAME COLUMN text TO said",
    ],
)
def test_a_database_of_another_shape_is_refused(harm, tmp_path):
    with pytest.raises(RefusedArticle, match="isso"):
        read("isso", database(f"{ISSO};{harm}", tmp_path / "other.db"))


def test_a_database_made_to_cost_time_is_refused(tmp_path):
    # A table under the name of threads without an index: each comment is looked up in all of them.
    script = """
        CREATE TABLE threads (id, uri, title);
        CREATE TABLE comments (tid, id, parent, created, mode, text, author, email, likes, dislikes);
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
            INSERT INTO threads SELECT 1, '', '' FROM n;
        WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
            INSERT INTO comments SELECT 1, 1, 1, 1, 1, '', '', '', 0, 0 FROM n;
    """
    began = perf_counter()
    with pytest.raises(RefusedArticle, match="isso"):
        read("isso", database(script, tmp_path / "slow.db"))
    assert perf_counter() - began < 10


def test_a_damaged_database_is_refused_and_never_written_to(tmp_path):
    path = database(ISSO, tmp_path / "isso.db")
    whole = path.read_bytes()
    for start in range(100, len(whole), 509):
        path.write_bytes(whole[:start] + b"\xff" * 40 + whole[start + 40 :])
        before = path.read_bytes()
        with suppress(RefusedArticle):
            read("isso", path)
        assert path.read_bytes() == before
    assert [other.name for other in tmp_path.iterdir()] == ["isso.db"]


def test_values_of_other_types_are_refused_by_their_number(tmp_path):
    path = database(ISSO, tmp_path / "isso.db")
    connection = sqlite3.connect(path)
    connection.execute("UPDATE comments SET text = x'ff00' WHERE id = 1")
    connection.execute("UPDATE comments SET created = 1e300 WHERE id = 2")
    connection.execute("UPDATE comments SET author = 3.5 WHERE id = 3")
    connection.commit()
    connection.close()
    assert set(unreadable(read("isso", path))) >= {1, 2}


@pytest.mark.parametrize("format", ["commento", "discourse", "isso", "remark42", "coral"])
@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"comments":' * 50_000,
        '{"comments": [{"comment": 1e999}]',
        "{}",
        "[]",
        "[1, 2]",
        '{"comments": 5}',
        '{"post_stream": {"posts": [null, 3, []]}}',
        '[{"comments": [null, 3, {"id": [1]}]}, 5]',
        '{"version": 1, "comments": [{"commentHex": {"a": 1}}], "commenters": {"a": 1}}',
        '{"id": ' + "9" * 5_000 + "}",
        "\ufeff{}",
    ],
)
def test_hostile_json_is_refused_or_told(format, text, tmp_path):
    began = perf_counter()
    with suppress(RefusedArticle):
        assert comments(read_text(format, text, tmp_path / "export.json")) == []
    assert perf_counter() - began < 3


def test_a_tree_of_ten_thousand_answers_deep_is_refused_by_name(tmp_path):
    tree: dict[str, object] = {"comment": {"id": "1"}}
    for _n in range(400):
        tree = {"comment": {"id": "1", "text": "a", "locator": {"url": "https://e.example/"}}, "replies": [tree]}
    assert len(read_text("remark42", json.dumps({"comments": [tree]}), tmp_path / "tree.json")) == 401
    with pytest.raises(RefusedArticle):
        read_text("remark42", '{"comments":[{"replies":[' * 10_000, tmp_path / "tree.json")
