"""Bars that tell how long is left, also of files that do not say how many things they hold."""

from __future__ import annotations

import gzip
import io
import json

import pytest
from django.core.management import call_command
from rich.progress import Task, TimeRemainingColumn

from comments.archive.files import FORMATS, steps
from comments.importers.saving import progress as of_comments
from comments.models import Comment
from newsroom import progress
from newsroom.importers import showing
from newsroom.importers.reach import Reach, opened
from newsroom.models import User

DAY = "2026-11-12T08:33:00+01:00"


@pytest.fixture
def watched(monkeypatch):
    """What a person at a terminal sees of each bar as it moves: what was counted, and how much of the file was read."""
    seen: list[tuple[str, int, float, float | None]] = []

    class Shown(progress.Progress):
        def update(self, task_id, **how):
            super().update(task_id, **how)
            task = self._tasks[task_id]
            seen.append((task.description, task.fields.get("count", -1), task.completed, task.total))

    monkeypatch.setattr(progress, "Progress", Shown)
    for module in (progress, showing, of_comments):
        monkeypatch.setattr(module, "is_watched", lambda stream: True)
    monkeypatch.setattr(progress, "console_of", lambda stream: progress.Console(file=io.StringIO()))
    monkeypatch.setattr(showing, "console_of", progress.console_of)
    return seen


def articles(path, count):
    lines = [
        {"headline": f"Pont {n}", "published_at": DAY, "id": str(n), "text": "Le pont. " * 200} for n in range(count)
    ]
    path.write_text("\n".join(json.dumps(line) for line in lines))


def test_a_file_of_many_articles_tells_how_far_it_is_read(db, tmp_path, watched):
    path = tmp_path / "export.jsonl"
    articles(path, 400)
    call_command("import_articles", str(path), "--dry-run", stdout=io.StringIO())
    steps_of = [step for step in watched if step[0].endswith("export.jsonl")]
    assert [count for _name, count, _read, _size in steps_of] == list(range(1, 401))
    assert {size for *_rest, size in steps_of} == {path.stat().st_size}
    read = [read for _name, _count, read, _size in steps_of]
    assert read == sorted(read) and len(set(read)) > 2 and read[-1] == path.stat().st_size


@pytest.mark.parametrize("packed", [False, True])
def test_reading_comments_tells_how_far_it_is_before_their_number_is_known(db, tmp_path, watched, packed):
    path = tmp_path / ("export.jsonl.gz" if packed else "export.jsonl")
    line = '{"article": "le-pont", "id": "%s", "text": "Le pont %s", "submitted_at": "' + DAY + '"}\n'
    data = "".join(line % (n, "é" * n) for n in range(1500)).encode()
    path.write_bytes(gzip.compress(data) if packed else data)
    with pytest.raises(SystemExit):
        call_command("import_comments", str(path), stdout=io.StringIO())
    reading = [step for step in watched if step[1] > 0]
    assert reading[0][1:] == (1000, reading[0][2], path.stat().st_size)
    assert 0 < reading[0][2] <= path.stat().st_size


def test_an_archive_tells_how_far_it_is_read(publish, tmp_path, watched):
    publish("Le pont ferme.")
    path = tmp_path / "tout.jsonl.gz"
    call_command("export", str(path), stdout=io.StringIO())
    watched.clear()
    call_command("import_archive", str(path), stdout=io.StringIO(), stderr=io.StringIO())
    assert watched and {size for *_rest, size in watched} == {path.stat().st_size}


@pytest.mark.parametrize("format", sorted(FORMATS))
def test_an_export_knows_how_many_steps_it_takes(publish, take, format):
    for number in range(3):
        publish(f"Le pont {number}.", email=f"lea{number}@example.org")
    expected = steps(format, comments=Comment.objects.count(), with_emails=True)
    members = User.objects.count() if format == "archive" else 0
    assert len(list(FORMATS[format](with_emails=True))) == expected + members


def test_time_left_is_told_of_what_goes_by_bytes():
    clock = iter(range(1000))
    with progress.bars(io.StringIO()) as shown:
        shown.get_time = lambda: next(clock)
        task = shown.add_task("", total=None, count=0)
        for number in range(1, 6):
            progress.advance_to(shown, task, Reach(read=number * 100, size=1_000))
        told: Task = shown.tasks[0]
        assert TimeRemainingColumn().render(told).plain != "-:--:--"
        assert [column.render(told).plain for column in shown.columns if type(column).__name__ == "_Count"] == ["5"]


def test_how_far_a_reader_is_never_leaves_the_file(tmp_path):
    path, reach = tmp_path / "fichier", Reach()
    path.write_bytes(b"a" * 1_000_000)
    with opened(path, reach) as file:
        assert (reach.read, reach.size) == (0, 1_000_000)
        file.readline(10)
        assert 10 <= reach.read < 1_000_000
        assert sum(map(len, iter(lambda: file.read(4096), b""))) == 999_990
        assert reach.read == 1_000_000
