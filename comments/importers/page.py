"""Format `page`: the comments at the foot of a saved article page. Its layout: newsroom.importers.page.layout."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from django.utils import timezone
from django.utils.translation import gettext as _

from comments.importers.comment import Announced, ImportedComment, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows.kinds import refuse_foreign_kinds
from newsroom.importers.page import article_of
from newsroom.importers.page.layout import CommentHead, PageLayout, is_button, lay_out


def read(export: Export) -> Iterator[Told]:
    """Raises RefusedArticle where the page itself cannot be read."""
    refuse_foreign_kinds(export.head())
    source = export.as_source()
    layout = lay_out(source.data)
    article = article_of(layout, source).source_key
    if layout.announced is not None:
        yield Announced(layout.announced)
    for head in layout.heads:
        if head.written_at is None:
            yield Unreadable(_("There is no such day or hour."), head.line)
    yield from _comments(layout, article)


def _comments(layout: PageLayout, article: str) -> Iterator[ImportedComment]:
    for head, end in pairwise([*layout.heads, None]):
        if head is None or head.written_at is None:
            continue
        yield ImportedComment(
            article=article,
            author_name=head.name,
            text=_text(layout, head, end.line if end else None),
            submitted_at=timezone.make_aware(head.written_at, timezone.get_default_timezone()),
            line=head.line,
        )


def _text(layout: PageLayout, head: CommentHead, end: int | None) -> str:
    """The lines under the head, without the button « Signaler »; the reader's own paragraphs stay."""
    first = layout.comments[0].number
    last = end - first if end else None
    lines = [line.text for line in layout.comments[head.line + 1 - first : last]]
    while lines and not lines[0]:
        lines.pop(0)
    if lines and is_button(lines[0]) and head.has_button_below:
        lines.pop(0)
    return "\n".join(lines).strip()
