"""Refusals and warnings of an import in any number: all told, few of them in memory."""

from __future__ import annotations

import tracemalloc
from io import StringIO

from django.core.management.base import OutputWrapper

from newsroom.importers import remarks, showing
from newsroom.importers.reach import Reach
from newsroom.importers.remarks import Remark, Remarks
from newsroom.importers.showing import Tally, show
from newsroom.importers.source import MEBIBYTE


def test_all_remarks_are_told_in_their_order_however_many(monkeypatch):
    monkeypatch.setattr(remarks, "IN_MEMORY", 3)
    told = [Remark("a.xml", f"Phrase {number}\n\ud800\0é", number or None) for number in range(10)]
    kept = Remarks(told[:5])
    assert list(kept) == told[:5]
    kept.extend(told[5:])
    assert (list(kept), list(kept), len(kept), bool(Remarks())) == (told, told, 10, False)


def test_a_million_refusals_do_not_fill_the_memory():
    tally = Tally(("NEW",))
    tracemalloc.start()
    for number in range(30_000):
        tally.refuse("export.xml", f"Ceci n’est pas un commentaire : {number}", number)
    _now, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert len(tally.refused) == 30_000 and peak < MEBIBYTE


def test_plain_lines_tell_every_remark_and_a_persons_table_the_first_and_how_many_more(monkeypatch):
    tally = Tally(("NEW",))
    for number in range(1, 251):
        tally.refuse("export.xml", f"Refus {number}.", number)
    plain = OutputWrapper(StringIO())
    show(tally, stdout=plain)
    assert sum("Refus" in line for line in plain.getvalue().splitlines()) == 250
    shown = StringIO()
    monkeypatch.setattr(showing, "is_watched", lambda stdout: True)
    show(tally, stdout=shown)
    assert shown.getvalue().count("Refus ") == showing.SHOWN and "50" in shown.getvalue().splitlines()[-1]


def test_a_person_sees_the_articles_of_a_large_file_counted(monkeypatch):
    shown = showing.bars(StringIO())
    monkeypatch.setattr(showing, "is_watched", lambda stdout: True)
    monkeypatch.setattr(showing, "bars", lambda stdout: shown)
    for place, watch in showing.with_progress(["export.xml"], stdout=StringIO()):
        for number in range(123):
            watch(Reach(read=number * 10, size=4_000))
        task = shown.tasks[-1]
        assert (place, task.description, task.fields["count"]) == ("export.xml", "export.xml", 123)
        assert (task.completed, task.total) == (1_220, 4_000)
