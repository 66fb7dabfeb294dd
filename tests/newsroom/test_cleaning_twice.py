"""A cleaned text, cleaned once more (an archive, a preview), is the same."""

from __future__ import annotations

import pytest

from newsroom.importers.cleaning import clean_body


@pytest.mark.parametrize(
    "html",
    [
        "<h2>Deux degrés<section><h2>Planter plus haut</h2></section></h2>",
        "<h2>Trois jours<div><p>Il a fallu des bras.</p><h2>Planter</h2><div><h3>Plus haut</h3></div></div>",
        "<p>Un<div><p>Deux</p></div></p>",
        "<a href='https://a.example/'>Un<div><a href='https://b.example/'>Deux</a></div></a>",
    ],
)
def test_what_is_clean_stays_as_it_is(html):
    clean = clean_body(html)
    assert clean_body(clean) == clean
    assert "<h2>" not in clean.partition("<h2>")[2].partition("</h2>")[0]
