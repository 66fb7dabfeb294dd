"""What cuts a long queue down: read from the address bar, written back to it, put on any rows of comments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import BigIntegerField, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Cast, Coalesce
from django.http import QueryDict
from django.utils.timezone import make_aware

from comments.models import Comment, Decision, Discussion, Finding, Ground, Reason, Report, ReportState, Status
from comments.models.finding import RULES
from comments.search import narrow

ORDERS = ("oldest", "newest", "reported")
TEXT_MAX = 200
FEW_DISCUSSIONS = 20
# Ten years, in minutes; and dates that every database and time zone can hold.
WAITING_MAX = 10 * 366 * 24 * 60
YEARS = range(1970, 2200)
# Weights are whole numbers of millionths: equal sums are equal on both databases, whatever the order of adding.
MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Filters:
    """All combine. `section` and `article` are slugs, `waiting` minutes, `decided_by` a user name, `until` a whole day.

    Two sets of filters that ask the same are equal and write the same query string.
    """

    section: str = ""
    article: str = ""
    language: str = ""
    waiting: int = 0
    first_time: bool = False
    rule: tuple[str, ...] = ()
    reason: tuple[str, ...] = ()
    link: bool = False
    decided_by: str = ""
    ground: tuple[str, ...] = ()
    since: date | None = None
    until: date | None = None
    q: str = ""
    order: str = ""

    @classmethod
    def read(cls, query: QueryDict) -> Filters:
        """From the address bar. What is unknown or malformed is left out; nothing here raises."""
        return cls(**{name: read(query.getlist(name)) for name, read in _READ.items()})

    @property
    def query(self) -> str:
        """For the address bar: what is asked for, in one fixed order; empty where nothing is."""
        return urlencode([(name, _written(one)) for name, value in self._asked() for one in _each(value)])

    @property
    def is_empty(self) -> bool:
        """Whether every comment passes; an order leaves none out."""
        return all(name == "order" for name, _value in self._asked())

    def _asked(self) -> Iterable[tuple[str, Any]]:
        return ((name, value) for name in _READ if (value := getattr(self, name)))


def apply(rows: QuerySet[Comment], filters: Filters, *, at: datetime) -> QuerySet[Comment]:
    """The rows that pass every filter; their order is the queue's affair (`queues.page`)."""
    for name, value in filters._asked():
        if name in _PASSES:
            rows = rows.filter(_PASSES[name](value, at))
    return narrow(rows, filters.q) if filters.q else rows


def with_weight(rows: QuerySet[Comment]) -> QuerySet[Comment]:
    """`report_weight`: the sum over a comment's open reports of what each reporter's word weighs, in millionths.

    A report weighs (upheld + 1) / (settled + 2) of its reporter's past reports: Laplace's rule of succession, the
    probability that the next one is upheld too (Laplace, Essai philosophique sur les probabilités, 1814). Somebody
    unknown weighs 1/2; ten upheld of ten, 11/12; none of ten, 1/12. A report that became moot proves nothing.
    """
    past = Report.objects.filter(reporter=OuterRef("reporter"), state__in=(ReportState.UPHELD, ReportState.DISMISSED))
    weight = (_count(past.filter(state=ReportState.UPHELD)) + 1) * MILLION / (_count(past) + 2)
    open_reports = Report.objects.open().filter(comment=OuterRef("pk")).order_by().values("comment")
    sums = open_reports.annotate(weight=Sum(weight)).values("weight")
    return rows.annotate(report_weight=Coalesce(Cast(Subquery(sums), BigIntegerField()), 0))


def _count(reports: QuerySet[Report]) -> Coalesce:
    counted = reports.order_by().values("reporter").annotate(count=Count("pk")).values("count")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def _under(**what: object) -> Q:
    # A list of discussions, not a join: the queue's own index keeps its order. Of a few the databases know how many
    # comments they have; of none nothing is read.
    found = Discussion.objects.filter(**what).order_by("pk").values_list("pk", flat=True)
    few = list(found[: FEW_DISCUSSIONS + 1])
    return Q(discussion__in=few if len(few) <= FEW_DISCUSSIONS else found.order_by())


def _waited(minutes: int, at: datetime) -> Q:
    """Since it was written, flagged, or first reported, as the queue it stands in counts."""
    limit = at - timedelta(minutes=minutes)
    reported = Exists(Report.objects.open().filter(comment=OuterRef("pk"), filed_at__lte=limit))
    return (
        Q(status=Status.PENDING, submitted_at__lte=limit)
        | Q(status=Status.FLAGGED, decided_at__lte=limit)
        | Q(Q(status=Status.APPROVED) & Q(reported))
    )


def _first_time() -> Q:
    """By a reader, known by an e-mail, of whom nothing else is visible."""
    others = Comment.objects.visible().filter(reader=OuterRef("reader")).exclude(pk=OuterRef("pk"))
    return Q(reader__isnull=False) & Q(~Exists(others))


def _found(**what: object) -> Exists:
    return Exists(Finding.objects.filter(comment=OuterRef("pk"), revision=OuterRef("revision"), **what))


def _newest_decision(**what: object) -> Q:
    # Most of what waits was never decided: it says so itself, and no decision is looked for.
    decided = Exists(Decision.objects.filter(comment=OuterRef("pk"), version=OuterRef("version"), **what))
    return Q(decided_at__isnull=False) & Q(decided)


def _ground(grounds: tuple[str, ...]) -> Q:
    """Refused on it; of a comment that waits, suspected of it."""
    waits = Q(status__in=(Status.PENDING, Status.FLAGGED))
    return _newest_decision(ground__in=grounds) | (waits & Q(_found(ground__in=grounds)))


def _linked() -> Q:
    # Whatever the scheme and its case; PostgreSQL would capitalise each text for a comparison without case.
    return Q(text__contains="://") | Q(text__contains="www.") | Q(text__contains="WWW.")


def _midnight(day: date) -> datetime:
    return make_aware(datetime.combine(day, time.min))


_PASSES: Mapping[str, Callable[[Any, datetime], Q]] = {
    "section": lambda slug, at: _under(article__section__slug=slug),
    "article": lambda slug, at: _under(article__slug=slug),
    "language": lambda code, at: _under(article__language=code),
    "waiting": _waited,
    "first_time": lambda yes, at: _first_time(),
    "rule": lambda rules, at: Q(_found(rule__in=rules)),
    "reason": lambda reasons, at: Q(Exists(Report.objects.open().filter(comment=OuterRef("pk"), reason__in=reasons))),
    "link": lambda yes, at: _linked(),
    "decided_by": lambda name, at: _newest_decision(moderator__username=name),
    "ground": lambda grounds, at: _ground(grounds),
    "since": lambda day, at: Q(submitted_at__gte=_midnight(day)),
    "until": lambda day, at: Q(submitted_at__lt=_midnight(day + timedelta(days=1))),
}


def _word(values: list[str]) -> str:
    word = values[-1].strip()[:TEXT_MAX] if values else ""
    # PostgreSQL refuses NUL in a parameter; no name holds one.
    return word.replace("\0", "")


def _number(values: list[str]) -> int:
    word = _word(values)
    return min(int(word), WAITING_MAX) if word.isascii() and word.isdigit() else 0


def _yes(values: list[str]) -> bool:
    return _word(values) == "1"


def _day(values: list[str]) -> date | None:
    try:
        day = date.fromisoformat(_word(values))
    except ValueError:
        return None
    return day if day.year in YEARS else None


def _one_of(known: Iterable[str]) -> Callable[[list[str]], str]:
    return lambda values: word if (word := _word(values)) in known else ""


def _several_of(known: Iterable[str]) -> Callable[[list[str]], tuple[str, ...]]:
    """In the order of the list they come from."""
    return lambda values: tuple(code for code in known if code in values)


# The address bar's order.
_READ: dict[str, Callable[[list[str]], Any]] = {
    "section": _word,
    "article": _word,
    "language": _word,
    "waiting": _number,
    "first_time": _yes,
    "rule": _several_of(tuple(RULES)),
    "reason": _several_of(tuple(Reason.values)),
    "link": _yes,
    "decided_by": _word,
    "ground": _several_of(tuple(Ground.values)),
    "since": _day,
    "until": _day,
    "q": _word,
    "order": _one_of(ORDERS),
}


def _each(value: Any) -> Iterable[Any]:
    return value if isinstance(value, tuple) else (value,)


def _written(value: Any) -> str:
    return "1" if value is True else str(value)
