"""What an archive brings into a live thread is seen at once: no kept page outlives a batch, and no run has to end."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from comments.archive import reading
from comments.archive.reading import read
from comments.decisions import undo
from comments.models import Comment, Discussion
from newsroom import roles
from newsroom.importers.showing import Tally
from newsroom.models import Article
from tests.comments.archive.emptying import empty_database
from tests.comments.archive.test_round_trip import archive, bring_in
from tests.conftest import NOON, person
from tests.integrity import assert_whole

pytestmark = pytest.mark.django_db
TEXTS = ("Vu d’ailleurs, un.", "Vu d’ailleurs, deux.", "Vu d’ailleurs, trois.")


class Killed(BaseException):
    """Nothing of the run comes after it."""


def until(archived: list[str], text: str) -> Iterator[str]:
    """The lines up to the comment of that text, that one too; then the process is gone."""
    for line in archived:
        yield line
        if text in line:
            raise Killed
    raise AssertionError("no such line")


@pytest.fixture
def archived(publish, monkeypatch) -> list[str]:
    """Three visible comments of an article, as another newsroom told them; each is a batch of its own."""
    monkeypatch.setattr(reading, "BATCH", 1)
    top = publish(TEXTS[0])
    for text in TEXTS[1:]:
        publish(text, parent=top)
    return archive()


@pytest.fixture
def live(archived, write, take, at) -> str:
    """The same article here, without those comments: its discussion has gone through more versions than theirs."""
    empty_database()
    bring_in([line for line in archived if not line.startswith(('{"kind":"comment"', '{"kind":"discussion"'))])
    here, nadia = Article.objects.get(), person("nadia", roles.MODERATORS)
    comment = write("Écrit ici.", under=here)
    for _time in range(5):
        take(comment, "APPROVE", by=nadia)
        undo(comment, version=comment.version, by=nadia, at=at)
    take(comment, "APPROVE", by=nadia)
    assert Discussion.objects.get().version == 11
    return here.get_absolute_url()


def page(url: str, tag: str = "") -> tuple[int, str, str]:
    answer = Client().get(url, headers={"If-None-Match": tag} if tag else {})
    return answer.status_code, answer["ETag"], answer.content.decode()


def brought_in(lines: Iterator[str] | list[str]) -> None:
    read(lines, place="a", tally=Tally(("NEW", "UNCHANGED")), at=NOON)


def test_a_batch_moves_the_page_though_its_run_is_killed(live, archived):
    _status, tag, _before = page(live)
    with pytest.raises(Killed):
        brought_in(until(archived, TEXTS[1]))
    assert not Comment.objects.filter(text=TEXTS[1]).exists(), "the second waits for its batch"
    status, tag, shown = page(live, tag)
    assert (status, TEXTS[0] in shown) == (200, True)
    brought_in(archived)
    status, tag, shown = page(live, tag)
    assert status == 200
    assert all(text in shown for text in TEXTS)
    brought_in(archived)
    assert page(live, tag)[0] == 304, "a run that brings nothing moves nothing"
    assert_whole()


def test_what_a_page_shows_between_two_batches_has_a_tag_of_its_own(live, archived):
    seen = [page(live)]

    def watched() -> Iterator[str]:
        for line in archived:
            yield line
            seen.append(page(live))

    brought_in(watched())
    seen.append(page(live))
    assert len({shown for _status, _tag, shown in seen}) > len(TEXTS)
    assert len({tag for _status, tag, _shown in seen}) == len({shown for _status, _tag, shown in seen})


def test_a_first_import_that_is_killed_leaves_no_thread_at_version_nought(archived):
    told = Discussion.objects.get().version
    empty_database()
    with pytest.raises(Killed):
        brought_in(until(archived, TEXTS[2]))
    assert Discussion.objects.get().version == 2
    brought_in(archived)
    assert Discussion.objects.get().version == told
    assert archive() == archived
