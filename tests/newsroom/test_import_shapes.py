"""Extraction from pages in the shapes of real life: each fact right or said to be missing, never invented."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.utils.html import strip_tags

from newsroom.importers import html
from newsroom.importers.decoding import one_line
from newsroom.importers.source import RefusedArticle, open_source
from tests.newsroom.saved_page import READ_AT
from tests.newsroom.shapes import FOREIGN, SHAPES, Shape, table

PAGES = Path(__file__).parent / "fixtures" / "pages"
FORMATS = Path(__file__).resolve().parents[2] / "docs" / "reference" / "formats.md"


def read(file: str):
    (article,) = html.read(open_source(str(PAGES / file), at=READ_AT))
    return article


def utc(moment: datetime | None) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M}" if moment else ""


@pytest.mark.parametrize("shape", [one for one in SHAPES if not one.refused], ids=lambda shape: shape.file)
def test_every_fact_is_right_or_missing(shape: Shape):
    article = read(shape.file)
    assert article.headline == shape.headline
    assert (utc(article.published_at), utc(article.updated_at)) == (shape.published, shape.updated)
    assert article.author_line == shape.authors
    assert (article.language, article.is_paywalled) == (shape.language, shape.paywalled)
    text = one_line(strip_tags(article.body.replace("<", " <")))
    assert text.startswith(shape.begins) and text.endswith(shape.ends)
    assert len(re.findall(r"<p>(?!\s*</p>)|<li>", article.body)) == shape.paragraphs
    assert [words for words in FOREIGN if words in text] == []


@pytest.mark.parametrize("shape", [one for one in SHAPES if one.refused], ids=lambda shape: shape.file)
def test_a_page_without_a_date_is_refused_and_never_given_one(shape: Shape):
    with pytest.raises(RefusedArticle, match=r"publi"):
        read(shape.file)


def test_every_page_of_the_folder_is_measured_and_the_table_of_the_documents_is_the_measure():
    assert {shape.file for shape in SHAPES} == {path.name for path in PAGES.glob("*.html")}
    assert table() in FORMATS.read_text()


def test_pictures_of_the_text_are_those_saved_beside_the_page(tmp_path):
    from PIL import Image

    (tmp_path / "page.html").write_bytes((PAGES / "reportage-figures.html").read_bytes())
    for name in ("une.png", "deux.png"):
        Image.new("RGB", (4, 3)).save(tmp_path / name)
    (article,) = html.read(open_source(str(tmp_path / "page.html"), at=READ_AT))
    assert article.image_path == tmp_path / "une.png"
    assert (article.image_caption, article.image_credit, article.image_alt) == (
        "L’atelier, minuit.",
        "Lise Roy",
        "Un soudeur",
    )
    assert [figure.path for figure in article.figures] == [tmp_path / "deux.png", None]
    assert '<figure><img alt="Une poutre" src="figure:0"><figcaption>La dernière poutre.' in article.body


def test_the_original_is_kept_line_by_line_for_the_preview():
    original = read("json-ld.html").original.split("\n")
    assert "Publicité : des bottes à moitié prix jusqu’à dimanche." in original
    assert "La passerelle du moulin rouvre samedi" in original
