"""Numbers, moments and lines of an export that no database can hold: refused, or not there, and never a 500."""

from __future__ import annotations

import json

import pytest
from django.test import Client
from django.urls import reverse

from comments.importers import jsonl
from comments.importers.saving import OUTCOMES, How, save_comments
from comments.models import Comment
from newsroom.importers.showing import Tally
from tests.comments.exports import export
from tests.conftest import NOON

_AT = {"submitted_at": "2026-11-18T10:00:00+01:00"}
FAR = ["0", "-1", str(2**31), str(2**53 + 1), str(2**63), "9" * 30, "9" * 5000, "١٢٣", "1.5", "1e9", "0x1", "NaN"]
MOMENTS = ["0001-01-01T00:00:00+23:59", "9999-12-31T23:59:59-23:59", "2026-11-20T10:00:00", "2026-11-20", "x"]
CURSORS = [
    *(f"{at}~{key}" for at in MOMENTS[:3] for key in FAR[3:7]),
    *(f"1~{moment}~{FAR[5]}" for moment in MOMENTS),
    *(f"{FAR[3]}.{far}.{far}" for far in FAR[:7]),
    *(f"{far}.{far}" for far in FAR[:7]),
]


def test_a_number_out_of_all_bounds_is_just_not_there(article, approved, signed_in, chief):
    staff, url = signed_in(chief), article.get_absolute_url()
    for far in FAR:
        for name in ("at", "reply", "after", "sort"):
            assert Client().get(url, {name: far}).status_code == 200
        if far.isascii() and far.isdigit() and len(far) < 100:
            for path in (f"/comments/{far}/", f"/comments/{far}/report/", f"/comments/{far}/following/"):
                assert Client().get(path).status_code == 404
            decided = staff.post(f"/moderation/comments/{far}/decide/", {"action": "APPROVE", "version": 1})
            assert decided.status_code == 404
        sent = {"author_name": "Zoé", "email": "z@example.org", "text": "Bonjour.", "parent": far}
        assert Client().post(reverse("submit_comment", args=[article.slug]), sent).status_code == 422
        assert staff.get(reverse("desk"), {"comment": far}).status_code == 404
        assert staff.get(reverse("editor_thread", args=[article.slug]), {"branch": far}).status_code in (200, 404)
        version = {"action": "REJECT", "ground": "SPAM", "version": far}
        assert staff.post(reverse("decide", args=[approved.public_id]), version).status_code in (400, 409)
        ticked = {"action": "APPROVE", "comment": [f"{far}.{far}", f"{approved.public_id}.{far}"]}
        assert staff.post(reverse("bulk"), ticked).status_code in (200, 400, 422)
        chosen = {"action": "reject", "_selected_action": [approved.pk], "confirmed": 1, "ground": "SPAM"}
        chosen[f"version_{approved.pk}"] = far
        assert staff.post(reverse("admin:comments_comment_changelist"), chosen).status_code in (200, 302)
    assert Comment.objects.get().is_visible


def test_a_cursor_somebody_made_up_gives_a_page(article, approved, signed_in, chief):
    staff, url = signed_in(chief), article.get_absolute_url()
    for cursor in CURSORS:
        assert Client().get(url, {"after": cursor, "sort": "answers"}).status_code == 200
        for queue in ("reported", "approved"):
            assert staff.get(reverse("desk"), {"queue": queue, "after": cursor}).status_code == 200, cursor
        thread = staff.get(reverse("editor_thread", args=[article.slug]), {"after": cursor})
        assert thread.status_code == 200, cursor
        assert staff.get(reverse("editor_articles"), {"after": cursor}).status_code == 200, cursor


HOSTILE_LINES: list[dict[str, object]] = [
    {"text": "\ud800 seul"},
    {"author_name": "\ud800"},
    {"email": "\ud800@example.org"},
    {"email": "a\0b@example.org"},
    {"email": "a" * 500},
    {"email": "pas une adresse"},
    {"article": "\ud800"},
    {"article": "a\0b"},
    {"id": "\ud800"},
    {"id": "9" * 5000},
    {"parent": "\ud800"},
    {"submitted_at": "0001-01-01T00:00:00+23:59"},
    {"submitted_at": "9999-12-31T23:59:59-23:59"},
    {"text": "x" * 6000},
    {"text": "\0"},
    {"text": ["a"]},
    {"author_name": {"a": 1}},
]


@pytest.mark.parametrize("line", HOSTILE_LINES, ids=lambda line: repr(line)[:40])
def test_a_hostile_line_of_an_export_stops_nothing(article, line):
    """It comes in or is refused by its number; the good line after it comes in."""
    whole = {"article": article.slug, "id": "1", "text": "Un texte."} | _AT
    lines = [whole | line, whole | {"id": "2", "text": "Le bon."}]
    tally = Tally(OUTCOMES)
    save_comments(
        jsonl.read(export("\n".join(map(json.dumps, lines)), name="x.jsonl")),
        place="x.jsonl",
        tally=tally,
        how=How(NOON),
    )
    assert tally.counts["NEW"] + len(tally.refused) == 2
    assert Comment.objects.filter(text="Le bon.").exists()
    # What came in can be shown and written out.
    assert Client().get(article.get_absolute_url()).status_code == 200
