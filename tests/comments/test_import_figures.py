"""manage.py import_comments says how fast it was, shows how long it will take, and screens where it is asked to."""

from __future__ import annotations

import io
import json
import re

import pytest
from django.core.management import call_command
from django.utils import translation

from comments.importers.saving import progress as saving
from comments.management.commands import import_comments as command
from comments.models import Comment, Finding
from newsroom import progress

pytestmark = pytest.mark.django_db
SHOUTED = "MAIS ENFIN C’EST UNE HONTE, QUE FAIT DONC LA MAIRIE DE CETTE VILLE ?"
COMMENTS = 60


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def export(article, tmp_path):
    """One of them shouts."""
    path = tmp_path / "export.jsonl"
    told = (
        {
            "article": article.slug,
            "id": str(number),
            "text": SHOUTED if number == 7 else f"Le pont ferme, avis {number}.",
            "submitted_at": f"2026-11-10T10:{number:02}:00+01:00",
        }
        for number in range(COMMENTS)
    )
    path.write_text("\n".join(map(json.dumps, told)))
    return path


def imported(path, *words: str) -> str:
    out = io.StringIO()
    call_command("import_comments", str(path), *words, stdout=out)
    assert Comment.objects.count() == COMMENTS
    return out.getvalue()


def test_findings_are_noted_where_screening_is_asked_for(export):
    imported(export, "--screen")
    found = Finding.objects.filter(rule="shouting").select_related("comment")
    assert {one.comment.text for one in found} == {SHOUTED} and all(one.comment.is_visible for one in found)


def test_without_screening_nothing_is_noted(export):
    imported(export)
    assert not Finding.objects.exists()


def test_both_rates_are_told_of_an_import_that_took_its_time(export, monkeypatch):
    monkeypatch.setattr(command, "WORTH_A_RATE", 0)
    told = re.search(r"(\d+) comments a second in \d+ s; (\d+) without the search rows\.", imported(export))
    assert told, "no rates"
    assert 0 < int(told[1]) < int(told[2])


def test_of_a_short_import_no_rate_is_told(export, monkeypatch):
    monkeypatch.setattr(command, "WORTH_A_RATE", 3600)
    assert "a second" not in imported(export)


def test_the_bar_of_saving_shows_how_many_how_fast_and_how_long_it_will_take(export, monkeypatch):
    shown = io.StringIO()
    screen = progress.Console(file=shown, force_terminal=True, width=200)
    monkeypatch.setattr(saving, "is_watched", lambda stream: True)
    monkeypatch.setattr(progress, "console_of", lambda stream: screen)
    seen = []

    class Painted(progress.Progress):
        """Painted at each step: by the clock, so short an import would be over before."""

        def update(self, task_id, **how):
            super().update(task_id, **how)
            with screen.capture() as painted:
                screen.print(self.get_renderable())
            seen.append(painted.get())

    monkeypatch.setattr(progress, "Progress", Painted)
    imported(export, "--batch", "20")
    plain = [re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", one) for one in seen]
    lines = [line for one in plain for line in one.splitlines() if line.startswith("saving")]
    halfway = [line for line in lines if f"40/{COMMENTS}" in line]
    assert halfway, lines
    assert re.search(r"[1-9][\d,]*/s", halfway[-1]) and re.search(r"\d:\d\d:\d\d", halfway[-1])
