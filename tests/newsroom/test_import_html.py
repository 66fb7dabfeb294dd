"""Format `html`: saved web pages."""

import json
from datetime import UTC, datetime

import pytest
from PIL import Image

from newsroom.importers.html import page as reader
from newsroom.importers.picture import beside
from newsroom.importers.source import RefusedArticle
from tests.newsroom.saved_page import source

TOLD = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Le lavoir rouvre, l&#39;eau est froide",
    "description": "Six ans de travaux pour douze bassins.",
    "datePublished": "2026-11-10T09:44:00+01:00",
    "dateModified": "2026-11-10T15:41:00+01:00",
    "author": [{"@type": "Person", "name": "Maëlle Vaugrenard"}, {"@type": "Person", "name": "Idris Kaplan"}],
    "articleSection": "Ville",
    "mainEntityOfPage": {"@type": "WebPage", "@id": "https://courrier.example/ville/lavoir#haut"},
    "inLanguage": "fr-FR",
}
BODY = """
<p>Le <strong>lavoir</strong> rouvre ; <a href="https://example.org/plan" onclick="x()">le plan</a>.</p>
<h2>Douze bassins</h2>
<script>document.write("piège")</script>
<div class="ad"><p>Achetez des bottes</p></div>
<p style="color:red">L’eau est <em>froide</em>.</p>
<h4>Et l’hiver ?</h4>
<ul><li>Un</li><li>Deux</li></ul>
<blockquote><p>On y viendra.</p></blockquote>
<p>Lire aussi : <a href="/ville/source">La source se cache</a></p>
<p><a href="javascript:alert(1)">Un lien</a> qui ne mène <a href="sms:1">nulle</a> part.</p>
<p>(Avec agences)</p>
"""


def saved(*, told=TOLD, head="", body=BODY, before="", after="", charset='<meta charset="utf-8">'):
    script = f'<script type="application/ld+json">{json.dumps(told)}</script>' if told else ""
    return f"""<!doctype html><html lang="fr"><head>{charset}<title>Le Courrier</title>{head}{script}</head><body>
    <nav><p>Menu du site, à ne pas lire.</p></nav>{before}
    <main><article><header><h1>Le lavoir rouvre</h1></header>
    <figure><img src="lavoir.png" alt="Un lavoir"><figcaption>Le lavoir, lundi. (Crédits : DR)</figcaption></figure>
    <div class="article-body">{body}</div></article></main>
    <section id="comments"><article><p>Un commentaire de lecteur.</p></article></section>{after}
    <footer><p>Mentions légales</p></footer></body></html>"""


def read(text, **more):
    (article,) = reader.read(source(text, name="page.html", **more))
    return article


def test_json_ld_tells_what_stands_around_the_body():
    article = read(saved())
    assert article.headline == "Le lavoir rouvre, l'eau est froide"
    assert article.standfirst == "Six ans de travaux pour douze bassins."
    assert article.published_at == datetime(2026, 11, 10, 8, 44, tzinfo=UTC)
    assert article.updated_at == datetime(2026, 11, 10, 14, 41, tzinfo=UTC)
    assert article.author_line == "Maëlle Vaugrenard, Idris Kaplan"
    assert (article.section, article.language) == ("Ville", "fr")
    assert article.canonical_url == article.source_key == "https://courrier.example/ville/lavoir"


@pytest.mark.parametrize(
    "wrapped",
    [
        [{"@type": "WebSite", "name": "Le Courrier"}, TOLD],
        {"@graph": [{"@type": "Person"}, TOLD]},
        TOLD | {"@type": ["Article", "NewsArticle"]},
        {"@type": "WebPage", "mainEntity": TOLD},
    ],
    ids=["list", "graph", "two types", "main entity"],
)
def test_json_ld_is_found_inside_lists_and_graphs(wrapped):
    assert read(saved(told=wrapped)).headline == "Le lavoir rouvre, l'eau est froide"


def test_the_body_is_clean_and_nothing_around_it_is_in_it():
    article = read(saved())
    assert article.body.count("<h2>") == 1 and "<h3>Et l’hiver ?</h3>" in article.body
    assert "<strong>lavoir</strong>" in article.body and "<em>froide</em>" in article.body
    assert '<a href="https://example.org/plan" rel="noopener noreferrer">le plan</a>' in article.body
    assert "<blockquote><p>On y viendra.</p></blockquote>" in article.body
    for foreign in (
        "script",
        "piège",
        "bottes",
        "onclick",
        "style",
        "javascript",
        "sms:",
        "Menu",
        "commentaire",
        "Mentions",
        "Lire aussi",
        "agences",
        "figure",
        "Crédits",
    ):
        assert foreign not in article.body
    assert article.source_note == "(Avec agences)"
    assert article.related == ({"title": "La source se cache", "url": "https://courrier.example/ville/source"},)
    assert (article.image_alt, article.image_caption, article.image_credit) == ("Un lavoir", "Le lavoir, lundi.", "DR")


def test_a_page_without_json_ld_is_read_from_what_it_shows():
    text = saved(
        told=None,
        head='<meta name="author" content="Idris Kaplan"><meta property="og:description" content="En bref.">',
        body='<p class="chapo">Le chapô.</p><p><time datetime="2026-11-09T07:00">lundi</time></p>' + BODY,
    )
    article = read(text)
    assert article.headline == "Le lavoir rouvre"
    assert article.standfirst == "Le chapô."
    assert article.author_line == "Idris Kaplan"
    assert article.published_at == datetime(2026, 11, 9, 6, 0, tzinfo=UTC)
    assert article.source_key == "le-lavoir-rouvre:2026-11-09"
    assert "chapô" not in article.body and "lundi" not in article.body
    assert article.related == ({"title": "La source se cache", "url": "/ville/source"},)


def test_a_related_box_becomes_the_related_titles():
    titles = '<li><a href="/a">Un titre</a></li><li><a href="javascript:x">Deux</a></li>'
    box = f"<aside><h2>Lire aussi</h2><ul>{titles}</ul></aside>"
    article = read(
        saved(
            told=None, head='<meta property="article:published_time" content="2026-11-09">', body="<p>Corps.</p>" + box
        )
    )
    assert article.related == ({"title": "Un titre", "url": "/a"}, {"title": "Deux", "url": ""})
    assert article.body == "<p>Corps.</p>"


def test_the_text_of_json_ld_stands_in_where_the_page_shows_no_paragraph():
    article = read(saved(told=TOLD | {"articleBody": "Une phrase.\n\nDeux < trois."}, body=""))
    assert article.body == "<p>Une phrase.</p>\n<p>Deux &lt; trois.</p>"


@pytest.mark.parametrize(
    ("charset", "encoding"),
    [
        ('<meta charset="iso-8859-1">', "latin-1"),
        ("", "utf-8-sig"),
        ("", "cp1252"),
        ('<meta charset="utf-8">', "utf-8"),
    ],
)
def test_the_page_says_how_it_is_encoded(charset, encoding):
    text = saved(charset=charset, body="<p>Été : l'eau coûte cher à Noël.</p>")
    data = text.replace("’", "'").encode(encoding, errors="xmlcharrefreplace")
    assert "Été : l'eau coûte cher à Noël." in read(data).body


def test_only_a_picture_saved_beside_the_page_is_taken(tmp_path):
    folder = tmp_path / "pages"
    folder.mkdir()
    Image.new("RGB", (4, 3)).save(folder / "lavoir.png")
    Image.new("RGB", (4, 3)).save(tmp_path / "secret.png")
    assert read(saved(), folder=folder).image_path == folder / "lavoir.png"
    for elsewhere in (
        "https://example.org/lavoir.png",
        "//example.org/l.png",
        "../secret.png",
        f"{tmp_path}/secret.png",
        "file:///etc/passwd",
        "absent.png",
        "data:image/png;base64,AAAA",
    ):
        assert read(saved().replace('"lavoir.png"', f'"{elsewhere}"'), folder=folder).image_path is None


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\x89PNG\r\n\x1a\n\x00\x00",
        "<p>Un paragraphe sans rien.</p>",
        saved(told={**TOLD, "datePublished": "hier"}),
        saved(told={**TOLD, "datePublished": "2026-13-45T99:00"}),
        saved(told=None),
    ],
)
def test_a_page_without_headline_or_date_is_refused(text):
    with pytest.raises(RefusedArticle) as refusal:
        read(text)
    assert refusal.value.reason.endswith(".")


def test_json_ld_that_is_broken_or_hostile_does_not_stop_the_page():
    head = (
        '<meta property="article:published_time" content="2026-11-09">'
        '<script type="application/ld+json">{broken</script><script type="application/ld+json">'
        + "[" * 5000
        + "</script>"
    )
    assert read(saved(told=None, head=head)).headline == "Le lavoir rouvre"
    assert "\ud800" not in read(saved(told=TOLD | {"headline": "Un \ud800 titre\u0000"})).headline


def test_a_page_of_deep_nesting_is_refused_at_once():
    deep = saved(body="<div>" * 20_000 + "<p>Au fond.</p>")
    with pytest.raises(RefusedArticle, match=str(reader.DEEPEST)):
        read(deep)
    assert "Au fond." in read(saved(body="<div>" * 50 + "<p>Au fond.</p>")).body


@pytest.mark.parametrize("src", ["//[a", "//[<a>]/b.png", "a" * 5_000 + ".png", "a%00b.png", "\ud800.png"])
def test_a_picture_whose_address_is_none_is_left_out(src, tmp_path):
    assert beside(tmp_path, src) is None and beside(None, src) is None
    page = saved(told={key: value for key, value in TOLD.items() if key != "image"}).replace("lavoir.png", src)
    assert read(page.encode(errors="replace"), folder=tmp_path).image_path is None
