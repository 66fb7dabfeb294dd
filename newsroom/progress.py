"""Bars with a count, a rate and the time left, for commands that take longer than a breath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

Thing = TypeVar("Thing")


def is_watched(stream: Any) -> bool:
    """Whether a person looks on; a file or a pipe is given no bar."""
    return bool(stream.isatty())


def console_of(stream: Any) -> Console:
    # Django's wrapper is no file to rich; what it wraps is.
    return Console(file=getattr(stream, "_out", stream))


def bars(stream: Any, *, transient: bool = True) -> Progress:
    """Bars to add tasks to: what, how many of how many, how fast, how long it will take."""
    words = TextColumn("{task.description}", markup=False)
    columns = (words, BarColumn(), MofNCompleteColumn(), _Rate(), TimeRemainingColumn())
    return Progress(*columns, console=console_of(stream), transient=transient)


def with_rate(things: Iterable[Thing], *, total: int | None, stream: Any) -> Iterator[Thing]:
    """The things one by one, counted by a bar."""
    if not is_watched(stream):
        yield from things
        return
    with bars(stream) as progress:
        task = progress.add_task("", total=total)
        for thing in things:
            yield thing
            progress.advance(task)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        return Text(f"{task.finished_speed or task.speed or 0:,.0f}/s")
