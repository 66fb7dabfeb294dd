"""The chiefs' figures: a page, and the same tables as CSV."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import dates, timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from comments.figures import (
    OFFERED,
    Figures,
    Kind,
    Period,
    PeriodRefused,
    Table,
    chosen_period,
    figures_of,
    summary_table,
)
from comments.views.staff import kept_for
from newsroom import roles, spreadsheets
from newsroom.models import Section
from newsroom.templatetags.site import day as in_words


@dataclass(frozen=True, slots=True)
class Asked:
    """The query of the page, as typed."""

    period: str
    first: str
    last: str
    section: str

    @property
    def query(self) -> str:
        typed = {"period": self.period, "from": self.first, "to": self.last, "section": self.section}
        return urlencode({name: value for name, value in typed.items() if value})


@kept_for(roles.OVERRIDE)
@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """`?period=today`, `7d` or `30d`, else `?from=` and `?to=` (ISO dates, both included); `?section=` a slug."""
    asked, at = _asked(request), timezone.now()
    context = {"here": "figures", "asked": asked, "at": at, "sections_to_choose": list(Section.objects.all())}
    try:
        found = _read(asked, at)
    except PeriodRefused as refusal:
        refused = {"refusal": str(refusal), "refused_field": refusal.field, "offered": _offered(None, asked, at)}
        return render(request, "comments/figures/page.html", context | refused, status=422)
    context |= {"figures": found, "title": _title(found.period), "offered": _offered(found.period, asked, at)}
    return render(request, "comments/figures/page.html", context)


@kept_for(roles.OVERRIDE)
@require_safe
def figures_csv(request: HttpRequest) -> HttpResponse:
    """What the page shows for the same query; `?table=` one table alone. UTF-8 with its mark, for spreadsheets."""
    asked, at = _asked(request), timezone.now()
    try:
        found = _read(asked, at)
    except PeriodRefused as refusal:
        return HttpResponse(str(refusal), status=422, content_type="text/plain; charset=utf-8")
    tables = [summary_table(found.headlines), *found.tables]
    code = request.GET.get("table", "")
    if code:
        tables = [table for table in tables if table.code == code]
        if not tables:
            raise Http404
    response = HttpResponse(spreadsheets.MARK + as_csv(tables), content_type="text/csv; charset=utf-8")
    name = "-".join(filter(None, ["figures", code, str(found.period.first), str(found.period.last)]))
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def as_csv(tables: list[Table]) -> str:
    """One table, or several one below the other, each under its title."""
    rows: list[list[object]] = []
    for table in tables:
        if len(tables) > 1:
            rows.append([table.title])
        rows.append([_head(column.title, column.kind) for column in table.columns])
        rows += [[_plain(value) for value in row] for row in table.rows]
        if len(tables) > 1:
            rows.append([])
    return spreadsheets.as_csv(rows)


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def _head(title: str, kind: Kind) -> str:
    unit = {Kind.WAIT: _("minutes"), Kind.SHARE: "%"}.get(kind)
    return f"{title} ({unit})" if unit else title


def _asked(request: HttpRequest) -> Asked:
    names = ("period", "from", "to", "section")
    return Asked(*(request.GET.get(name, "").strip()[:80] for name in names))


def _read(asked: Asked, at: datetime) -> Figures:
    """Raises PeriodRefused."""
    period = chosen_period(at=at, code=asked.period, first=asked.first, last=asked.last)
    section = Section.objects.filter(slug=asked.section).first() if asked.section else None
    if asked.section and section is None:
        raise PeriodRefused(_("There is no such section."), "section")
    return figures_of(period, section=section, at=at)


def _offered(period: Period | None, asked: Asked, at: datetime) -> list[dict[str, Any]]:
    """The links to usual periods, the one that is shown marked."""
    names = {"today": _("Today"), "7d": _("7 days"), "30d": _("30 days")}
    offered = []
    for code in OFFERED:
        query = urlencode({"period": code} | ({"section": asked.section} if asked.section else {}))
        is_shown = period == chosen_period(at=at, code=code)
        offered.append({"name": names[code], "query": query, "is_shown": is_shown})
    return offered


def _title(period: Period) -> str:
    if period.is_one_day:
        words = {"weekday": dates.WEEKDAYS[period.first.weekday()], "day": in_words(period.start)}
        return _("Figures of %(weekday)s %(day)s") % words
    return pgettext("a period", "Figures from %(first)s to %(last)s") % {
        "first": in_words(period.start),
        "last": in_words(Period(period.last, period.last, period.zone).start),
    }
