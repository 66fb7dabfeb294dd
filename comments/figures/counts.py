"""Decisions and reports, counted by the database: each one query whatever the rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from comments.models import Action, Decision, Report, ReportState


@dataclass(frozen=True, slots=True)
class Judged:
    """How many decisions of one kind, and how many of them were undone since."""

    count: int = 0
    undone: int = 0

    def __add__(self, other: Judged) -> Judged:
        return Judged(self.count + other.count, self.undone + other.undone)


def by_action_and_ground(rows: QuerySet[Decision]) -> dict[tuple[str, str], Judged]:
    found = rows.values_list("action", "ground").annotate(count=Count("pk"), undone=Count("undone_by"))
    return {(action, ground): Judged(count, undone) for action, ground, count, undone in found}


def by_person(rows: QuerySet[Decision]) -> dict[int, Judged]:
    found = rows.values_list("moderator").annotate(count=Count("pk"), undone=Count("undone_by"))
    return {pk: Judged(count, undone) for pk, count, undone in found}


def by_section_and_article(
    rows: QuerySet[Decision],
) -> tuple[Counter[tuple[int | None, str]], Counter[tuple[int, str]]]:
    """Keyed by (section, action) and by (article, action)."""
    sections: Counter[tuple[int | None, str]] = Counter()
    articles: Counter[tuple[int, str]] = Counter()
    place = "comment__discussion__article"
    found = rows.values_list(f"{place}__section", place, "action").annotate(count=Count("pk"))
    for section, article, action, count in found:
        sections[section, action] += count
        articles[article, action] += count
    return sections, articles


def reports_by_reason(rows: QuerySet[Report]) -> Counter[str]:
    return Counter(dict(rows.values_list("reason").annotate(count=Count("pk"))))


def settled_by_reason(rows: QuerySet[Report]) -> Counter[tuple[str, str]]:
    """Keyed by (reason, state): upheld or dismissed."""
    wanted = rows.filter(state__in=[ReportState.UPHELD, ReportState.DISMISSED])
    return _pairs(wanted.values_list("reason", "state").annotate(count=Count("pk")))


def total(judged: dict[tuple[str, str], Judged], action: Action) -> Judged:
    """All grounds of one action."""
    return sum((one for (code, _ground), one in judged.items() if code == action), Judged())


def _pairs(rows: Iterable[tuple[Any, Any, int]]) -> Counter[Any]:
    return Counter({(first, second): count for first, second, count in rows})
