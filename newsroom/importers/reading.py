"""From a place (a file, standard input, an address) to what it tells, through the process apart and the one client."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from newsroom.importers import EXPORTS, format_of, kinds
from newsroom.importers.apart import ReadingApart
from newsroom.importers.imported import Figure, ImportedArticle, Known, Told, Unreadable
from newsroom.importers.picture import is_readable
from newsroom.importers.reach import Reach
from newsroom.importers.source import PAGE_MAX, STDIN, RefusedArticle, Source, open_export, open_source
from newsroom.outbound import Fetched, NotFetched, Visit

_NO_TEXT = ("image/", "video/", "audio/", "font/", "application/pdf", "application/zip", "application/octet-stream")
_FROM_THE_FEED = ("standfirst", "author_line", "section", "image_address")


def is_address(place: str) -> bool:
    return place.lower().startswith(("http://", "https://"))


class Reading:
    """`follow`: of a feed, each entry's page is read too, but for those that `is_known` says are here as they are."""

    def __init__(
        self,
        apart: ReadingApart,
        visit: Visit,
        *,
        at: datetime,
        stdin: BinaryIO | None = None,
        follow: bool = False,
        is_known: Callable[[ImportedArticle], bool] = lambda entry: False,
    ) -> None:
        self._apart = apart
        self._visit = visit
        self._at = at
        self._stdin = stdin
        self._follow = follow
        self._is_known = is_known
        # Of all places so far, by their names.
        self.formats: set[str] = set()
        # How far into the place's file reading is.
        self.reach = Reach()

    def told(self, place: str, *, format: str | None = None) -> Iterator[Told | Known]:
        """Raises RefusedArticle."""
        if is_address(place):
            yield from self.told_at(place, format=format)
        else:
            yield from self.told_by(*self._opened(place, format))

    def told_at(self, address: str, *, format: str | None = None) -> Iterator[Told | Known]:
        """Of an address that a person typed: never a file of this machine. Raises RefusedArticle."""
        yield from self.told_by(*self._fetched(address, format))

    def told_by(self, source: Source, format: str) -> Iterator[Told | Known]:
        """Raises RefusedArticle."""
        self.formats.add(format)
        if not (self._follow and format == "feed"):
            yield from self._apart.read(source, format=format)
            return
        # The whole feed first: the process reads one source at a time, and the pages come next.
        for told in list(self._apart.read(source, format=format)):
            if isinstance(told, ImportedArticle):
                yield Known(told.source_key) if self._is_known(told) else self._page_of(told)
            else:
                yield told

    def with_pictures(self, article: ImportedArticle, folder: Path) -> ImportedArticle:
        """The article's pictures that have an address only, fetched into `folder`; what cannot be had is left out."""
        image = article.image_path or self._picture(article.image_address, folder / "image")
        figures = tuple(
            Figure(path=one.path or self._picture(one.address, folder / f"figure-{number}"))
            for number, one in enumerate(article.figures)
        )
        return replace(article, image_path=image, figures=figures)

    def _fetched(self, place: str, format: str | None) -> tuple[Source, str]:
        source = fetched_source(self._fetch(place), place, at=self._at)
        return source, format or kinds.kind_of(source.head())

    def _fetch(self, address: str) -> Fetched:
        try:
            return self._visit.fetch(address)
        except NotFetched as refusal:
            raise RefusedArticle(str(refusal)) from refusal

    def _opened(self, place: str, format: str | None) -> tuple[Source, str]:
        if place == STDIN:
            source = open_source(place, stdin=self._stdin, at=self._at)
            return source, format_for(source, format)
        source = open_export(place, at=self._at)
        self.reach = source.reach
        name = format_for(source, format)
        return (source if name in EXPORTS else open_source(place, at=self._at, largest=PAGE_MAX)), name

    def _page_of(self, entry: ImportedArticle) -> Told:
        """The page of a feed's entry, with what only the feed says."""
        if not entry.canonical_url:
            return entry
        try:
            source, _format = self._fetched(entry.canonical_url, "html")
            (page,) = self._apart.read(source, format="html")
        except RefusedArticle as refusal:
            return Unreadable(f"{entry.canonical_url}: {refusal.reason}", refusal.line)
        if not isinstance(page, ImportedArticle):
            return page
        return replace(page, **{name: getattr(page, name) or getattr(entry, name) for name in _FROM_THE_FEED})

    def _picture(self, address: str, path: Path) -> Path | None:
        if not address:
            return None
        try:
            path.write_bytes(self._visit.fetch(address).data)
        except NotFetched:
            return None
        return path if is_readable(path) else None


def fetched_source(fetched: Fetched, place: str, *, at: datetime) -> Source:
    """Raises RefusedArticle: what came is no text."""
    if fetched.kind.startswith(_NO_TEXT):
        raise RefusedArticle(_("The answer is of the kind %(kind)s, not a page.") % {"kind": fetched.kind[:60]})
    kinds.refuse_foreign(fetched.data[:16])
    return Source(place, fetched.data, at, address=fetched.address)


def format_for(source: Source, format: str | None = None) -> str:
    """The format, by its name where one is given. Raises RefusedArticle: unknown, or not what its ending says."""
    head = source.head()
    kinds.refuse_foreign(head)
    name = format or format_of(source)
    if name is None:
        raise RefusedArticle(_("No format is known for this kind of file: name one with --format."))
    is_really = kinds.kind_of(head)
    if format is None and name in ("html", "page") and is_really in ("feed", "wxr", "jsonl"):
        raise RefusedArticle(
            _("The file's name says %(name)s, what it holds is %(kind)s: name the format with --format.")
            % {"name": name, "kind": is_really}
        )
    return name
