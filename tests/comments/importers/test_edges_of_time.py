"""Comments of the first and last days of all: in some zone they are no day, and a thread that shows one fails."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from comments.archive.lines import Unreadable, moment_of
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.values import moment, moment_in_utc, moment_of_seconds
from comments.models import Comment
from comments.taking_over import Arrival, Refused, discussion_of, take_over_many
from comments.taking_over.arrival import readied
from tests.comments.importers.reading import comments, read_text, unreadable
from tests.newsroom.saved_page import page
from tests.newsroom.test_edges_of_time import EDGES

DAY = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("edge", EDGES)
def test_no_export_tells_a_comment_of_the_edge_of_time(edge, tmp_path):
    with pytest.raises(BadRow):
        moment(edge)
    with pytest.raises(BadRow):
        moment_in_utc(edge.replace("T", " ")[:19])
    line = {"article": "un", "id": "1", "text": "mot", "submitted_at": "2026-03-02T09:15:00Z"}
    text = "\n".join(json.dumps(line | {"submitted_at": at}) for at in (edge, line["submitted_at"]))
    told = read_text("jsonl", text, tmp_path / "comments.jsonl")
    assert unreadable(told) == [1] and [one.submitted_at for one in comments(told)] == [DAY]


@pytest.mark.parametrize("edge", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)])
def test_no_seconds_count_to_the_edge_of_time(edge):
    with pytest.raises(BadRow):
        moment_of_seconds((edge - EPOCH) / timedelta(seconds=1))


@pytest.mark.parametrize("day", ["31/12/9999", "01/01/0001"])
def test_below_a_page_it_is_no_such_day(day, tmp_path):
    text = page(comments=[("Jean", f"{day} à 23:59", "Un."), ("Léa", "10/11/2026 à 13:35", "Deux.")])
    told = read_text("page", text, tmp_path / "page.txt")
    assert [one.author_name for one in comments(told)] == ["Léa"] and len(unreadable(told)) == 1


@pytest.mark.django_db
@pytest.mark.parametrize("edge", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_no_door_lets_it_in(edge, article, at):
    discussion = discussion_of(article).pk
    with pytest.raises(Refused):
        readied(Arrival(discussion, "a|1", "Jean", "Un.", edge))
    came = take_over_many(
        [Arrival(discussion, f"a|{n}", "Jean", "Un.", day) for n, day in enumerate((edge, DAY))], at=at
    )
    assert [bool(one.refusal) for one in came] == [True, False]
    assert [one.submitted_at for one in Comment.objects.all()] == [DAY]


@pytest.mark.parametrize("edge", EDGES)
def test_no_archive_tells_it(edge):
    with pytest.raises(Unreadable):
        moment_of({"at": edge}, "at")
    assert moment_of({"at": "2026-03-02T09:15:00Z"}, "at") == DAY
