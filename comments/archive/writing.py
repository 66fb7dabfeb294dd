"""The database → lines of an archive, each made when it is asked for.

Comments go by depth, then by key: what is answered comes before its answers, and reading them in that order gives keys
in that order again, so that an archive that was read back is written the same, byte for byte.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db.models import F, Prefetch, QuerySet

from comments.archive import VERSION
from comments.archive.lines import Told, as_line, moment, part
from comments.models import Bulk, Comment, Decision, Discussion, Finding, Note, Reader, Report, Revision, Standing
from newsroom import archive as site

# Comments in hand at once.
CHUNK = 1000


def lines(*, with_emails: bool = False) -> Iterator[str]:
    """Every line, the last one the counts of the others. Call it inside `one_moment()`.

    Without e-mails the archive holds nothing that is made from one either: no reader, no fingerprint, no reporter.
    """
    counts: dict[str, int] = {}
    yield as_line("archive", version=VERSION, emails=with_emails)
    parts = [
        (("section", told) for told in site.sections()),
        (("person", told) for told in site.people(_people(with_emails=with_emails))),
        (("article", told) for told in site.articles()),
        (("reader", told) for told in _readers()) if with_emails else iter(()),
        (("note", told) for told in _notes(with_emails=with_emails)),
        (("discussion", told) for told in _discussions()),
        (("bulk", told) for told in _bulks()),
        (("comment", told) for told in _comments(with_emails=with_emails)),
    ]
    for kind, told in chain.from_iterable(parts):
        counts[kind] = counts.get(kind, 0) + 1
        yield as_line(kind, **told)
    yield as_line("end", **{f"{kind}s" if kind != "person" else "people": count for kind, count in counts.items()})


def size() -> int:
    """How many comments there are, for a bar that shows how far it is."""
    return Comment.objects.count()


def _people(*, with_emails: bool) -> set[int]:
    """Whoever is named in a line below."""
    named: list[QuerySet[Any, int | None]] = [
        Decision.objects.order_by().values_list("moderator", flat=True).distinct(),
        Discussion.objects.values_list("closed_by", flat=True),
        Bulk.objects.values_list("made_by", flat=True),
        *(Note.objects.values_list(name, flat=True) for name in ("written_by", "taken_down_by")),
    ]
    if with_emails:
        named.append(Standing.objects.values_list("set_by", flat=True))
    return {pk for keys in named for pk in keys.iterator() if pk is not None}


def _readers() -> Iterator[Told]:
    measures = Prefetch("standings", Standing.objects.select_related("set_by").order_by("pk"))
    for reader in Reader.objects.order_by("pk").prefetch_related(measures).iterator(chunk_size=CHUNK):
        rows = list(reader.standings.all())
        place = {row.pk: number for number, row in enumerate(rows)}
        yield {
            "email": reader.email,
            "first_seen_at": moment(reader.first_seen_at),
            "measures": [
                part(
                    measure=row.kind,
                    reason=row.reason,
                    until=moment(row.until),
                    by=row.set_by.username,
                    at=moment(row.set_at),
                    lifts=place[row.lifts_id] if row.lifts_id else None,
                )
                for row in rows
            ],
        }


def _notes(*, with_emails: bool) -> Iterator[Told]:
    notes = Note.objects.order_by("pk").select_related("written_by", "taken_down_by", "article", "reader")
    if not with_emails:
        notes = notes.filter(reader__isnull=True)
    for note in notes.iterator():
        yield {
            "text": note.text,
            "article": note.article.source_key if note.article else None,
            "reader": note.reader.email if note.reader else None,
            "by": note.written_by.username,
            "at": moment(note.written_at),
            "until": moment(note.until),
            "taken_down_by": note.taken_down_by.username if note.taken_down_by else None,
            "taken_down_at": moment(note.taken_down_at),
        }


def _discussions() -> Iterator[Told]:
    for discussion in Discussion.objects.order_by("pk").select_related("article", "closed_by").iterator():
        yield {
            "article": discussion.article.source_key,
            "mode": discussion.mode,
            "closed_at": moment(discussion.closed_at),
            "closed_by": discussion.closed_by.username if discussion.closed_by else None,
            "closed_reason": discussion.closed_reason,
            "instructions": discussion.instructions,
            "version": discussion.version,
        }


def _bulks() -> Iterator[Told]:
    for bulk in Bulk.objects.order_by("made_at", "pk").select_related("made_by").iterator():
        yield {
            "id": str(bulk.pk),
            "by": bulk.made_by.username,
            "at": moment(bulk.made_at),
            "undone_at": moment(bulk.undone_at),
        }


def _comments(*, with_emails: bool) -> Iterator[Told]:
    rows = (
        Comment.objects.order_by("depth", "pk")
        .annotate(
            source_key=F("discussion__article__source_key"),
            parent_number=F("parent__public_id"),
            email=F("reader__email"),
        )
        .prefetch_related(
            Prefetch("revisions", Revision.objects.order_by("number")),
            Prefetch("findings", Finding.objects.order_by("pk")),
            Prefetch("decisions", Decision.objects.select_related("moderator", "undoes").order_by("version")),
            Prefetch("reports", Report.objects.select_related("settled_by").order_by("pk")),
        )
    )
    for comment in rows.iterator(chunk_size=CHUNK):
        yield _comment(comment, with_emails=with_emails)


def _comment(comment: Comment, *, with_emails: bool) -> Told:
    return {
        "number": comment.public_id,
        "article": comment.source_key,  # type: ignore[attr-defined]
        "answers": comment.parent_number,  # type: ignore[attr-defined]
        "name": comment.author_name,
        "email": comment.email if with_emails else None,  # type: ignore[attr-defined]
        "text": comment.text,
        "at": moment(comment.submitted_at),
        "status": comment.status,
        "version": comment.version,
        "revision": comment.revision,
        "suspect": comment.is_suspect,
        "fingerprint": comment.fingerprint if with_emails else None,
        "revisions": [part(number=one.number, text=one.text, at=moment(one.at)) for one in comment.revisions.all()],
        "findings": [_finding(one) for one in comment.findings.all()],
        "decisions": [_decision(one) for one in comment.decisions.all()],
        "reports": [_report(one, with_emails=with_emails) for one in comment.reports.all()],
    }


def _finding(finding: Finding) -> Told:
    return part(
        revision=finding.revision,
        rule=finding.rule,
        ground=finding.ground,
        field=finding.field,
        start=finding.start,
        end=finding.end,
        detail=finding.detail,
    )


def _decision(decision: Decision) -> Told:
    return part(
        version=decision.version,
        action=decision.action,
        status=decision.to_status,
        revision=decision.revision,
        ground=decision.ground,
        note=decision.note,
        by=decision.moderator.username if decision.moderator else None,
        policy=decision.policy,
        bulk=str(decision.bulk_id) if decision.bulk_id else None,
        undoes=decision.undoes.version if decision.undoes else None,
        at=moment(decision.at),
    )


def _report(report: Report, *, with_emails: bool) -> Told:
    return part(
        reason=report.reason,
        detail=report.detail,
        email=report.email if with_emails else None,
        reporter=report.reporter if with_emails else None,
        revision=report.revision,
        text=report.text,
        at=moment(report.filed_at),
        state=report.state,
        settled_by=report.settled_by.version if report.settled_by else None,
    )
