"""XML exports: hostile ones are refused by name and at once, broken ones are read around what is broken."""

from __future__ import annotations

import gzip
import tracemalloc

import pytest

from comments.importers import disqus
from comments.importers.comment import Unreadable
from comments.importers.export import Export
from comments.importers.rows import xml_rows
from comments.importers.rows.xml_row import Row, Shape
from newsroom.importers.source import MEBIBYTE, RefusedArticle
from tests.comments.importers.reading import READ_AT, comments, read_text, unreadable
from tests.work import worked

THREAD = "<disqus><thread dsq:id='1'><link>https://e.example/</link><title>x</title></thread>\n"
POST = (
    "<post dsq:id='{0}'><message><![CDATA[<p>{1}</p>]]></message><createdAt>2026-03-02T08:00:00Z</createdAt>"
    "<thread dsq:id='1'/></post>\n"
)
# Of functions: what is refused is not read to its end.
CALLS = 300_000
SHAPE = Shape("r", {"item": "r", "note": "item"})
LOLS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
HOSTILE = {
    "a bomb of entities": f'<!DOCTYPE r [<!ENTITY l0 "lol">{LOLS}]><r><item>&l9;</item></r>',
    "an outside entity": '<!DOCTYPE r [<!ENTITY x SYSTEM "file:///etc/passwd">]><r><item>&x;</item></r>',
    "an outside document type": '<!DOCTYPE r SYSTEM "http://127.0.0.1:9/x.dtd"><r><item/></r>',
    "a parameter entity": '<!DOCTYPE r [<!ENTITY % p SYSTEM "http://127.0.0.1:9/x">%p;]><r><item/></r>',
    "nesting": "<r><item>" + "<a>" * 100_000 + "</a>" * 100_000 + "</item></r>",
    "nesting without an end": "<r>" + "<a>" * 1_000_000,
    "one enormous text": "<r><item>" + "a" * 9 * MEBIBYTE + "</item></r>",
    "one enormous attribute": f'<r><item a="{"a" * 3 * MEBIBYTE}"/></r>',
    "one enormous comment": f"<r><!--{'a' * 3 * MEBIBYTE}--><item/></r>",
    "a million elements in a row": "<r><item>" + "<a/>" * 1_000_000 + "</item></r>",
    "another root": "<html><body>bonjour</body></html>",
    "more broken than whole": "<r>" + "<item><</item>" * 2_000,
    "an unknown encoding": '<?xml version="1.0" encoding="nonsense"?><r><item/></r>',
    "only open brackets": "<r>" + "<" * 1_000_000,
}


def rows(data: str | bytes, tmp_path) -> list[Row | Unreadable]:
    path = tmp_path / "export.xml"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return list(xml_rows.xml_rows(Export("export.xml", path, READ_AT), SHAPE))


def texts(found: list[Row | Unreadable]) -> list[object]:
    return [one.line if isinstance(one, Unreadable) else "".join(map(str, one.inner)) for one in found]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_file_is_refused_by_name_at_once(name, tmp_path):
    with worked() as work:
        if name == "only open brackets":
            assert [type(one) for one in rows(HOSTILE[name], tmp_path)] == [Unreadable]
        else:
            with pytest.raises(RefusedArticle) as refusal:
                rows(HOSTILE[name], tmp_path)
            assert refusal.value.reason and refusal.value.line
    assert work.calls < CALLS


def test_a_broken_row_is_told_by_its_line_and_the_others_are_read(tmp_path):
    data = (
        "<r>\n<item>a</item>\n<item>\nb & c</item>\n<item>d</item>\n<item x=1>e</item>\n<item>f</itm>\n<item>g</item>"
    )
    assert texts(rows(f"{data}</r>", tmp_path)) == ["a", 3, "d", 6, 7, "g"]


def test_a_broken_inner_row_leaves_the_row_around_it_open(tmp_path):
    data = "<r>\n<item><t>x</t>\n<note>a</note>\n<note>&</note>\n<note>b</note></item>\n<item><note>c</note></item></r>"
    found = rows(data, tmp_path)
    notes = [one for one in found if isinstance(one, Row) and one.name == "note"]
    assert texts(notes) == ["a", "b", "c"] and unreadable(found) == [4]
    assert [one.within.text("t") for one in notes if one.within] == ["x", "x", ""]
    assert [one.name for one in found if isinstance(one, Row)].count("item") == 2


def test_broken_rows_are_found_wherever_the_chunks_end(tmp_path, monkeypatch):
    data = "<r>\n<item>a</item>\n<item>b & c</item>\n<item a='&lt;'>d</item>\n<item>e"
    for size in range(1, len(data)):
        monkeypatch.setattr(xml_rows, "CHUNK", size)
        assert texts(rows(data, tmp_path)) == ["a", 3, "d", 5], size


def test_rows_behind_a_root_that_was_closed_too_early_are_read(tmp_path):
    assert texts(rows("<r>\n<item>a</item></r>\n<item>b</item>\n<item>c</item></r>", tmp_path)) == ["a", 3, "c"]


def test_a_file_that_breaks_off_is_told(tmp_path):
    assert texts(rows("<r>\n<item>a</item>\n<item>b", tmp_path)) == ["a", 3]


def test_entities_of_html_stay_as_written_and_control_characters_go(tmp_path):
    assert texts(rows("<r><item>a&nbsp;b\x0b\x00c &#233;&amp;</item></r>", tmp_path)) == ["a&nbsp;bc é&"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1", "windows-1252"])
def test_encodings(encoding, tmp_path):
    declared = "utf-8" if encoding.startswith("utf-8") else encoding
    data = f"<?xml version='1.0' encoding='{declared}'?>\n<r><item>déjà</item>\n<item>b & c</item><item>été</item></r>"
    found = texts(rows(data.encode(encoding), tmp_path))
    assert found == (["déjà", 3] if encoding == "utf-16" else ["déjà", 3, "été"])[: len(found)] and found[0] == "déjà"


def test_rows_on_one_line_are_told_by_their_number(tmp_path):
    found = rows("<r>" + "<item>a</item>" * 5 + "</r>", tmp_path)
    assert [one.line for one in found] == [1, 2, 3, 4, 5]


def test_elements_inside_a_text_come_as_markup(tmp_path):
    (row,) = rows('<r><item><c>a &lt; <b>gras</b><br/><a href="https://e.example/">x</a></c></item></r>', tmp_path)
    assert isinstance(row, Row)
    assert row.markup("c") == 'a &lt; <b>gras</b><br><a href="https://e.example/">x</a>'


def test_memory_does_not_grow_with_the_file(tmp_path):
    path = tmp_path / "large.xml"
    with path.open("w") as file:
        file.write(THREAD)
        file.writelines(POST.format(number, "mot " * 5_000) for number in range(900))
        file.write("</disqus>")
    assert path.stat().st_size > 16 * MEBIBYTE
    tracemalloc.start()
    count = sum(1 for _one in disqus.read(Export("large.xml", path, READ_AT)))
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 900 and peak < 8 * MEBIBYTE


@pytest.mark.parametrize("format", ["disqus", "wxr", "blogger"])
@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"   \n",
        b"{}",
        b"PK\x03\x04" + b"\0" * 50,
        b"\x89PNG\r\n\x1a\n",
        b"%PDF-1.7",
        b"SQLite format 3\0",
        b"\0\1\2",
    ],
)
def test_a_file_that_lies_about_its_type_is_refused_by_name(format, data, tmp_path):
    with pytest.raises(RefusedArticle, match="XML"):
        read_text(format, data, tmp_path / "export.xml")


def test_a_packed_export_is_read(tmp_path):
    data = gzip.compress(f"{THREAD}{POST.format(2, 'a')}</disqus>".encode())
    assert [one.text for one in comments(read_text("disqus", data, tmp_path / "export.xml.gz"))] == ["a"]
