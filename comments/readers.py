"""What the newsroom knows of a reader, for the panel beside a comment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Prefetch

from comments.models import Action, Comment, Decision, Note, Reader, Report, Standing, Status
from comments.notes import pinned_on
from comments.standing import in_force

LAST = 10


@dataclass(frozen=True, slots=True)
class ReaderFacts:
    """Counts by status, rejections by ground (of comments that are rejected now), reports by their state.

    `last` are the newest ten comments in whatever state, each with its article and its decisions.
    """

    reader: Reader
    since: datetime
    by_status: dict[str, int]
    by_ground: dict[str, int]
    reports: dict[str, int]
    last: list[Comment]
    notes: list[Note]
    standings: list[Standing]

    @property
    def total(self) -> int:
        return sum(self.by_status.values())

    @property
    def approved(self) -> int:
        return self.by_status.get(Status.APPROVED, 0)

    @property
    def rejected(self) -> int:
        return self.by_status.get(Status.REJECTED, 0)

    @property
    def waiting(self) -> int:
        return self.by_status.get(Status.PENDING, 0) + self.by_status.get(Status.FLAGGED, 0)

    @property
    def reported(self) -> int:
        return sum(self.reports.values())


def facts(reader: Reader, *, at: datetime) -> ReaderFacts:
    """Seven queries, however much the reader has written."""
    written = Comment.objects.filter(reader=reader)
    refusals = Decision.objects.filter(
        comment__reader=reader, comment__status=Status.REJECTED, version=F("comment__version"), action=Action.REJECT
    )
    decisions = Prefetch("decisions", Decision.objects.select_related("moderator").order_by("-version"))
    last = written.select_related("discussion__article").prefetch_related(decisions)
    return ReaderFacts(
        reader=reader,
        since=reader.first_seen_at,
        by_status=dict(written.order_by().values_list("status").annotate(Count("pk"))),
        by_ground=dict(refusals.values_list("ground").annotate(count=Count("pk")).order_by("-count", "ground")),
        reports=dict(
            Report.objects.filter(comment__reader=reader).order_by().values_list("state").annotate(Count("pk"))
        ),
        last=list(last.order_by("-submitted_at", "-pk")[:LAST]),
        notes=list(pinned_on(reader, at=at)),
        standings=in_force(reader, at=at),
    )


def pending_of(reader: Reader) -> list[tuple[Comment, int]]:
    """All that waits of one reader, with the versions read now, for `bulks.decide_bulk`; in the order of their keys."""
    rows = Comment.objects.awaiting_validation().filter(reader=reader).order_by("pk")
    return [(comment, comment.version) for comment in rows]
