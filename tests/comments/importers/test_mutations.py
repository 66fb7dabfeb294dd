"""A short run of what `make fuzz` does at length, and mutated files through the whole way in."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tests.comments.importers.reading import FIXTURES, comments, fixture, read
from tests.comments.importers.test_run import run
from tests.fuzz.mutations import mutated
from tests.fuzz.reading import PLAIN, Wrong, _judge_one, read_mutated
from tests.integrity import assert_whole

EVERY = [(format, name) for format, names in FIXTURES.items() for name in names]
EVERY += [(format, str(path)) for format, paths in PLAIN.items() for path in paths]


@pytest.mark.parametrize(("format", "name"), EVERY)
def test_mutations_are_read_or_refused_without_an_error(format, name, tmp_path):
    data = fixture(name, tmp_path).read_bytes()
    came = [read_mutated(format, data, tmp_path, name=Path(name).name, number=n) for n in range(60)]
    assert len(set(came)) > 1


def test_the_judge_sees_markup(tmp_path):
    one = comments(read("disqus", fixture("disqus.xml", tmp_path)))[0]
    with pytest.raises(Wrong, match="markup"):
        _judge_one(replace(one, text="<img src=x onerror=zzmark>"), b"")


@pytest.mark.django_db
@pytest.mark.parametrize(("format", "name"), EVERY)
def test_mutated_files_come_in_whole_or_not_at_all(format, name, tmp_path, caplog):
    data = fixture(name, tmp_path).read_bytes()
    path = tmp_path / Path(name).name
    for number in range(3):
        path.write_bytes(mutated(data, Random(number)))
        run(path, "--format", format, "--url-map", "/=https://www.lecourrier.example/")
    assert not [record for record in caplog.records if record.levelname == "ERROR"]
    assert_whole()
