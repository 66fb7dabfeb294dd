"""What a person sees while comments come in: how many, of how many, how fast, how long it will take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rich.progress import Progress

from newsroom.importers.showing import printable
from newsroom.progress import bars, is_watched

Watch = Callable[[int, int | None], None]
# Seconds. Of a shorter run a rate says nothing.
WORTH_A_RATE = 2


def with_bars(places: Sequence[str], *, stdout: Any) -> Iterator[tuple[str, Watch]]:
    """The places one by one, each with what its import is to call as it goes on. Bars on a terminal, nothing elsewhere.

    A watch is told how many comments are done, and of how many: None while the source is still being read.
    """
    if not is_watched(stdout):
        yield from ((place, lambda done, total: None) for place in places)
        return
    with bars(stdout) as progress:
        files = progress.add_task(pgettext("import", "files"), total=len(places), visible=len(places) > 1)
        for place in places:
            both = [progress.add_task(f"{name} {printable(place)[-40:]}", total=None) for name in _stages()]
            yield place, _watch(progress, *both)
            for bar in both:
                progress.remove_task(bar)
            progress.advance(files)


def rates(comments: int, *, seconds: float, findable: float) -> str:
    """How fast they came in: all told, and without what searching and finding the same text read."""
    told = {"all": round(comments / seconds), "rows": round(comments / (seconds - findable)), "seconds": round(seconds)}
    return _("%(all)s comments a second in %(seconds)s s; %(rows)s without the search rows.") % told


def _stages() -> tuple[str, str]:
    return pgettext("import", "reading"), pgettext("import", "saving")


def _watch(progress: Progress, reading: Any, saving: Any) -> Watch:
    def watch(done: int, total: int | None) -> None:
        if total is None:
            progress.update(reading, completed=done)
            return
        progress.update(reading, total=total, completed=total)
        progress.update(saving, total=total, completed=done)

    return watch
