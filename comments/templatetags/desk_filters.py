"""The filters of the desk as a form, as chips that can be taken off, and as views kept by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any

from django import template
from django.conf import settings
from django.db.models import Q
from django.http import HttpRequest
from django.template import RequestContext
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from comments import saved_views
from comments.filters import Filters
from comments.models import Ground, Reason, SavedView
from comments.models.finding import RULES
from comments.queues import QUEUES
from newsroom import roles
from newsroom.models import Article, Section, User
from newsroom.templatetags.site import day

register = template.Library()

Choices = list[tuple[str, str]]
# Beside these many views their sizes are counted; nobody's rail holds more.
VIEWS_SHOWN = 12
ARTICLES_SHOWN = 30
WAITS: dict[int, str | Promise] = {
    15: gettext_lazy("15 minutes"),
    60: gettext_lazy("1 hour"),
    180: gettext_lazy("3 hours"),
    720: gettext_lazy("12 hours"),
    1440: gettext_lazy("1 day"),
    10080: gettext_lazy("7 days"),
}
ORDERS: dict[str, str | Promise] = {
    "oldest": pgettext_lazy("order", "Oldest first"),
    "newest": pgettext_lazy("order", "Newest first"),
    "reported": pgettext_lazy("order", "Most reported first"),
}


@dataclass(frozen=True)
class Chip:
    """One filter that is on; `url` is the desk without it."""

    label: str
    url: str


@dataclass(frozen=True)
class Panel:
    """What the form offers. Three queries, whatever stands in the queues."""

    queue: str
    layout: str
    filters: Filters

    @property
    def sections(self) -> Choices:
        return list(Section.objects.values_list("slug", "name"))

    @property
    def articles(self) -> Choices:
        """The latest that have a discussion, and the one that is filtered by."""
        rows = Article.objects.filter(discussion__isnull=False).newest_first().values_list("slug", "headline")
        latest = list(rows[:ARTICLES_SHOWN])
        asked = self.filters.article
        if asked and asked not in dict(latest):
            latest += list(rows.filter(slug=asked)) or [(asked, asked)]
        return latest

    @property
    def people(self) -> Choices:
        decides = Q(groups__name__in=(roles.MODERATORS, roles.CHIEFS)) | Q(is_superuser=True)
        people = User.objects.filter(decides).distinct().order_by("username")
        return [(user.username, user.shown_name) for user in people]

    @property
    def languages(self) -> Choices:
        return [(code, str(name)) for code, name in settings.LANGUAGES]

    @property
    def waits(self) -> Choices:
        asked = {self.filters.waiting: ""} if self.filters.waiting else {}
        return [(str(minutes), _minutes(minutes)) for minutes in sorted(WAITS | asked)]

    @property
    def rules(self) -> Choices:
        return [(code, str(label)) for code, label in RULES.items()]

    @property
    def reasons(self) -> Choices:
        return [(code, str(label)) for code, label in Reason.choices]

    @property
    def grounds(self) -> Choices:
        return [(code, str(label)) for code, label in Ground.choices]

    @property
    def orders(self) -> Choices:
        has_reports = QUEUES[self.queue].has_reports
        return [(code, str(label)) for code, label in ORDERS.items() if code != "reported" or has_reports]

    @property
    def more_is_on(self) -> bool:
        """Whether a filter of the second part is on, so that it opens by itself."""
        first = replace(self.filters, section="", waiting=0, rule=(), first_time=False, order="")
        return not first.is_empty


@dataclass(frozen=True)
class View:
    """A view in the rail. `size` is capped, as queues are."""

    view: SavedView
    size: int
    is_own: bool
    is_here: bool

    @property
    def url(self) -> str:
        return f"{reverse('desk')}?{self.view.query}"


@register.simple_tag(takes_context=True)
def filter_panel(context: RequestContext) -> Panel:
    request = context["request"]
    return Panel(_queue(context), request.GET.get("layout", ""), _filters(context))


@register.simple_tag(takes_context=True)
def filter_chips(context: RequestContext) -> list[Chip]:
    filters, queue, chips = _filters(context), _queue(context), []
    for name, label in _CHIPS.items():
        value = getattr(filters, name)
        several = isinstance(value, tuple)
        for one in value if several else (value,) if value else ():
            kept = tuple(other for other in value if other != one) if several else getattr(Filters(), name)
            without: dict[str, Any] = {name: kept}
            chips.append(Chip(label(one), _address(queue, replace(filters, **without))))
    return chips


@register.simple_tag(takes_context=True)
def unfiltered(context: RequestContext) -> str:
    return _address(_queue(context), Filters())


@register.simple_tag(takes_context=True)
def view_list(context: RequestContext) -> list[View]:
    """Own and shared views with their sizes: one query, and one a view."""
    request: HttpRequest = context["request"]
    if not isinstance(request.user, User):
        return []
    here, now = (_queue(context), _filters(context)), timezone.now()
    return [
        View(
            view, saved_views.size_of(view, at=now), view.owner_id == request.user.pk, saved_views.opened(view) == here
        )
        for view in saved_views.views_for(request.user)[:VIEWS_SHOWN]
    ]


def _filters(context: RequestContext) -> Filters:
    place = context.get("place")
    return place.filters if place is not None else Filters.read(context["request"].GET)


def _queue(context: RequestContext) -> str:
    place = context.get("place")
    return place.queue if place is not None else "pending"


def _address(queue: str, filters: Filters) -> str:
    return f"{reverse('desk')}?" + "&".join(part for part in (f"queue={queue}", filters.query) if part)


def _minutes(minutes: int) -> str:
    return str(WAITS.get(minutes) or _("%(count)s min") % {"count": minutes})


def _named(words: Mapping[str, str | Promise] | Iterable[tuple[str, Any]]) -> Callable[[str], str]:
    known = dict(words)
    return lambda code: str(known.get(code, code))


_CHIPS: dict[str, Callable[[Any], str]] = {
    "section": lambda slug: _("Section: %(what)s") % {"what": _section(slug)},
    "article": lambda slug: _("Article: %(what)s") % {"what": _article(slug)},
    "language": lambda code: _("Language: %(what)s") % {"what": _named(settings.LANGUAGES)(code)},
    "waiting": lambda minutes: _("Waiting for more than %(what)s") % {"what": _minutes(minutes)},
    "first_time": lambda yes: _("First-time reader"),
    "rule": _named(RULES),
    "reason": lambda code: _("Reported: %(what)s") % {"what": _named(Reason.choices)(code)},
    "link": lambda yes: _("Has a link"),
    "decided_by": lambda name: _("Decided by: %(what)s") % {"what": name},
    "ground": lambda code: _("Ground: %(what)s") % {"what": _named(Ground.choices)(code)},
    "since": lambda when: _("Since %(what)s") % {"what": _day(when)},
    "until": lambda when: _("Until %(what)s") % {"what": _day(when)},
    "q": lambda words: _("Words: %(what)s") % {"what": words},
    "order": _named(ORDERS),
}


def _section(slug: str) -> str:
    return Section.objects.filter(slug=slug).values_list("name", flat=True).first() or slug


def _article(slug: str) -> str:
    return Article.objects.filter(slug=slug).values_list("headline", flat=True).first() or slug


def _day(when: date) -> str:
    return day(timezone.make_aware(datetime.combine(when, time.min)))
