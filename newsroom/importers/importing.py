"""One import: place after place is read and saved, what comes of it counted and kept (ImportRun)."""

from __future__ import annotations

import hashlib
import logging
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

from django.utils.translation import gettext as _

from newsroom.importers.article import (
    Foreseen,
    Outcome,
    Shortened,
    foresee,
    leading_nowhere,
    save_article,
    values_of,
)
from newsroom.importers.imported import ImportedArticle, Known, Told, Unreadable
from newsroom.importers.reading import Reading
from newsroom.importers.remarks import Remark
from newsroom.importers.showing import Tally, Watch, printable
from newsroom.importers.source import RefusedArticle
from newsroom.models import Article, ImportRemark, ImportRun, User

log = logging.getLogger(__name__)

_BATCH = 500


class Importing:
    """`section` is for articles that name none. `dry`: only what would come of it is counted. `watch` is called for
    each article that is done, with how far its file is read."""

    def __init__(self, reading: Reading, *, tally: Tally, at: datetime, section: str = "", dry: bool = False) -> None:
        self._reading = reading
        self._tally = tally
        self._at = at
        self._section = section
        self._dry = dry
        # Of a rehearsal: by an article's key, what would stand there after what was told so far.
        self._rehearsed_before: dict[str, dict[str, bytes]] = {}
        self._rehearsed_slugs: set[str] = set()
        self.watch: Watch = lambda reach: None

    def bring(self, place: str, *, format: str | None = None) -> None:
        """Everything of one place; what is refused is told and stops nothing."""
        try:
            self.save(place, self._reading.told(place, format=format))
        except RefusedArticle as refusal:
            self._tally.refuse(place, refusal.reason, refusal.line)
        except Exception:  # one bad file never stops the others
            log.exception("import_articles: %s", place)
            self._tally.refuse(place, _("The page could not be imported: an error that is now in the log."))

    def save(self, place: str, told: Iterable[Told | Known]) -> None:
        """Raises RefusedArticle where the source itself breaks off."""
        for one in told:
            if isinstance(one, Known):
                self._tally.counts[Outcome.UNCHANGED.value] += 1
            elif isinstance(one, Unreadable):
                self._tally.refuse(place, one.sentence, one.line)
            else:
                self._try(place, replace(one, section=one.section or self._section))
            self.watch(self._reading.reach)

    def _try(self, place: str, article: ImportedArticle) -> None:
        try:
            self._save(place, article)
        except RefusedArticle as refusal:
            self._tally.refuse(place, refusal.reason, refusal.line)

    def _save(self, place: str, article: ImportedArticle) -> None:
        if self._dry:
            foreseen = self._rehearsed(article)
            outcome, shortened = foreseen.outcome, foreseen.shortened
        else:
            with tempfile.TemporaryDirectory(prefix="import-") as folder:
                saved = save_article(self._reading.with_pictures(article, Path(folder)), at=self._at)
            outcome, shortened = saved.outcome, saved.shortened
        self._tally.counts[outcome.value] += 1
        if shortened:
            self._tally.warn(place, told_shorter(article.headline, shortened))

    def _rehearsed(self, article: ImportedArticle) -> Foreseen:
        """What is foreseen; of an article that this run told before, what comes after that."""
        foreseen = foresee(article)
        values = values_of(article) | {"section": article.section.lower()}
        # A section or a picture that is not told leaves the one that is there.
        digests = {name: _digest(told) for name in ("section", "image") if (told := values.pop(name, ""))}
        digests["others"] = _digest(sorted(values.items()))
        has_new_ways_in = bool(leading_nowhere(article.old_slugs) - self._rehearsed_slugs)
        self._rehearsed_slugs |= {article.slug, *article.old_slugs}
        if article.source_key not in self._rehearsed_before:
            self._rehearsed_before[article.source_key] = _standing(foreseen.article) | digests
            return foreseen
        before = self._rehearsed_before[article.source_key]
        is_same = digests.items() <= before.items() and not has_new_ways_in
        before |= digests
        return Foreseen(Outcome.UNCHANGED) if is_same else foreseen._replace(outcome=Outcome.UPDATED)


def _standing(article: Article | None) -> dict[str, bytes]:
    """Of what an import may leave as it is."""
    section = article.section.name.lower() if article and article.section else ""
    told = {"section": section, "image": article.image.name if article else ""}
    return {name: _digest(value) for name, value in told.items() if value}


def _digest(value: object) -> bytes:
    return hashlib.blake2b(repr(value).encode(errors="surrogatepass"), digest_size=12).digest()


def told_shorter(headline: str, shortened: Shortened) -> str:
    return _("“%(headline)s”: the text is shorter than before, %(after)s characters instead of %(before)s.") % {
        "headline": headline,
        "after": shortened.after,
        "before": shortened.before,
    }


def is_here_as_it_is(entry: ImportedArticle) -> bool:
    """Whether a feed's entry was imported since its feed says that it changed."""
    here = Article.objects.filter(source_key=entry.source_key).only("imported_at").first()
    changed_at = entry.updated_at or entry.published_at
    return here is not None and here.imported_at is not None and here.imported_at >= changed_at


def new_tally() -> Tally:
    return Tally([outcome.value for outcome in Outcome])


def begin(
    *, source: str, format: str, by: User | None, at: datetime, what: ImportRun.What = ImportRun.What.ARTICLES
) -> ImportRun:
    return ImportRun.objects.create(
        source=printable(source)[:500],
        what=what,
        format=format,
        by=by,
        state=ImportRun.State.RUNNING,
        started_at=at,
    )


def end(run: ImportRun, tally: Tally, *, at: datetime) -> None:
    """Keeps what came of the run: counts, refusals and warnings."""
    keep_remarks(run, ImportRemark.Kind.REFUSED, tally.refused)
    keep_remarks(run, ImportRemark.Kind.WARNING, tally.warnings)
    run.new_count = tally.counts[Outcome.NEW.value]
    run.updated_count = tally.counts[Outcome.UPDATED.value]
    run.unchanged_count = tally.counts[Outcome.UNCHANGED.value]
    run.refused_count = run.remarks.filter(kind=ImportRemark.Kind.REFUSED).count()
    run.state, run.ended_at, run.prepared = ImportRun.State.DONE, at, None
    run.save()


def keep_remarks(run: ImportRun, kind: ImportRemark.Kind, remarks: Iterable[Remark]) -> None:
    """As text that every database stores: what is quoted of a file may hold anything."""
    rows = (
        ImportRemark(
            run=run, kind=kind, place=printable(one.place)[:1000], line=one.line, sentence=printable(one.sentence)
        )
        for one in remarks
    )
    while several := list(islice(rows, _BATCH)):
        ImportRemark.objects.bulk_create(several)
