"""What an import says while it runs and at its end: a bar and tables on a terminal, plain lines elsewhere."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import islice
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext
from rich.console import Console
from rich.table import Table
from rich.text import Text

from newsroom.importers.reach import Reach
from newsroom.importers.remarks import Remark, Remarks
from newsroom.progress import advance_to, bars, console_of, is_watched

# A table is laid out whole before it is shown.
SHOWN = 200
# What is called as each article is done, with how far its file is read.
Watch = Callable[[Reach], None]


@dataclass
class Tally:
    """What came of an import: how many of each outcome, what was refused, what a person should look at."""

    outcomes: Sequence[str]
    counts: Counter[str] = field(default_factory=Counter)
    refused: Remarks = field(default_factory=Remarks)
    warnings: Remarks = field(default_factory=Remarks)

    def refuse(self, place: str, sentence: str, line: int | None = None) -> None:
        self.refused.append(Remark(place, sentence, line))

    def warn(self, place: str, sentence: str, line: int | None = None) -> None:
        self.warnings.append(Remark(place, sentence, line))


def labels() -> dict[str, str]:
    return {
        "NEW": pgettext("import", "new"),
        "UPDATED": pgettext("import", "updated"),
        "UNCHANGED": pgettext("import", "unchanged"),
        "REFUSED": pgettext("import", "refused"),
    }


def with_progress(places: Sequence[str], *, stdout: Any) -> Iterator[tuple[str, Watch]]:
    """The places one by one, each with what is to be called for each article of it; bars while a person looks on."""
    if not is_watched(stdout):
        yield from ((place, lambda reach: None) for place in places)
        return
    with bars(stdout) as progress:
        files = progress.add_task(pgettext("import", "files"), total=len(places), visible=len(places) > 1)
        for place in places:
            articles = progress.add_task(printable(place)[-50:], total=None, count=0)
            yield place, partial(advance_to, progress, articles)
            progress.remove_task(articles)
            progress.advance(files)


def show(tally: Tally, *, stdout: Any) -> None:
    """The closing table. Plain lines tell every remark; a person's tables the first of them."""
    if is_watched(stdout):
        _show_tables(tally, console_of(stdout))
        return
    stdout.write(", ".join(f"{label} {count}" for label, count in _figures(tally)))
    for kind, remarks in _kinds(tally):
        for remark in remarks:
            stdout.write(f"{kind}: {printable(remark.place)}: {_where(remark)}{printable(remark.sentence)}")


NO_BREAK_SPACES = "\u00a0\u202f"


def printable(text: str) -> str:
    """Without control characters: a file's name must not steer the terminal. French spaces are no control."""
    return "".join(sign if sign.isprintable() or sign in NO_BREAK_SPACES else "�" for sign in text)


def _show_tables(tally: Tally, console: Console) -> None:
    table = Table(*(label for label, _count in _figures(tally)))
    table.add_row(*(str(count) for _label, count in _figures(tally)))
    console.print(table)
    for kind, remarks in _kinds(tally):
        if remarks:
            console.print(_remarks_table(kind, islice(remarks, SHOWN)))
        if (rest := len(remarks) - SHOWN) > 0:
            console.print(
                ngettext("%(count)s more is not shown.", "%(count)s more are not shown.", rest) % {"count": rest}
            )


def _remarks_table(kind: str, remarks: Iterable[Remark]) -> Table:
    table = Table(kind, pgettext("import", "line"), pgettext("import", "reason"))
    for remark in remarks:
        # Text, not markup: a file may be called [bold].
        table.add_row(Text(printable(remark.place)), str(remark.line or ""), Text(printable(remark.sentence)))
    return table


def _figures(tally: Tally) -> list[tuple[str, int]]:
    counts = tally.counts | {"REFUSED": len(tally.refused)}
    return [(labels()[name], counts.get(name, 0)) for name in (*tally.outcomes, "REFUSED")]


def _kinds(tally: Tally) -> list[tuple[str, Remarks]]:
    return [(pgettext("import", "refused"), tally.refused), (pgettext("import", "warning"), tally.warnings)]


def _where(remark: Remark) -> str:
    return _("line %(line)s: ") % {"line": remark.line} if remark.line else ""
