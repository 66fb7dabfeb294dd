"""What a person sees while comments come in: how many, of how many, how fast, how long it will take."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from rich.progress import Progress, TaskID

from newsroom.importers.reach import Reach
from newsroom.importers.showing import printable
from newsroom.progress import advance_to, bars, is_watched

Watch = Callable[[int, int | None], None]
# Seconds. Of a shorter run a rate says nothing.
WORTH_A_RATE = 2


def with_bars(places: Sequence[str], *, stdout: Any) -> Iterator[tuple[str, Reach, Watch]]:
    """The places one by one, each with what its import is to call as it goes on. Bars on a terminal, nothing elsewhere.

    A watch is told how many comments are done, and of how many: None while the source is still being read. How long
    that takes is told by `reach`, which the reading of the place's file is to keep.
    """
    if not is_watched(stdout):
        yield from ((place, Reach(), lambda done, total: None) for place in places)
        return
    with bars(stdout) as progress:
        files = progress.add_task(pgettext("import", "files"), total=len(places), visible=len(places) > 1)
        for place in places:
            reach, told = Reach(), printable(place)[-40:]
            reading, saving = (progress.add_task(f"{name} {told}", total=None) for name in _stages())
            progress.update(reading, count=0)
            yield place, reach, _watch(progress, reading, saving, reach)
            for bar in (reading, saving):
                progress.remove_task(bar)
            progress.advance(files)


def rates(comments: int, *, seconds: float, findable: float) -> str:
    """How fast they came in: all told, and without what searching and finding the same text read."""
    told = {"all": round(comments / seconds), "rows": round(comments / (seconds - findable)), "seconds": round(seconds)}
    return _("%(all)s comments a second in %(seconds)s s; %(rows)s without the search rows.") % told


def _stages() -> tuple[str, str]:
    return pgettext("import", "reading"), pgettext("import", "saving")


def _watch(progress: Progress, reading: TaskID, saving: TaskID, reach: Reach) -> Watch:
    def watch(done: int, total: int | None) -> None:
        if total is None:
            advance_to(progress, reading, reach, count=done)
            return
        progress.update(reading, total=1, completed=1, count=total)
        progress.update(saving, total=total, completed=done)

    return watch
