"""All that the chiefs' page says of a period: its headlines and its tables, in a fixed number of queries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from comments.figures import counts, rows, tables
from comments.figures.counts import Judged
from comments.figures.period import Period
from comments.figures.reading import Decided, Received, read_decided, read_received
from comments.figures.tables import Column, Kind, Table, minutes, share
from comments.figures.waits import Waits, waits_of
from comments.models import Action, Decision, ReportState
from newsroom.models import Article, Section, User

# The table of articles stops here, and says so: a year's would be a list, not a figure.
MOST_ARTICLES = 50
# One day's waiting time is a point, not a line: a short period shows the days before it as well.
DAYS_OF_WAITS = 14


@dataclass(frozen=True, slots=True)
class Headlines:
    """`decided` counts comments (each once), `judged` decisions; `upheld` and `settled` count reports."""

    waits: Waits
    before: Waits
    received: int
    decided: int
    judged: int
    rejected: int
    undone: int
    upheld: int
    settled: int

    @property
    def median(self) -> int | None:
        return minutes(self.waits.median)

    @property
    def ninety(self) -> int | None:
        return minutes(self.waits.ninety)

    @property
    def median_before(self) -> int | None:
        return minutes(self.before.median)

    @property
    def ninety_before(self) -> int | None:
        return minutes(self.before.ninety)

    @property
    def rejected_share(self) -> int | None:
        return share(self.rejected, self.judged)


@dataclass(frozen=True, slots=True)
class Figures:
    period: Period
    section: Section | None
    headlines: Headlines
    tables: list[Table]

    @property
    def is_empty(self) -> bool:
        """Nothing came, nobody decided anything, nothing was reported."""
        return not any(one.rows for one in self.tables if one.code in ("sections", "reports"))


def figures_of(period: Period, *, section: Section | None = None, at: datetime) -> Figures:
    """The figures of a period and, with `section`, of its articles alone. Ten queries.

    Raises PeriodRefused where the period holds more than can be read.
    """
    shown = period.widened_to(DAYS_OF_WAITS)
    came, decided = read_received(period, section=section), read_decided(period, shown=shown, section=section)
    judgements = rows.judgements(period, section=section)
    judged = counts.by_action_and_ground(judgements)
    filed = counts.reports_by_reason(rows.filed(period, section=section))
    settled = counts.settled_by_reason(rows.settled(period, section=section))
    return Figures(
        period,
        section,
        _headlines(came, decided, judged, settled),
        [
            *_flow(period, came, decided, at=at),
            tables.waits_table(shown, decided),
            tables.decisions_table(judged),
            tables.grounds_table(judged),
            tables.reports_table(filed, settled),
            *_places(section, came, decided, judgements),
            _people(judgements),
        ],
    )


def summary_table(headlines: Headlines) -> Table:
    """The headlines of the page, as a table for the CSV."""
    said = headlines
    return Table(
        "summary",
        _("Summary"),
        [
            Column(_("Median wait"), Kind.WAIT),
            Column(_("9 in 10 within"), Kind.WAIT),
            Column(_("Median wait, the period before"), Kind.WAIT),
            Column(_("9 in 10 within, the period before"), Kind.WAIT),
            Column(pgettext("several comments", "Received")),
            Column(pgettext("several comments", "Decided")),
            Column(_("Decisions")),
            Column(pgettext("several comments", "Rejected")),
            Column(_("Share rejected"), Kind.SHARE),
            Column(_("Decisions undone")),
            Column(_("Reports settled")),
            Column(_("Reports upheld")),
        ],
        [
            (
                *(said.median, said.ninety, said.median_before, said.ninety_before),
                *(said.received, said.decided, said.judged, said.rejected, said.rejected_share),
                *(said.undone, said.settled, said.upheld),
            )
        ],
    )


def _headlines(
    came: Received, decided: Decided, judged: dict[tuple[str, str], Judged], settled: Counter[tuple[str, str]]
) -> Headlines:
    return Headlines(
        waits=waits_of(decided.waits),
        before=waits_of(decided.before),
        received=came.by_hour.total(),
        decided=decided.by_hour.total(),
        judged=sum(one.count for one in judged.values()),
        rejected=counts.total(judged, Action.REJECT).count,
        undone=sum(one.undone for one in judged.values()),
        upheld=sum(count for (_reason, state), count in settled.items() if state == ReportState.UPHELD),
        settled=settled.total(),
    )


def _flow(period: Period, came: Received, decided: Decided, *, at: datetime) -> list[Table]:
    if period.is_one_day:
        # An import may date a comment after now: its hour is shown, so that the rows add up to the headline.
        return [tables.hours_table(period, came, decided, at=max([at, *came.by_hour, *decided.by_hour]))]
    return [tables.days_table(period, came, decided), tables.clock_table(period, came, decided)]


def _places(
    section: Section | None, came: Received, decided: Decided, judgements: QuerySet[Decision]
) -> tuple[Table, Table]:
    by_section, by_article = counts.by_section_and_article(judgements)
    sections = [section] if section else Section.objects.all()
    busiest = _busiest(came.by_article, by_article)
    articles = Article.objects.only("pk", "headline").in_bulk(busiest[:MOST_ARTICLES])
    note = _("The %(count)s articles with most comments received.") % {"count": MOST_ARTICLES}
    return (
        tables.sections_table(sections, came=came, judged=by_section, decided=decided),
        tables.articles_table(
            [articles[pk] for pk in busiest[:MOST_ARTICLES]],
            came=came,
            judged=by_article,
            decided=decided,
            note=note if len(busiest) > MOST_ARTICLES else "",
        ),
    )


def _busiest(came: Counter[int], judged: Counter[tuple[int, str]]) -> list[int]:
    """The articles (pk) with most comments received, then with most decisions."""
    decisions: Counter[int] = Counter()
    for (article, _action), count in judged.items():
        decisions[article] += count
    return sorted(came.keys() | decisions.keys(), key=lambda pk: (-came[pk], -decisions[pk], pk))


def _people(judgements: QuerySet[Decision]) -> Table:
    judged = counts.by_person(judgements)
    return tables.people_table(User.objects.filter(pk__in=judged), judged)
