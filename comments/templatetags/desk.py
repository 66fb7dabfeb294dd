"""Marks and words of the staff pages: findings in a text, times as colleagues say them, states by shape and word."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django import template
from django.template import Context
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from comments.counted import SIZE_CAP, Counted
from comments.models import Action, Decision, Status
from newsroom.templatetags.site import clock, icon, moment, number

register = template.Library()

Span = tuple[int, int, int]

STATE_ICONS = {
    Status.APPROVED: "check",
    Status.PENDING: "clock",
    Status.FLAGGED: "flag",
    Status.REJECTED: "cross",
    Status.WITHDRAWN: "gone",
}
# Of several comments: French agrees in number where English does not.
STATES: dict[str, str | Promise] = {
    Status.APPROVED: pgettext_lazy("several comments", "Approved"),
    Status.PENDING: pgettext_lazy("several comments", "Pending"),
    Status.FLAGGED: pgettext_lazy("several comments", "Second look"),
    Status.REJECTED: pgettext_lazy("several comments", "Rejected"),
    Status.WITHDRAWN: pgettext_lazy("several comments", "Withdrawn"),
}


# What was done, as a line of a history; `name` is a colleague or the policy that decided.
DONE: dict[str, str | Promise] = {
    Action.APPROVE: gettext_lazy("Approved by %(name)s"),
    Action.REJECT: gettext_lazy("Rejected by %(name)s"),
    Action.FLAG: gettext_lazy("Second look asked by %(name)s"),
    Action.EDIT: gettext_lazy("Changed by its author"),
    Action.WITHDRAW: gettext_lazy("Withdrawn by its author"),
    Action.UNDO: gettext_lazy("Last decision taken back by %(name)s"),
}


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of text under the same findings. `numbers` cover it, `ending` are those whose span ends with it."""

    text: str
    numbers: tuple[int, ...] = ()
    ending: tuple[int, ...] = ()


def segments(text: str, spans: Iterable[Span]) -> list[Segment]:
    """Cut a text at the edges of its findings' spans, each (number, start, end) in characters.

    Spans may overlap. One that does not lie in the text is ignored: it was found in another one.
    """
    within = [span for span in spans if 0 <= span[1] < span[2] <= len(text)]
    edges = sorted({0, len(text), *(edge for _n, start, end in within for edge in (start, end))})
    pieces = []
    for start, end in pairwise(edges):
        over = tuple(n for n, first, last in within if first <= start and end <= last)
        pieces.append(
            Segment(text[start:end], over, tuple(n for n, _first, last in within if n in over and last == end))
        )
    return pieces


@register.simple_tag
def marked(text: str, spans: Iterable[Span], prefix: str, masked: Collection[int] = ()) -> SafeString:
    """The text, escaped, its findings under numbered marks that point at the elements `<prefix>-<number>`.

    What the findings `masked` cover is shown when it is asked for.
    """
    pieces = ((_piece(piece, prefix, masked),) for piece in segments(text, spans))
    return as_written(format_html_join("", "{}", pieces))


@register.simple_tag
def masked_if(hides: bool, word: str) -> SafeString:
    """A strong word behind dots until it is asked for: a tick box, which needs no script and the keyboard reaches."""
    if not hides:
        return format_html("{}", word)
    return format_html(
        '<label class="masked"><input type="checkbox" aria-label="{}"><span class="strong-dots" aria-hidden="true">●●●'
        '</span><span class="strong-word">{}</span></label>',
        _("Show the masked word"),
        word,
    )


@register.simple_tag
def as_written(text: str | SafeString) -> SafeString:
    """Somebody's words with their own line breaks, whatever the template around them looks like. Escapes."""
    return format_html('<span class="as-written" dir="auto">{}</span>', text)


def _piece(piece: Segment, prefix: str, masked: Collection[int]) -> str | SafeString:
    if not piece.numbers:
        return piece.text
    told = format_html("<sup>{}</sup>", " ".join(map(str, piece.ending))) if piece.ending else ""
    places = " ".join(f"{prefix}-{n}" for n in piece.numbers)
    word = masked_if(any(n in masked for n in piece.numbers), piece.text)
    return format_html('<mark aria-describedby="{}">{}{}</mark>', places, word, told)


@register.simple_tag
def state(status: str, word: str = "") -> SafeString:
    """A status: its shape, its word, and only then its colour."""
    known = Status(status)
    return format_html(
        '<span class="status status-{}">{}{}</span>', known.lower(), icon(STATE_ICONS[known]), word or known.label
    )


@register.filter
def states(status: str, of: Counted | None = None) -> str:
    """The status of several comments: a tab, a column; behind a number, of so many: « 1 refusé », « 2 refusés »."""
    return str(Status(status).label if of == (1, False) else STATES[status])


@register.filter
def state_icon(status: str) -> SafeString:
    return icon(STATE_ICONS[Status(status)])


@register.filter
def waiting(since: datetime | None, now: datetime) -> str:
    """Compact: « 12 s », « 24 min », « 1 h 12 », « 3 j »."""
    seconds = _seconds(since, now)
    if seconds < 60:
        return _("%(count)s s") % {"count": seconds}
    if seconds < 3600:
        return _("%(count)s min") % {"count": seconds // 60}
    if seconds < 86_400:
        return _("%(hours)s h %(minutes)s") % {"hours": seconds // 3600, "minutes": f"{seconds // 60 % 60:02d}"}
    return _("%(count)s d") % {"count": seconds // 86_400}


@register.filter
def ago(since: datetime | None, now: datetime) -> str:
    """In words: « il y a 12 secondes », « il y a 6 minutes », « il y a 1 h 12 », « il y a 3 jours »."""
    seconds = max(1, _seconds(since, now))
    if seconds < 60:
        return ngettext("%(count)s second ago", "%(count)s seconds ago", seconds) % {"count": seconds}
    if seconds < 3600:
        minutes = seconds // 60
        return ngettext("%(count)s minute ago", "%(count)s minutes ago", minutes) % {"count": minutes}
    if seconds < 86_400:
        return _("%(wait)s ago") % {"wait": waiting(since, now)}
    days = seconds // 86_400
    return ngettext("%(count)s day ago", "%(count)s days ago", days) % {"count": days}


@register.filter
def minutes_left(until: datetime, now: datetime) -> int:
    """Whole minutes to come, the last one not yet over: a lease that still holds shows at least 1."""
    return max(1, -(-_seconds(now, until) // 60))


@register.simple_tag
def when(value: datetime, now: datetime) -> SafeString:
    """A <time>: the hour today, « hier à 11 h 52 », else day and hour. Its title tells the whole."""
    words = {0: clock(value), 1: _("yesterday at %(hour)s") % {"hour": clock(value)}}
    shown = words.get(_days_ago(value, now), moment(value))
    return format_html('<time datetime="{}" title="{}">{}</time>', value.isoformat(), moment(value), shown)


@register.simple_tag
def written(value: datetime, now: datetime) -> SafeString:
    """« écrit à 11 h 52 », « écrit hier à 11 h 52 », « écrit le 13 septembre 2026 à 9 h 44 »."""
    sentences = {0: _("written at {time}"), 1: _("written {time}")}
    return format_html(sentences.get(_days_ago(value, now), _("written on {time}")), time=when(value, now))


def _days_ago(value: datetime, now: datetime) -> int:
    return (timezone.localtime(now).date() - timezone.localtime(value).date()).days


@register.filter
def capped(size: int) -> str:
    """« 41 », « 1 000+ »."""
    return f"{number(SIZE_CAP)}+" if size > SIZE_CAP else number(size)


@register.filter
def counted(several: Counted) -> str:
    """« 81 412 », « 1 000+ »."""
    return number(several.number) + "+" * several.is_more


@register.simple_tag
def told(decision: Decision, now: datetime, status: str = "") -> SafeString:
    """« Refusé par Samira B., 11 h 40. Motif : Injure. « Déjà lu. » » With a `status`, under its shape and colour."""
    words: str | SafeString = str(DONE[decision.action]) % {"name": decision.decided_by}
    words = state(status, words) if status else words
    ground = _("Ground: %(ground)s.") % {"ground": decision.get_ground_display()} if decision.ground else ""
    note = as_written(quoted(decision.note)) if decision.note else ""
    return format_html("<span>{}, {}. {} {}</span>", words, when(decision.at, now), ground, note)


@register.filter
def quoted(text: str) -> str:
    return _("“%(text)s”") % {"text": text}


@register.simple_tag(takes_context=True)
def fresh_key(context: Mapping[str, Any] | Context) -> str:
    """One form's idempotency key; where forms are drawn for later (desk_acts), what stands for it."""
    return str(context.get("key_of_a_form") or secrets.token_urlsafe(18))


@register.simple_tag
def on_the_desk(public_id: int) -> str:
    return f"{reverse('desk')}?{urlencode({'comment': public_id})}"


def _seconds(since: datetime | None, now: datetime) -> int:
    return max(0, int((now - since).total_seconds())) if since else 0
