"""Days without a year: which year, and how often their words are parsed."""

from __future__ import annotations

from datetime import date

import dateparser
import pytest

from newsroom.importers import page as reader
from newsroom.importers.source import RefusedArticle
from tests.newsroom.saved_page import page, source


def read(mention):
    (article,) = reader.read(source(page(date=f"[{mention}]", comments=[])))
    return article


def test_the_words_of_a_date_are_parsed_once(monkeypatch):
    parse, parsed = dateparser.parse, []
    monkeypatch.setattr(dateparser, "parse", lambda words, **how: parsed.append(words) or parse(words, **how))
    article = read("Article publié le jeudi 12 novembre à 18H00 et mis à jour le samedi 14 novembre à 10H15")
    assert (article.published_at.date(), article.updated_at.date()) == (date(2026, 11, 12), date(2026, 11, 14))
    assert len(parsed) == 2


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("29 février", date(2024, 2, 29)),
        ("jeudi 29 février", date(2024, 2, 29)),
        ("lundi 29 février", date(2016, 2, 29)),
        ("20 novembre", date(2026, 11, 20)),
        ("21 novembre", date(2025, 11, 21)),
        ("mardi 21 novembre", date(2023, 11, 21)),
        ("November 21st", date(2025, 11, 21)),
    ],
)
def test_a_day_without_a_year_is_the_latest_that_fits(words, day):
    assert read(f"Article publié le {words} à 9h44").published_at.date() == day


@pytest.mark.parametrize("words", ["30 février", "31 novembre", "mercredi 29 février", "12 brumaire"])
def test_a_day_of_no_year_is_refused(words):
    with pytest.raises(RefusedArticle):
        read(f"Article publié le {words} à 9h44")
