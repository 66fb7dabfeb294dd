"""Exports that are one JSON document: read piece by piece, and around what is broken."""

from __future__ import annotations

import json
import tracemalloc
from collections.abc import Iterator

import pytest

from comments.importers import FORMATS
from comments.importers.comment import ImportedComment, LeftOut, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows import json_window
from newsroom.importers.source import MEBIBYTE, RefusedArticle
from tests.comments.importers.reading import EXPORTS, READ_AT, comments, read, read_text, unreadable

DOCUMENTS = {
    "commento": "commento.json",
    "discourse": "discourse.json",
    "isso": "isso.json",
    "remark42": "remark42-tree.json",
}


def text_of(format: str) -> str:
    return (EXPORTS / DOCUMENTS[format]).read_text()


def ids(told: list[Told]) -> list[str]:
    return [one.id.partition(":")[2] for one in comments(told)]


def sentences(told: list[Told]) -> str:
    return " ".join(one.sentence for one in told if isinstance(one, Unreadable))


@pytest.mark.parametrize("format", DOCUMENTS)
def test_where_the_pieces_end_makes_no_difference(format, tmp_path, monkeypatch):
    whole = read(format, EXPORTS / DOCUMENTS[format])
    broken_text = text_of(format).replace('"created', "created", 1)
    broken = read_text(format, broken_text, tmp_path / "broken.json")
    for size in (1, 2, 7, 31, 64, 500, 1_001):
        monkeypatch.setattr(json_window, "CHUNK", size)
        assert read(format, EXPORTS / DOCUMENTS[format]) == whole, size
        assert read_text(format, broken_text, tmp_path / "broken.json") == broken, size


@pytest.mark.parametrize(("format", "id"), [("commento", "c1"), ("discourse", "3")])
def test_a_comment_with_a_mistake_in_its_syntax_is_refused_and_the_others_come_in(format, id, tmp_path):
    key = {"commento": f'"commentHex": "{id}"', "discourse": f'"post_number": {id}'}[format]
    told = read_text(format, text_of(format).replace(key, f"{key},,"), tmp_path / "broken.json")
    assert ids(told) == [one for one in ids(read(format, EXPORTS / DOCUMENTS[format])) if one != id]
    assert "line" in sentences(told) and "column" in sentences(told)
    # Names, addresses and titles stand behind the comments in the file.
    whole = {one.id: one for one in comments(read(format, EXPORTS / DOCUMENTS[format]))}
    for one in comments(told):
        expected = whole[one.id]
        assert (one.author_name, one.article, one.article_headline) == (
            expected.author_name,
            expected.article,
            expected.article_headline,
        )


def test_behind_a_mistake_no_comment_comes_under_another_article(tmp_path):
    threads = [
        {"id": f"/{name}/", "title": name, "comments": [comment(f"{name}{number}") for number in range(3)]}
        for name in "abc"
    ]
    text = json.dumps(threads).replace('"id": "b1"', '"id": "b1",,')
    told = read_text("isso", text, tmp_path / "broken.json")
    assert [(one.article, one.id) for one in comments(told)] == [
        *(("/a/", f"isso:a{number}") for number in range(3)),
        ("/b/", "isso:b0"),
        *(("/c/", f"isso:c{number}") for number in range(3)),
    ]
    assert unreadable(told) == [5]


def comment(id: str) -> dict[str, object]:
    return {"id": id, "author": "Anaïs", "created": "2026-03-02 08:01:02", "text": "mot"}


@pytest.mark.parametrize("format", DOCUMENTS)
def test_of_a_file_that_breaks_off_what_came_before_is_read_and_the_place_told(format, tmp_path):
    text = text_of(format)
    whole = read(format, EXPORTS / DOCUMENTS[format])
    told = read_text(format, text[: int(len(text) * 0.8)], tmp_path / "cut.json")
    assert isinstance(told[-1], Unreadable) and "line" in told[-1].sentence
    before = [one for one in told if not isinstance(one, Unreadable)]
    assert len(before) < len(whole)
    if format in ("isso", "remark42"):
        assert before == whole[: len(before)]


def test_who_is_told_where_the_file_cannot_be_read_is_not_imported_without_a_name(tmp_path):
    text = text_of("commento")
    told = read_text("commento", text[: text.index('"commenters"')], tmp_path / "cut.json")
    assert ids(told) and set(ids(told)) <= {"c3", "c4", "c6"}
    assert {1, 2} <= set(unreadable(told))


def test_nothing_of_a_topic_is_published_that_may_have_been_hidden(tmp_path):
    text = text_of("discourse")
    told = read_text("discourse", text[: text.index('"stream"')], tmp_path / "cut.json")
    assert comments(told)
    assert SourceStatus.PUBLISHED not in {one.status for one in comments(told)}


@pytest.mark.parametrize("format", DOCUMENTS)
def test_one_damaged_byte_costs_one_comment(format, tmp_path):
    whole = read(format, EXPORTS / DOCUMENTS[format])
    spoilt = text_of(format).encode().replace("où".encode(), b"o\xf9", 1)
    told = read_text(format, spoilt, tmp_path / "latin.json")
    lost = set(ids(whole)) - set(ids(told))
    # Of a tree a branch is one value: its answers go with it.
    assert lost == {"1", "11", "111"} if format == "remark42" else len(lost) == 1
    assert "UTF-8" in sentences(told)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
@pytest.mark.parametrize("format", DOCUMENTS)
def test_encodings_are_told_by_their_mark(format, encoding, tmp_path):
    told = read_text(format, text_of(format).encode(encoding), tmp_path / "marked.json")
    assert told == read(format, EXPORTS / DOCUMENTS[format])


@pytest.mark.parametrize("text", ['{"comments": [', '{"a" 1}', "[}", "{]", '{"comments":}', "[,]", "{,}"])
@pytest.mark.parametrize("format", DOCUMENTS)
def test_what_is_no_json_at_all_is_refused(format, text, tmp_path):
    with pytest.raises(RefusedArticle):
        read_text(format, text, tmp_path / "no.json")


def test_a_value_without_an_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(json_window, "VALUE_MAX", MEBIBYTE)
    text = '{"version": 1, "commenters": [], "comments": [{"commentHex": "' + "a" * 3 * MEBIBYTE
    with pytest.raises(RefusedArticle, match="1"):
        read_text("commento", text, tmp_path / "endless.json")


def test_more_broken_than_whole_is_refused(tmp_path):
    text = '{"version": 1, "comments": [' + '{"commentHex": , "a": {}}, ' * 3_000
    with pytest.raises(RefusedArticle):
        read_text("commento", text, tmp_path / "broken.json")


def pieces(format: str, count: int) -> Iterator[str]:
    body = json.dumps("mot " * 2_000)
    if format == "commento":
        rows = (
            f'{{"commentHex": "{n}", "url": "https://e.example/", "markdown": {body}, "commenterHex": "p", "parentHex":'
            f' "root", "state": "approved", "creationDate": "2026-03-02T09:15:00Z"}}'
            for n in range(count)
        )
        start, end = '{"version": 1, "comments": [', '], "commenters": [{"commenterHex": "p", "name": "Anaïs"}]}'
    elif format == "discourse":
        rows = (
            f'{{"id": {n}, "name": "a", "post_number": {n + 1}, "cooked": {body}, "created_at": "2026-03-02T09:15Z"}}'
            for n in range(count)
        )
        start, end = '{"post_stream": {"posts": [', ']}, "id": 4, "slug": "un", "title": "Un"}'
    else:
        rows = (f'{{"id": {n}, "author": "a", "created": "2026-03-02 09:15:00", "text": {body}}}' for n in range(count))
        start, end = '[{"id": "/a/", "comments": [', '], "title": "Un"}]'
    yield start
    for number, row in enumerate(rows):
        yield f"{',' if number else ''}{row}"
    yield end


@pytest.mark.parametrize("format", ["commento", "discourse", "isso"])
def test_memory_does_not_grow_with_the_file(format, tmp_path):
    path = tmp_path / "large.json"
    with path.open("w") as file:
        file.writelines(pieces(format, 2_000))
    assert path.stat().st_size > 15 * MEBIBYTE
    tracemalloc.start()
    count = sum(isinstance(one, ImportedComment) for one in FORMATS[format](Export("large.json", path, READ_AT)))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 2_000 and peak < 8 * MEBIBYTE


def test_what_is_left_out_is_no_mistake(tmp_path):
    assert [one.kind for one in read("commento", EXPORTS / "commento.json") if isinstance(one, LeftOut)] == ["EMPTIED"]
