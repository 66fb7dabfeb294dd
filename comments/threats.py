"""Comments that may threaten somebody: chiefs are told of them on every page of the desk."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from comments.models import Comment, Finding, Ground, Reason, Report, Status

COUNT_CAP = 1000


@dataclass(frozen=True, slots=True)
class Threats:
    """How many (up to COUNT_CAP + 1), and the one seen last."""

    count: int
    newest: Comment | None


def threats() -> Threats:
    """Open reports of a threat, and what waits with a finding of one. Two queries."""
    reported = Report.objects.open().filter(reason=Reason.THREAT)
    found = Finding.objects.filter(ground=Ground.THREAT)
    waits = Comment.objects.filter(
        Exists(found.filter(comment=OuterRef("pk"), revision=OuterRef("revision"))),
        pk__in=found.values("comment"),
        status=Status.PENDING,
    )
    keys = reported.order_by().values("comment").union(waits.order_by().values("pk"))[: COUNT_CAP + 1]
    rows = [row["comment"] for row in keys]
    return Threats(len(rows), Comment.objects.filter(pk=max(rows)).first() if rows else None)
