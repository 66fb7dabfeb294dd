"""A short run of what `make fuzz` does at length to pages, feeds and exports of articles."""

from __future__ import annotations

import pytest

from tests.fuzz.articles import fixtures, read_mutated


@pytest.mark.parametrize("name", fixtures())
def test_mutations_are_read_or_refused_without_an_error(name):
    format, data = fixtures()[name]
    came = {read_mutated(format, data, name=name, number=number) for number in range(12)}
    assert came <= {"read", "refused", "empty"}
