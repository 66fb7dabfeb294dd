"""The comments as CSV, one a row, for a spreadsheet."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import OuterRef, Subquery
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comments.archive.writing import CHUNK
from comments.models import Comment, Decision
from newsroom.spreadsheets import MARK, as_row


def rows(*, with_emails: bool = False) -> Iterator[str]:
    """The heads, then every comment, oldest first, with its newest decision. Moments in the site's zone."""
    yield MARK + as_row(_heads(with_emails=with_emails))
    newest = Decision.objects.filter(comment=OuterRef("pk")).order_by("-version")
    comments = (
        Comment.objects.oldest_first()
        .select_related("discussion__article", "parent", "reader")
        .annotate(
            ground=Subquery(newest.values("ground")[:1]),
            moderator=Subquery(newest.values("moderator__username")[:1]),
            policy=Subquery(newest.values("policy")[:1]),
        )
    )
    for comment in comments.iterator(chunk_size=CHUNK):
        yield as_row(_cells(comment, with_emails=with_emails))


def _heads(*, with_emails: bool) -> list[str]:
    heads = [
        _("public number"),
        _("article"),
        _("address"),
        _("answers"),
        pgettext("a reader's", "name"),
        _("text"),
        _("written"),
        _("status"),
        _("decided"),
        _("decided by"),
        _("ground"),
    ]
    return [*heads, _("e-mail")] if with_emails else heads


def _cells(comment: Comment, *, with_emails: bool) -> list[object]:
    article = comment.discussion.article
    cells: list[object] = [
        # As text: 16 digits are more than a spreadsheet keeps.
        str(comment.public_id),
        article.headline,
        article.canonical_url or article.get_absolute_url(),
        str(comment.parent.public_id) if comment.parent else None,
        comment.author_name,
        comment.text,
        f"{localtime(comment.submitted_at):%Y-%m-%d %H:%M:%S}",
        comment.get_status_display(),
        f"{localtime(comment.decided_at):%Y-%m-%d %H:%M:%S}" if comment.decided_at else None,
        comment.moderator or comment.policy,  # type: ignore[attr-defined]
        comment.ground,  # type: ignore[attr-defined]
    ]
    if with_emails:
        cells.append(comment.reader.email if comment.reader else None)
    return cells
