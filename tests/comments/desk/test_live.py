"""What a page asks every ten seconds: sizes, the longest wait, how many are new; and nothing where nothing changed."""

from __future__ import annotations

from datetime import timedelta

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.conftest import NOON

LIVE = "/moderation/live?queue=pending"


def test_it_tells_sizes_the_longest_wait_and_what_is_new(desk, write):
    write(ago=timedelta(hours=2))
    write(ago=timedelta(minutes=1))
    since = (NOON - timedelta(minutes=5)).isoformat().replace("+", "%2B")
    facts = desk.get(f"{LIVE}&since={since}").json()
    assert facts["sizes"]["pending"] == facts["left"] == [2, "2"]
    assert facts["oldest"] == (NOON - timedelta(hours=2)).isoformat() and facts["newer"] == 1


def test_where_nothing_changed_it_says_so_for_three_look_ups(desk, pending):
    etag = desk.get(LIVE)["ETag"]
    with CaptureQueriesContext(connection) as asked:
        answer = desk.get(LIVE, headers={"If-None-Match": etag})
    assert (answer.status_code, answer.content) == (304, b"")
    # Beside the person's own row, which brings their desk settings along.
    counted = [query["sql"] for query in asked if "comments_" in query["sql"] and "newsroom_user" not in query["sql"]]
    assert len(counted) == 3 and all("MAX" in query for query in counted)


def test_a_minute_later_it_looks_again_and_still_says_nothing_changed(desk, pending, clock):
    etag = desk.get(LIVE)["ETag"]
    clock.shift(timedelta(minutes=1))
    answer = desk.get(LIVE, headers={"If-None-Match": etag})
    assert answer.status_code == 304 and answer["ETag"] != etag


def test_a_comment_a_decision_and_a_report_each_change_the_answer(desk, write, take, pending):
    from comments.reports import file_report

    def ask(etag: str = "") -> tuple[int, str]:
        answer = desk.get(LIVE, headers={"If-None-Match": etag} if etag else {})
        return answer.status_code, answer["ETag"]

    _status, etag = ask()
    write("Un autre avis.")
    status, etag = ask(etag)
    assert status == 200
    take(pending, "APPROVE")
    status, etag = ask(etag)
    assert status == 200
    file_report(pending, reason="SPAM", detail="", email="", address="192.0.2.9", port=None, at=NOON)
    assert ask(etag)[0] == 200


def test_nonsense_is_answered_and_nobody_else_is(desk, client, editor, signed_in, pending):
    for query in ("?queue=x&since=x", "?since=2026-13-45T00:00:00", "?waiting=x", "?queue=reported&since=2026-01-01"):
        assert desk.get(f"/moderation/live{query}").status_code == 200
    assert desk.get(LIVE, headers={"If-None-Match": "nonsense"}).status_code == 200
    assert Client().get(LIVE).status_code == 302
    assert signed_in(editor).get(LIVE).status_code == 403
    assert "no-store" in desk.get(LIVE)["Cache-Control"]
