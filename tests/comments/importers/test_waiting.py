"""Comments wait in a file of the system's: what comes out is what went in, halves of letters too."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from comments.importers.comment import ImportedComment, SourceStatus
from comments.importers.saving.waiting import WaitingRoom

MOMENT = datetime(2026, 3, 1, 12, 30, 15, 250_001, tzinfo=UTC)
HALF = "\ud83d"


def comment(line: int, **more: object) -> ImportedComment:
    told = {"article": "pont", "author_name": "Zoé", "text": f"Avis {line}", "id": str(line)} | more
    return ImportedComment(submitted_at=MOMENT + timedelta(minutes=line), line=line, **told)


def kept(comments: list[ImportedComment]) -> list[ImportedComment]:
    with WaitingRoom() as room:
        room.add(comments)
        room.settle()
        return [one for batch in room.batches(2) for one in batch]


def test_what_comes_out_is_what_went_in():
    comments = [
        comment(1, email="a@example.org", status=SourceStatus.SPAM),
        comment(2, parent="1", text="NUL\0 et 😀"),
        comment(3, author_name="", status=SourceStatus.DELETED),
    ]
    assert kept(comments) == comments


def test_half_a_letter_costs_none_of_those_beside_it():
    comments = [comment(1), comment(2, text=f"Moitié {HALF}"), comment(3, author_name=HALF, article=f"pont{HALF}")]
    assert kept(comments) == comments


def test_an_answer_is_found_by_an_id_with_half_a_letter():
    answer, top = comment(1, parent=f"a{HALF}"), comment(2, id=f"a{HALF}")
    assert kept([answer, top]) == [top, answer]


def test_one_without_an_id_may_be_named_by_half_a_letter():
    came = kept([comment(1, id="", author_name=HALF), comment(2, id="", author_name=HALF, text="")])
    assert [one.author_name for one in came] == [HALF, HALF] and all(one.id for one in came)


def test_the_articles_are_told_once_each():
    with WaitingRoom() as room:
        room.add([comment(1), comment(2), comment(3, article=f"gare{HALF}")])
        room.settle()
        assert sorted(room.articles()) == sorted(["pont", f"gare{HALF}"])
