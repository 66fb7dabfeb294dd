"""JSON-LD of another shape than the vocabulary has: read or refused, never an error."""

from __future__ import annotations

import contextlib
import json

import pytest

from newsroom.importers.cleaning import clean_body
from newsroom.importers.html import page as reader
from newsroom.importers.source import RefusedArticle
from tests.newsroom.saved_page import source
from tests.newsroom.test_import_html import TOLD, saved


def read(told):
    return list(reader.read(source(saved(told=told), name="page.html")))


@pytest.mark.parametrize(
    ("opens", "closes"), [("[", "]"), ('{"name": ', "}"), ('{"@value": ', "}"), ('{"@graph": ', "}")]
)
@pytest.mark.parametrize("name", [*TOLD, "image", "liveBlogUpdate", "articleBody"])
def test_what_is_nested_deep_is_left_aside(opens, closes, name):
    for depth in (100, 450, 600, 900, 980, 20_000):
        deep = f'{opens * depth}"Maëlle"{closes * depth}'
        page = saved().replace(json.dumps(TOLD), json.dumps(TOLD | {name: "¤"}).replace(json.dumps("¤"), deep))
        assert deep in page
        with contextlib.suppress(RefusedArticle):
            list(reader.read(source(page, name="page.html")))


def test_an_author_in_a_list_of_lists_is_told():
    (article,) = read(TOLD | {"author": [[[["Maëlle"]]]]})
    assert article.author_line == "Maëlle"


def test_an_entry_of_a_live_blog_that_says_nothing_leaves_nothing():
    entries = [
        {"headline": "Le pont haut reste ouvert", "articleBody": body} for body in ("Ouvert. " * 90, "\0", "\u200b")
    ]
    (article,) = read(
        TOLD | {"@type": "LiveBlogPosting", "liveBlogUpdate": [*entries, {"headline": "\0", "articleBody": "a"}]}
    )
    assert article.body == clean_body(article.body)
    assert "\n\n" not in article.body
