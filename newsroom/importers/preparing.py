"""An import that a person looks at first: read and kept, then imported or left."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction
from django.utils.html import strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from newsroom.importers.apart import ReadingApart
from newsroom.importers.article import Foreseen, foresee
from newsroom.importers.carried import packed, unpacked
from newsroom.importers.cleaning import clean_body
from newsroom.importers.decoding import one_line
from newsroom.importers.imported import ImportedArticle, Known, Told
from newsroom.importers.importing import Importing, end, keep_remarks, new_tally
from newsroom.importers.picture import without_figures
from newsroom.importers.reading import Reading, format_for
from newsroom.importers.remarks import Remark
from newsroom.importers.source import RefusedArticle, Source
from newsroom.models import ImportRemark, ImportRun, User
from newsroom.outbound import Visit

# More is not read by a person; the command imports any number.
MOST = 200
# A person waits, and so does the server's worker.
FETCHING_SECONDS = 20.0
KEPT = timedelta(days=2)


class AlreadyImported(Exception):
    """The run was imported meanwhile, or its articles are no longer kept."""


class Line(NamedTuple):
    """A line of the original, and whether what was read holds it."""

    text: str
    is_taken: bool


class Previewed(NamedTuple):
    number: int
    article: ImportedArticle
    body: SafeString
    foreseen: Foreseen | None
    refusal: str
    original: list[Line]


def prepare_upload(name: str, data: bytes, *, format: str | None, section: str, by: User, at: datetime) -> ImportRun:
    """Raises RefusedArticle where nothing of the file can be read."""
    source = Source(name, data, at)
    format = format_for(source, format)
    with ReadingApart() as apart:
        told = Reading(apart, Visit(), at=at).told_by(source, format)
        return _prepared(told, source=name, format=format, section=section, by=by, at=at)


def prepare_address(
    address: str, *, format: str | None, section: str, follow: bool, by: User, at: datetime
) -> ImportRun:
    """Raises RefusedArticle where nothing of the answer can be read."""
    with ReadingApart() as apart:
        reading = Reading(apart, Visit(in_all=FETCHING_SECONDS), at=at, follow=follow)
        told = reading.told_at(address, format=format)
        run = _prepared(told, source=address, format=format or "", section=section, by=by, at=at)
    run.format = " ".join(sorted(reading.formats))[:20]
    run.save(update_fields=["format"])
    return run


def _prepared(
    told: Iterable[Told | Known], *, source: str, format: str, section: str, by: User, at: datetime
) -> ImportRun:
    articles: list[ImportedArticle] = []
    refused: list[Remark] = []
    for one in told:
        if isinstance(one, ImportedArticle):
            articles.append(one)
        elif not isinstance(one, Known):
            refused.append(Remark(source, one.sentence, one.line))
        if len(articles) > MOST:
            raise RefusedArticle(
                _("There are more than %(most)s articles in it: import it by the command import_articles.")
                % {"most": MOST}
            )
    if not articles:
        raise RefusedArticle(refused[0].sentence if refused else _("There is no article in it."))
    _forget_older(at)
    kept = [packed(one) | {"section": one.section or section} for one in articles]
    with transaction.atomic():
        run = ImportRun.objects.create(
            source=source[:500], format=format, by=by, state=ImportRun.State.PREPARED, started_at=at, prepared=kept
        )
        keep_remarks(run, ImportRemark.Kind.REFUSED, refused)
    return run


def _forget_older(at: datetime) -> None:
    """What nobody imported is not kept for ever: the run stays, its articles go."""
    ImportRun.objects.awaiting_a_person().filter(started_at__lt=at - KEPT).update(prepared=None)


def previews(run: ImportRun) -> Iterator[Previewed]:
    for number, data in enumerate(run.prepared or []):
        article = unpacked(data)
        try:
            foreseen, refusal = foresee(article), ""
        except RefusedArticle as refused:
            foreseen, refusal = None, refused.reason
        # Cleaned when it was read; once more here, where it is shown as HTML.
        body = mark_safe(clean_body(without_figures(article.body)))  # noqa: S308
        yield Previewed(number, article, body, foreseen, refusal, list(_compared(article)))


def _compared(article: ImportedArticle) -> Iterator[Line]:
    texts = [article.headline, article.standfirst, strip_tags(article.body), article.author_line, article.section,
             article.image_caption, article.image_credit, article.image_alt, article.source_note,
             *(link["title"] for link in article.related)]  # fmt: skip
    taken = one_line(" ".join(texts))
    for line in article.original.split("\n"):
        words = one_line(strip_tags(line))
        if words:
            yield Line(one_line(line), words in taken)


def import_prepared(run: ImportRun, *, chosen: Collection[int], by: User, at: datetime) -> ImportRun:
    """Imports the chosen articles of a prepared run, and returns it as it ended. Raises AlreadyImported."""
    with transaction.atomic():
        run = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if not run.is_prepared or run.prepared is None:
            raise AlreadyImported
        articles = [unpacked(data) for number, data in enumerate(run.prepared) if number in chosen]
        run.state, run.by = ImportRun.State.RUNNING, by
        run.save(update_fields=["state", "by"])
    tally = new_tally()
    with ReadingApart() as apart:
        reading = Reading(apart, Visit(in_all=FETCHING_SECONDS), at=at)
        Importing(reading, tally=tally, at=at).save(run.source, articles)
    end(run, tally, at=at)
    return run


def told_of(run: ImportRun) -> str:
    return _("New %(new)s, updated %(updated)s, unchanged %(unchanged)s, refused %(refused)s.") % {
        "new": run.new_count,
        "updated": run.updated_count,
        "unchanged": run.unchanged_count,
        "refused": run.refused_count,
    }
