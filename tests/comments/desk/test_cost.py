"""What a decision on the desk asks of the database."""

from __future__ import annotations

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from comments import claims
from comments.models import Claim, Comment, ReportState
from tests.comments.desk.cast import SCRIPT, report
from tests.conftest import NOON


def asked(desk: Client, comment: Comment, **act: object) -> list[str]:
    """What one act takes once what is kept between requests is there, without beginning and ending a transaction."""
    form = {"action": "APPROVE", "version": comment.version, "queue": "pending"} | act
    with CaptureQueriesContext(connection) as told:
        answer = desk.post(reverse("decide", args=[comment.public_id]), form, **SCRIPT)
    assert answer.status_code == 200
    statements = [query["sql"].strip() for query in told]
    return [sql for sql in statements if sql.startswith(("SELECT", "INSERT", "UPDATE", "DELETE"))]


def test_a_decision_costs_seven_statements_however_much_waits(desk, eight):
    asked(desk, eight[0])
    # The session; the person with their rights; the comment; its status, the decision, the discussion; what is left.
    assert len(asked(desk, eight[1])) == 7
    Comment.objects.bulk_create(
        Comment(discussion=eight[0].discussion, text="x", submitted_at=NOON, fingerprint=f"{number}")
        for number in range(50)
    )
    assert len(asked(desk, eight[2])) == 7


def test_reports_and_a_lease_cost_a_statement_each_where_there_are_some(desk, moderator, publish):
    asked(desk, publish("Une voix."), action="REJECT", ground="ABUSE")
    reported, held = publish("Une autre."), publish("Une troisième.")
    complaint = report(reported)
    claims.take(held, by=moderator, at=timezone.now())
    assert len(asked(desk, reported, action="REJECT", ground="ABUSE")) == 8
    complaint.refresh_from_db()
    assert complaint.state == ReportState.UPHELD
    assert len(asked(desk, held, action="REJECT", ground="ABUSE")) == 8
    assert not Claim.objects.exists()
