"""Packed files: broken packs and bombs are refused by name; databases and JSON made to do harm too."""

from __future__ import annotations

import gzip
import json
import sqlite3
from contextlib import suppress

import pytest

from comments.importers import format_of, isso
from comments.importers.export import Export
from newsroom.importers.source import MEBIBYTE, RefusedArticle
from tests.comments.importers.reading import EXPORTS, READ_AT, comments, database, read, read_text, unreadable
from tests.work import worked

# What refusing takes at most: functions called, bytes unpacked. A file of 300,000 lines is not read to its end.
CALLS, UNPACKED = 100_000, 24 * MEBIBYTE
ISSO = (EXPORTS / "isso.sql").read_text()


def test_a_bomb_is_refused_before_it_goes_off(tmp_path):
    path = tmp_path / "bomb.xml.gz"
    with gzip.open(path, "wb", compresslevel=9) as file:
        file.write(b"<disqus>")
        for _n in range(200):
            file.write(b" " * MEBIBYTE)
    assert path.stat().st_size < MEBIBYTE
    with worked() as work, pytest.raises(RefusedArticle, match="bomb"):
        read("disqus", path)
    assert work.calls < CALLS and work.unpacked < UNPACKED


def test_a_bomb_of_line_ends_is_refused_too(tmp_path):
    path = tmp_path / "bomb.jsonl.gz"
    path.write_bytes(gzip.compress(b"\n" * 40 * MEBIBYTE))
    with worked() as work, pytest.raises(RefusedArticle, match=r"vide|blank"):
        read("jsonl", path)
    assert work.unpacked < 4 * MEBIBYTE


def test_an_export_may_have_blank_lines(tmp_path):
    line = b'{"article": "a", "id": "%d", "text": "Un.", "submitted_at": "2026-11-12T08:33:00+01:00"}'
    data = (b"\n" * 9).join(line % number for number in range(300))
    assert len(comments(read_text("jsonl", data, tmp_path / "a.jsonl"))) == 300


@pytest.mark.parametrize(("start", "kind"), [(b"%PDF-1.7\n", "PDF"), (b"PK\x03\x04", "ZIP")])
@pytest.mark.parametrize("format", [None, "page"])
def test_a_file_called_a_page_that_is_none_is_named(start, kind, format, tmp_path):
    path = tmp_path / "page.txt"
    path.write_bytes(start + b"x" * 500)
    with pytest.raises(RefusedArticle, match=kind):
        read(format or format_of(Export("page.txt", path, READ_AT)), path)


@pytest.mark.parametrize("cut", [3, 20, 60])
def test_a_broken_pack_is_refused(cut, tmp_path):
    packed = gzip.compress((EXPORTS / "disqus.xml").read_bytes())
    with pytest.raises(RefusedArticle, match="gzip"):
        read_text("disqus", packed[:cut], tmp_path / "export.xml.gz")


def test_a_pack_in_a_pack_is_refused(tmp_path):
    path = tmp_path / "twice.xml.gz"
    path.write_bytes(gzip.compress(gzip.compress(b"<disqus/>")))
    with worked() as work, pytest.raises(RefusedArticle):
        format_of(Export(path.name, path, READ_AT))
    assert work.calls < CALLS and work.unpacked < UNPACKED


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
            INSERT INTO comments SELECT 2, 1, 1, 1, 1, '', '', '', 0, 0 FROM n;
    """
    with worked() as work, pytest.raises(RefusedArticle, match="isso"):
        read("isso", database(script, tmp_path / "slow.db"))
    assert work.calls < CALLS and work.unpacked < UNPACKED


def test_a_database_may_be_as_large_as_it_is(tmp_path, monkeypatch):
    more = """WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO comments (tid, id, created, mode, text, voters) SELECT 1, i, 1.0 * i, 1, 'mot', x'00' FROM n;"""
    monkeypatch.setattr(isso, "STEPS_MAX", 20_000)
    assert len(comments(read("isso", database(ISSO + more, tmp_path / "isso.db")))) > 1_900


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
    with worked() as work, suppress(RefusedArticle):
        assert comments(read_text(format, text, tmp_path / "export.json")) == []
    assert work.calls < CALLS and work.unpacked < UNPACKED


LIES = {
    "a table": b"name;text;date\n" + b"Ana\xc3\xafs;Bonjour;2026-03-02\n" * 200_000,
    "a page": b"<!doctype html><title>x</title><p>Bonjour.\n" * 20_000,
    "lines of lists": b"[1]\n" * 300_000,
    "broken lines": b'{"a": \n' * 300_000,
    "one endless line": b'{"a": "' + b"a" * 20 * MEBIBYTE,
    "a picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 1_000_000,
    "an archive": b"PK\x03\x04" + b"\0" * 1_000_000,
    "a program": b"\x7fELF" + b"\0" * 1_000_000,
}


@pytest.mark.parametrize("format", ["jsonl", "remark42", "coral"])
@pytest.mark.parametrize("name", LIES)
def test_a_file_of_lines_that_is_something_else_is_refused_at_once(format, name, tmp_path):
    with worked() as work:
        told = []
        with suppress(RefusedArticle):
            told = read_text(format, LIES[name], tmp_path / "export.jsonl")
    assert work.calls < CALLS and work.unpacked < UNPACKED
    assert comments(told) == [] and len(told) <= 1


@pytest.mark.parametrize("format", ["blogger", "commento", "coral", "discourse", "isso", "jsonl", "remark42", "wxr"])
@pytest.mark.parametrize("start", [b"<rss>", b"<feed>", b"{", b"[", b'{"a": "', b"SQLite format 3\0"])
def test_a_bomb_in_any_format_is_refused_at_once(format, start, tmp_path):
    path = tmp_path / "bomb.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        file.write(start)
        for _n in range(48):
            file.write(b" " * MEBIBYTE)
    with worked() as work:
        with pytest.raises(RefusedArticle) as refusal:
            read(format, path)
        assert refusal.value.reason
    assert work.calls < CALLS and work.unpacked < UNPACKED


def test_a_tree_of_ten_thousand_answers_deep_is_refused_by_name(tmp_path):
    tree: dict[str, object] = {"comment": {"id": "1"}}
    for _n in range(400):
        tree = {"comment": {"id": "1", "text": "a", "locator": {"url": "https://e.example/"}}, "replies": [tree]}
    assert len(read_text("remark42", json.dumps({"comments": [tree]}), tmp_path / "tree.json")) == 401
    with worked() as work, pytest.raises(RefusedArticle):
        read_text("remark42", '{"comments":[{"replies":[' * 10_000, tmp_path / "tree.json")
    assert work.calls < CALLS and work.unpacked < UNPACKED
