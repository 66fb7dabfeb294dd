"""Bars with a count, a rate and the time left, for commands that take longer than a breath."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    Task,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from newsroom.importers.reach import Reach

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
    columns = (words, BarColumn(), _Count(), _Rate(), TimeRemainingColumn())
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


def with_reach(things: Iterable[Thing], *, reach: Reach, stream: Any) -> Iterator[Thing]:
    """What is read of a file, one by one: counted, and how much of the file is left."""
    if not is_watched(stream):
        yield from things
        return
    with bars(stream) as progress:
        task = progress.add_task("", total=None, count=0)
        for thing in things:
            yield thing
            advance_to(progress, task, reach)


def advance_to(progress: Progress, task: TaskID, reach: Reach, *, count: int | None = None) -> None:
    """One more of a file that does not say how many it holds: its bytes tell how far it is.

    `count` is how many by now.
    """
    fields = progress.tasks[progress.task_ids.index(task)].fields
    counted = fields["count"] + 1 if count is None else count
    progress.update(task, completed=reach.read, total=reach.size or None, count=counted)


class _Count(MofNCompleteColumn):
    """Of a task that goes by bytes, what was counted meanwhile."""

    def render(self, task: Task) -> Text:
        return Text(f"{task.fields['count']:,}") if "count" in task.fields else super().render(task)


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        if "count" in task.fields:
            return Text(f"{task.fields['count'] / (task.finished_time or task.elapsed or 1):,.0f}/s")
        return Text(f"{task.finished_speed or task.speed or 0:,.0f}/s")
