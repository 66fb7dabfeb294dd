"""Formats `feed`, `wxr` and `jsonl`, without a database: each field, and what is hostile or broken."""

from __future__ import annotations

import gc
import json
import time
from datetime import UTC, datetime

import pytest

from newsroom.importers import FORMATS, feed, format_of, jsonl, kinds, wxr
from newsroom.importers.imported import ImportedArticle, Unreadable
from newsroom.importers.source import RefusedArticle
from tests.newsroom import saved_page
from tests.newsroom.exports import ATOM, BOMB, LONG, OUTSIDE, item, post, rss
from tests.newsroom.exports import wxr as export
from tests.newsroom.saved_page import source

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)><p onclick=x>Texte <a href='javascript:1'>a</a></p>"


def test_an_entry_of_rss_becomes_an_article():
    (article,) = feed.read(source(rss(item(1)), name="feed.xml"))
    assert article.headline == "Le bac & la rivière"
    assert (article.source_key, article.canonical_url) == ("https://echo.example/a/1",) * 2
    assert article.published_at == datetime(2026, 11, 10, 8, 44, tzinfo=UTC) and article.updated_at is None
    assert (article.author_line, article.section, article.language) == ("Jeanne Aubin", "Ville", "fr")
    assert (article.standfirst, article.body) == ("En bref.", "<p>Premier.</p>\n<p>Second.</p>")


def test_atom_is_read_too_and_an_entry_without_a_date_stops_nothing():
    article, refused = feed.read(source(ATOM, name="feed.atom"))
    assert (article.headline, article.language, article.author_line) == ("A ferry", "en", "Oliver Grange")
    assert article.updated_at == datetime(2026, 10, 2, 11, 5, tzinfo=UTC)
    assert LONG.strip() in article.body
    assert isinstance(refused, Unreadable) and "2" in refused.sentence


def test_a_counter_in_an_entrys_link_is_no_part_of_its_identity():
    items = item(1, link="https://echo.example/a/1?utm_source=rss&amp;xtor=RSS-1&amp;id=4")
    (article,) = feed.read(source(rss(items)))
    assert article.source_key == "https://echo.example/a/1?id=4"
    (alone,) = feed.read(source(rss(item(2, link=""))))
    assert (alone.source_key, alone.canonical_url) == ("g-2", "")


def test_signs_that_old_software_wrote_in_two_halves_are_whole_again():
    body = "<p>&#55357;&#56832; &#xD83D;&#xDE00; &#xD800; &#57344;</p>"
    (article,) = feed.read(source(rss(item(1, title="Fini &#55357;&#56832;", body=body))))
    assert article.headline == "Fini 😀"
    assert article.body == "<p>😀 😀 \ufffd \ue000</p>"


def test_a_feed_that_its_reader_chokes_on_is_refused():
    with pytest.raises(RefusedArticle):
        list(feed.read(source(rss(item(1)).replace(b'encoding="UTF-8"', b'encoding="UTF-\xdf8"'))))


def test_pictures_of_a_feed_on_this_machine_are_not_fetched():
    more = '<media:content url="https://echo.example/a.jpg" medium="image"/>'
    body = '<figure><img src="https://echo.example/b.jpg"></figure><p>a</p><figure><img src="c.jpg"></figure>'
    (article,) = feed.read(source(rss(item(1, body=body, more=more))))
    assert article.image_address == "" and [one.address for one in article.figures] == [""]


def test_a_post_of_wordpress_becomes_an_article():
    others = post(2, kind="page") + post(3, status="draft") + post(4, kind="attachment", status="inherit")
    (article,) = wxr.read(source(export(post(1) + others), name="export.xml"))
    assert (article.headline, article.slug) == ("Le bac repart", "bac-1")
    assert article.source_key == article.canonical_url == "https://blog.example/2026/11/le-bac-1/"
    assert article.published_at == datetime(2026, 11, 10, 8, 44, tzinfo=UTC)
    assert article.updated_at == datetime(2026, 11, 10, 14, 41, tzinfo=UTC)
    assert (article.author_line, article.section, article.standfirst) == ("Jeanne Aubin", "Ville", "En bref.")
    assert article.old_slugs == ("ancien-bac-1", "le-bac-1")
    assert "Premier." in article.body and "caption" not in article.body and "wp:" not in article.body
    assert "Un avis" not in article.body


def test_a_post_that_is_read_by_a_password_alone_stays_out():
    """WordPress calls it published all the same."""
    told = list(wxr.read(source(export(post(1, password="sésame", title="Entre nous") + post(2)), name="export.xml")))
    assert [one.slug for one in told] == ["bac-2"]
    assert "Entre nous" not in repr(told)


def test_names_and_titles_of_wordpress_are_html():
    data = export(post(1, title="<![CDATA[Arts &amp; <em>lettres</em> &#8217;]]>"))
    data = data.replace(b'nicename="ville">Ville', b'nicename="arts"><![CDATA[Arts &amp; lettres]]>')
    data = data.replace(b"Jeanne Aubin", b"Aubin &amp; fils").replace(b"En <b>bref</b>.", b"Q&amp;A, 3 &lt; 4")
    (article,) = wxr.read(source(data, name="export.xml"))
    assert (article.headline, article.section) == ("Arts & lettres \u2019", "Arts & lettres")
    assert (article.author_line, article.standfirst) == ("Aubin & fils", "Q&A, 3 < 4")


def test_a_post_with_an_address_that_is_none_is_read_all_the_same():
    data = export(post(1)).replace(b"https://blog.example/2026/11/le-bac-1/", b"https://[le-bac/")
    (article,) = wxr.read(source(data))
    assert (article.canonical_url, article.old_slugs) == ("", ("ancien-bac-1",))


def test_text_without_paragraphs_is_parted_by_its_blank_lines():
    (article,) = wxr.read(source(export(post(1, body="Un début.\n\nUne fin."))))
    assert article.body.replace("\n", "") == "<p>Un début.</p><p>Une fin.</p>"


def test_an_export_larger_than_memory_is_read_piece_by_piece(tmp_path):
    import tracemalloc

    path = tmp_path / "export.xml"
    path.write_bytes(export("".join(post(n, body="<p>" + "mot " * 4000 + "</p>") for n in range(240))))
    large = source(b"", name=str(path))
    object.__setattr__(large, "path", path)
    next(iter(wxr.read(large)))
    tracemalloc.start()
    assert sum(isinstance(one, ImportedArticle) for one in wxr.read(large)) == 240
    assert tracemalloc.get_traced_memory()[1] < path.stat().st_size / 2
    tracemalloc.stop()


FULL = {
    "headline": "Le bac repart", "published_at": "2026-11-10T09:44:00", "updated_at": "2026-11-10T15:41:00+01:00",
    "url": "https://echo.example/a", "id": "7", "slug": "le-bac", "old_slugs": ["bac", "Le Bac 2"],
    "body": "<p>Un.</p>" + EVIL, "authors": ["Jeanne Aubin", "Marc Tellier"], "section": "Ville", "language": "fr",
    "related": [{"title": "Autre", "url": "https://echo.example/b"}, {"title": "Sans", "url": "javascript:1"}],
    "paywalled": True, "standfirst": "Bref.", "image_caption": "Un bac.",
}  # fmt: skip


def test_a_line_of_our_own_form_holds_everything():
    lines = json.dumps(FULL) + "\n\n" + json.dumps({**FULL, "url": None, "body": None, "text": "Un.\nDeux < trois."})
    first, second = jsonl.read(source("\ufeff" + lines, name="a.jsonl"))
    assert (first.source_key, second.source_key) == ("https://echo.example/a", "7")
    assert first.published_at == datetime(2026, 11, 10, 8, 44, tzinfo=UTC)
    assert (first.author_line, first.old_slugs) == ("Jeanne Aubin, Marc Tellier", ("bac", "le-bac-2"))
    assert [link["url"] for link in first.related] == ["https://echo.example/b", ""]
    assert first.is_paywalled and "script" not in first.body and "onclick" not in first.body
    assert second.body == "<p>Un.</p>\n<p>Deux &lt; trois.</p>"


@pytest.mark.parametrize(
    "line",
    [b"not json", b"[1]", b"{}", b'{"headline": 1}', b'{"headline": "a", "published_at": "hier"}', b"\xff\xfe",
     b'{"headline": "a", "published_at": "2026-01-01T00:00", "foo": 1}', b"[" * 100_000, b'{"headline": "a"}',
     b'{"headline": "a", "published_at": "2026-01-01T00:00", "authors": "x"}',
     b'{"headline": "a", "published_at": "2026-01-01T00:00", "related": [1]}',
     b'{"headline": "a", "published_at": "2026-99-01T00:00"}'],
    ids=lambda line: line[:40],
)  # fmt: skip
def test_a_bad_line_is_told_by_its_number_and_the_next_is_read(line):
    refused, article = jsonl.read(source(line + b"\n" + json.dumps(FULL).encode()))
    assert isinstance(refused, Unreadable) and refused.line == 1 and refused.sentence.endswith(".")
    assert article.headline == "Le bac repart"


DEEP = "<a>" * 5000
LATE_BOMB = BOMB.replace("?>", f"?><!--{70_000 * 'x'}-->", 1)
HOSTILE = {
    "bomb in a feed": ("feed", rss(item(1, title="&j;"), prolog=BOMB)),
    "bomb in an export": ("wxr", export(post(1, title="&j;"), prolog=BOMB)),
    "outside file in a feed": ("feed", rss(item(1, title="&x;"), prolog=OUTSIDE)),
    "outside file in an export": ("wxr", export(post(1, title="&x;"), prolog=OUTSIDE)),
    "bomb in UTF-16": ("wxr", export(post(1), prolog=BOMB).decode().encode("utf-16")),
    "bomb in a page": ("html", b"<?xml version='1.0'?>" + BOMB[21:].encode() + b"<html><h1>&j;</h1></html>"),
    "bomb in a feed behind a long remark": ("feed", rss(item(1, title="&j;"), prolog=LATE_BOMB)),
    "bomb in an export behind a long remark": ("wxr", export(post(1, title="&j;"), prolog=LATE_BOMB)),
    "XML of another kind as a page": ("html", b"<?xml version='1.0'?><disqus xmlns='http://disqus.com'/>"),
    "nothing but line ends": ("jsonl", b"\n" * 8_000_000),
    "deep feed": ("feed", rss(f"<item>{DEEP}")),
    "deep export": ("wxr", export(f"<item>{DEEP}")),
    "export that is a page": ("wxr", b"<html><body>x</body></html>"),
    "feed that is a page": ("feed", b"<html><body>x</body></html>"),
    "export cut off": ("wxr", export(post(1))[:-300]),
    "export that begins with a name of no space": ("wxr", b"<wp:author_login>x</wp:author_login>"),
    "page with a heading of nothing but spaces": (
        "page",
        saved_page.page()
        .replace("Commentaires 2", f"Commentaires{' ' * 70_000}x")
        .replace(saved_page.DATE, "")
        .encode(),
    ),
    "nothing": ("wxr", b""),
    "empty feed": ("feed", b""),
    "page with a deep body": ("html", b"<html><body>" + b"<div>" * 20_000),
    "page of nothing but signs": ("html", b"<b>" * 200_000),
}


def test_half_a_character_is_no_text():
    line = {
        "headline": "Un \ud800 titre",
        "body": "<p>\ud83d</p>",
        "authors": ["\udfff"],
        "related": [{"title": "\ud800"}],
    }
    data = json.dumps(line | {"published_at": "2026-11-10T09:00:00+01:00", "standfirst": "😀 \ud800"}).encode()
    (article,) = jsonl.read(source(data, name="a.jsonl"))
    assert (article.headline, article.standfirst, article.body) == ("Un ? titre", "😀 ?", "<p>?</p>")
    assert str(article).encode()


@pytest.mark.parametrize("case", HOSTILE)
def test_hostile_files_are_refused_by_name_within_a_second(case):
    name, data = HOSTILE[case]
    list(FORMATS["feed"](source(rss(""))))
    # The process that reads is small: what the tests hold is no part of what its collector goes through.
    gc.collect()
    gc.freeze()
    started = time.thread_time()
    with pytest.raises(RefusedArticle) as refusal:
        list(FORMATS[name](source(data, name="a.xml")))
    took = time.thread_time() - started
    gc.unfreeze()
    assert took < 1
    assert refusal.value.reason.endswith(".") and "root:" not in refusal.value.reason


@pytest.mark.parametrize(
    ("format", "data", "told"),
    [
        ("html", b"<?xml version='1.0'?>" + BOMB[21:].encode() + b"<html><h1>&j;</h1></html>", "ENTITY"),
        ("html", OUTSIDE.encode() + b"<html><h1>&x;</h1></html>", "ENTITY"),
        ("html", b"<?xml version='1.0'?><disqus xmlns='http://disqus.com'/>", "<disqus>"),
        ("html", b"\xef\xbb\xbf<?xml version='1.0'?><!-- <html> --><a:disqus xmlns:a='x'/>", "<disqus>"),
        ("feed", rss(item(1), prolog=LATE_BOMB), "ENTITY"),
        ("feed", rss(item(1), prolog=LATE_BOMB).decode().encode("utf-16"), "ENTITY"),
        ("wxr", export(post(1), prolog=BOMB), "ENTITY"),
    ],
)
def test_what_is_hostile_about_a_file_is_named(format, data, told):
    with pytest.raises(RefusedArticle, match=told):
        list(FORMATS[format](source(data, name="a.xml")))


def test_a_page_that_is_xml_is_a_page_all_the_same():
    head = """<?xml version="1.0" encoding="utf-8"?><!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN"
        "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">"""
    body = "<h1>Le bac</h1><p>Publié le 13 septembre 2026</p><p>Il repart.</p>"
    page = f'<html xmlns="http://www.w3.org/1999/xhtml">{body}</html>'
    (article,) = FORMATS["html"](source(f"{head}{page}".encode(), name="a.xhtml"))
    assert article.headline == "Le bac"


@pytest.mark.parametrize("name", ["feed", "wxr"])
def test_no_markup_comes_through(name):
    data = rss(item(1, body=EVIL, title="&lt;script&gt;")) if name == "feed" else export(post(1, body=EVIL))
    (article,) = FORMATS[name](source(data))
    assert not any(word in article.body for word in ("script", "onerror", "onclick", "<img", "javascript"))
    assert "Texte" in article.body


@pytest.mark.parametrize(
    ("data", "kind"),
    [(rss(""), "feed"), (ATOM, "feed"), (export(""), "wxr"), (b' {"a": 1}', "jsonl"), (b"<!DOCTYPE html><p>", "html"),
     (b"Un titre", "page"), (rss("").decode().encode("utf-16"), "feed"), (b"", "page")],
)  # fmt: skip
def test_a_file_without_a_known_ending_is_known_by_its_beginning(data, kind):
    assert kinds.kind_of(data[:4096]) == kind
    assert format_of(source(data, name="export.xml")) == kind


@pytest.mark.parametrize("start", kinds._FOREIGN)
def test_what_is_no_text_is_named(start):
    with pytest.raises(RefusedArticle, match=kinds._FOREIGN[start]):
        kinds.refuse_foreign(start + b"\0" * 20)
