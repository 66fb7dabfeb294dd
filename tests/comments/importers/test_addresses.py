"""Where articles were and where they are: maps said in the command and in a table."""

from __future__ import annotations

import pytest

from comments.importers.saving.addresses import BadMap, address_map, is_address, spellings

OLD, NEW = "http://vieux.example/", "https://www.neuf.example/"


def test_the_longest_beginning_wins():
    addresses = address_map([f"{OLD}={NEW}", f"{OLD}blog/={NEW}articles/", f"/={NEW}"], table=None)
    assert addresses.now(f"{OLD}blog/pont") == f"{NEW}articles/pont"
    assert addresses.now(f"{OLD}pont") == f"{NEW}pont"
    assert addresses.now("/2026/pont/") == f"{NEW}2026/pont/"
    assert addresses.now("https://autre.example/") == "https://autre.example/"


@pytest.mark.parametrize(
    ("words", "pair"),
    [
        ("a=b", ("a", "b")),
        (f"{OLD}?p=4={NEW}pont", (f"{OLD}?p=4", f"{NEW}pont")),
        (f"{OLD}={NEW}?a=b", (OLD, f"{NEW}?a=b")),
        ("/t/=/topics/", ("/t/", "/topics/")),
    ],
)
def test_an_address_may_hold_an_equals_sign(words, pair):
    assert address_map([words], table=None).beginnings == (pair,)


@pytest.mark.parametrize("words", ["", "=", "x", "x=", "=https://a.example/"])
def test_words_that_map_nothing_are_refused(words):
    with pytest.raises(BadMap):
        address_map([words], table=None)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_a_table_maps_whole_addresses_and_comes_first(delimiter, tmp_path):
    path = tmp_path / "map.csv"
    rows = [("old", "new"), (f"{OLD}?p=4", f"{NEW}pont"), ("/budget/", "budget-de-la-ville")]
    path.write_text("\ufeff" + "\n\n".join(delimiter.join(row) for row in rows))
    addresses = address_map([f"{OLD}={NEW}"], table=str(path))
    assert addresses.now(f"{OLD}?p=4") == f"{NEW}pont"
    assert addresses.now("/budget/") == "budget-de-la-ville"
    assert addresses.now(f"{OLD}?p=44") == f"{NEW}?p=44"


@pytest.mark.parametrize("text", ["a,b,c\n", "a,\n", "a\nb,c\n", "", "\0\0"])
def test_a_table_of_another_shape_is_refused_with_its_line(text, tmp_path):
    path = tmp_path / "map.csv"
    path.write_text(text)
    with pytest.raises(BadMap, match=str(path)):
        address_map([], table=str(path))
    with pytest.raises(BadMap):
        address_map([], table=str(tmp_path / "nowhere.csv"))


def test_one_page_is_spelt_in_several_ways():
    ways = spellings("http://www.neuf.example/pont?a=b#c")
    assert ways[0] == "http://www.neuf.example/pont?a=b#c"
    assert {
        "https://neuf.example/pont?a=b",
        "https://www.neuf.example/pont/?a=b",
        "http://neuf.example/pont?a=b",
    } <= set(ways)
    assert spellings("/pont/") == ["/pont/"]


@pytest.mark.parametrize(
    "words", ["/pont/", "javascript:alert(1)", "http://", "http://a b/", "ftp://a.example/", "url"]
)
def test_what_is_no_address(words):
    assert not is_address(words)
