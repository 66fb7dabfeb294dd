"""What a card of the desk shows of one comment, and what it offers this moderator now."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from urllib.parse import urlencode

from django.core.exceptions import ObjectDoesNotExist
from django.http import QueryDict
from django.urls import reverse

from comments.decisions import STEPS, UNDOABLE
from comments.filters import Filters
from comments.models import Action, Claim, Comment, Decision, Finding, Ground, Report, Status
from comments.queues import ALL, QUEUES
from newsroom import roles
from newsroom.models import User

# The queues whose list decides on several: what waits for its first decision.
TICKED = ("pending", "suspects")

_HOME = {
    Status.PENDING: "pending",
    Status.FLAGGED: "flagged",
    Status.REJECTED: "rejected",
    Status.APPROVED: "approved",
    Status.WITHDRAWN: "pending",
}


LAYOUTS = ("focus", "list")


@dataclass(frozen=True)
class Place:
    """Where on the desk somebody works: a queue, the cursor of its page, the filters.

    `layout` is told only where the address asked for one: else it is the one this person chose.
    """

    queue: str
    after: str = ""
    filters: Filters = ALL
    layout: str = ""

    @property
    def url(self) -> str:
        after = f"&{urlencode({'after': self.after})}" if self.after else ""
        return f"{reverse('desk')}?{urlencode({'queue': self.queue})}{after}{self.kept}"

    @property
    def kept(self) -> str:
        """What a link to another queue, page or layout keeps: the filters."""
        return (f"&{self.filters.query}" if self.filters.query else "") + self.kept_layout

    @property
    def kept_layout(self) -> str:
        return f"&layout={self.layout}" if self.layout else ""

    @property
    def unlaid(self) -> str:
        """The address to which a layout can be added."""
        return replace(self, after="", layout="").url


@dataclass(frozen=True)
class Typed:
    """What was sent and refused: kept beside the `sentence`. `field` is what is missing or wrong."""

    action: str = ""
    ground: str = ""
    note: str = ""
    sentence: str = ""
    field: str = ""


@dataclass(frozen=True)
class GroundChoice:
    ground: Ground
    is_noted: bool = False


@dataclass(frozen=True)
class Numbered:
    number: int
    finding: Finding

    @property
    def is_strong(self) -> bool:
        """A word on a list: some moderators see it only when they ask."""
        return self.finding.rule in ("banned_words", "banned_patterns")


@dataclass
class Card:
    """`comment` comes from `around.with_context`: nothing here asks the database."""

    comment: Comment
    by: User
    at: datetime
    place: Place
    typed: Typed = field(default_factory=Typed)
    is_ticked: bool = False
    answers: list[Comment] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        return f"card-{self.comment.public_id}"

    @cached_property
    def findings(self) -> list[Numbered]:
        """What was seen in the text that is shown; of a withdrawn text nothing is told."""
        if self.comment.is_withdrawn:
            return []
        now = [found for found in self.comment.findings.all() if found.revision == self.comment.revision]
        return [Numbered(number, found) for number, found in enumerate(now, start=1)]

    @cached_property
    def masks(self) -> bool:
        """Whether this person wants strong words masked. Asked once a person: the row stays with it."""
        try:
            return self.by.desk_settings.mask_strong_words
        except ObjectDoesNotExist:
            return False

    @property
    def masked(self) -> set[int]:
        """The numbers of the findings whose words are masked."""
        return {seen.number for seen in self.findings if seen.is_strong} if self.masks else set()

    @property
    def text_spans(self) -> list[tuple[int, int, int]]:
        return self._spans(Finding.Field.TEXT)

    @property
    def name_spans(self) -> list[tuple[int, int, int]]:
        # Where no name was written, the one shown is ours.
        return self._spans(Finding.Field.NAME) if self.comment.author_name else []

    def _spans(self, where: str) -> list[tuple[int, int, int]]:
        return [
            (seen.number, seen.finding.start, seen.finding.end)
            for seen in self.findings
            if seen.finding.field == where and seen.finding.start is not None and seen.finding.end is not None
        ]

    @cached_property
    def reports(self) -> list[Report]:
        return [] if self.comment.is_withdrawn else list(self.comment.open_reports)  # type: ignore[attr-defined]

    @cached_property
    def newest(self) -> Decision | None:
        return next(iter(self.comment.decisions.all()), None)

    @cached_property
    def claim(self) -> Claim | None:
        """The lease that holds now, whoever has it."""
        try:
            claim = self.comment.claim
        except ObjectDoesNotExist:
            return None
        return claim if claim.until > self.at else None

    @cached_property
    def is_chief(self) -> bool:
        return self.by.has_perm(roles.OVERRIDE)

    @property
    def holds(self) -> bool:
        return self.claim is not None and self.claim.holder_id == self.by.pk

    @property
    def is_held(self) -> bool:
        """A colleague reads it, and this person cannot override that."""
        return self.claim is not None and not self.holds and not self.is_chief

    @property
    def is_own_flag(self) -> bool:
        """One asked for a second look oneself: somebody else gives it."""
        flags = (row for row in self.comment.decisions.all() if row.action == Action.FLAG)
        flag = next(flags, None)
        own = flag is not None and flag.moderator_id == self.by.pk
        return self.comment.is_flagged and own and not self.is_chief

    @property
    def settles_reports(self) -> bool:
        return self.comment.is_visible and bool(self.reports)

    @cached_property
    def offers(self) -> set[str]:
        if self.is_held or self.is_own_flag:
            return set()
        status = Status(self.comment.status)
        acts = {act.value for act in (Action.APPROVE, Action.REJECT, Action.FLAG) if status in STEPS[act]}
        return acts - {Action.APPROVE.value} if self.comment.is_visible and not self.reports else acts

    @property
    def offers_approve(self) -> bool:
        return Action.APPROVE in self.offers

    @property
    def offers_reject(self) -> bool:
        return Action.REJECT in self.offers

    @property
    def offers_flag(self) -> bool:
        return Action.FLAG in self.offers

    @property
    def offers_undo(self) -> bool:
        newest = self.newest
        if newest is None or newest.action not in UNDOABLE or self.is_held:
            return False
        return self.is_chief or newest.moderator_id == self.by.pk

    @property
    def may_be_ticked(self) -> bool:
        return self.place.queue in TICKED and self.comment.is_pending and bool(self.offers)

    @property
    def is_open(self) -> bool:
        """Still waits for somebody's decision in the queue it is shown in."""
        return self.comment.is_pending or self.comment.is_flagged or self.settles_reports

    @property
    def may_claim(self) -> bool:
        return self.is_open and not self.is_held and not self.holds and not self.is_own_flag

    @property
    def grounds(self) -> list[GroundChoice]:
        return ground_choices(self._noted)

    @property
    def _noted(self) -> set[str]:
        return {seen.finding.ground for seen in self.findings}

    @property
    def shape(self) -> Hashable:
        """What its acts look like: those of one shape differ in the comment's number, version and name alone."""
        undoes = self.newest.action if self.newest and self.offers_undo else ""
        told = (self.is_own_flag, self.settles_reports, undoes, self.place.queue, self.place.layout)
        return (frozenset(self.offers), frozenset(self._noted), *told)


def ground_choices(noted: set[str]) -> list[GroundChoice]:
    return [GroundChoice(ground, ground.value in noted) for ground in Ground]


def home_of(comment: Comment) -> str:
    """The queue a comment stands in."""
    if comment.is_visible and comment.open_reports:  # type: ignore[attr-defined]
        return "reported"
    if comment.is_pending and comment.is_suspect:
        return "suspects"
    return _HOME[Status(comment.status)]


def known_queue(code: str) -> str:
    """The code, if there is such a queue."""
    return code if code in QUEUES else ""


def known_layout(name: str) -> str:
    """The name, if there is such a layout."""
    return name if name in LAYOUTS else ""


def read_place(query: QueryDict, *, queue: str) -> Place:
    """From the address bar, in the queue that is meant where it names none."""
    code = known_queue(query.get("queue", "")) or queue
    return Place(code, query.get("after", ""), Filters.read(query), known_layout(query.get("layout", "")))
