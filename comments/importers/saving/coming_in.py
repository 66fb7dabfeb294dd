"""Imported comments come in, through the one door: `taking_over`. Twice changes nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.batches import made_ahead, room_for_many
from comments.importers.comment import Announced, ImportedComment, SourceStatus, Told, Unreadable
from comments.importers.saving.discussions import Discussions
from comments.importers.saving.waiting import WaitingRoom
from comments.imprints.beside import ImprintsBeside
from comments.models import Action, Ground
from comments.screening.policy import Policy
from comments.taking_over import Arrival, Arrived, Timing, make_ready, take_over_ready
from newsroom.importers.showing import Tally

OUTCOMES = ("NEW", "UNCHANGED")
# Comments a transaction: more gains little, and the writers of a small machine wait for it.
BATCH = 5_000
_READ_AT_ONCE = 1_000
# What the policy `import` decides; None: it waits.
BECOMES: dict[SourceStatus, tuple[Action | None, str]] = {
    SourceStatus.PUBLISHED: (Action.APPROVE, ""),
    SourceStatus.PENDING: (None, ""),
    SourceStatus.SPAM: (Action.REJECT, Ground.SPAM.value),
    SourceStatus.DELETED: (Action.REJECT, Ground.OTHER.value),
}
# What is told while it runs: how many are in, of how many; None while the source is still being read.
Watch = Callable[[int, int | None], None]


@dataclass
class How:
    """How comments are to come in, and what is noted on the way.

    `hold`: what was public elsewhere waits for validation. `policy`: they are screened by it. `batch`: how many a
    transaction. `timing` gathers the seconds, `came` the new comments by what they were in their source.
    """

    at: datetime
    hold: bool = False
    policy: Policy | None = None
    batch: int = BATCH
    watch: Watch = lambda done, total: None
    # Whether import_articles reads articles of the same file.
    brings_articles: bool = False
    timing: Timing = field(default_factory=Timing)
    came: Counter[SourceStatus] = field(default_factory=Counter)


@dataclass
class _Source:
    place: str
    tally: Tally
    how: How
    discussions: Discussions = field(default_factory=Discussions)
    # Articles that were missed and told.
    refused: set[str] = field(default_factory=set)


def save_comments(told: Iterable[Told], *, place: str, tally: Tally, how: How) -> None:
    """Take each comment over, oldest first, so that ids run with time; an answer after what it answers.

    Refusals and warnings go into `tally`; one bad comment does not stop the others. Each batch is a transaction: an
    import that was cut off goes on where it was, and ends with the same rows.
    """
    source = _Source(place, tally, how)
    with WaitingRoom() as room:
        total = _gather(told, room, source)
        room.settle()
        source.discussions.look_up(room.articles())
        done = 0
        with (
            ImprintsBeside() as beside,
            room_for_many(),
            closing(made_ahead(_batches(room, source, beside))) as batches,
        ):
            for batch in batches:
                _bring_in(batch, source)
                done += batch.size
                how.watch(done, total)


def _batches(room: WaitingRoom, source: _Source, beside: ImprintsBeside) -> Iterator[_Batch]:
    return (_Batch(comments, source, beside) for comments in room.batches(source.how.batch))


def _gather(told: Iterable[Told], room: WaitingRoom, source: _Source) -> int:
    """Read the source to its end; returns how many comments wait."""
    announced, unreadable, total = None, 0, 0
    left = iter(told)
    while several := list(islice(left, _READ_AT_ONCE)):
        comments = [one for one in several if isinstance(one, ImportedComment)]
        room.add(comments)
        total += len(comments)
        source.how.watch(total, None)
        for one in several:
            if isinstance(one, Announced):
                announced = one.count
            elif isinstance(one, Unreadable):
                source.tally.refuse(source.place, one.sentence, one.line)
                unreadable += 1
    _warn_of_another_count(announced, total + unreadable, source)
    return total


class _Batch:
    """Comments in their order: those without an article, and the others with what is to be written of them."""

    def __init__(self, comments: list[ImportedComment], source: _Source, beside: ImprintsBeside) -> None:
        where = [source.discussions[comment.article] for comment in comments]
        self.size = len(comments)
        self.homeless = [comment for comment, place in zip(comments, where, strict=True) if place is None]
        self.comments = [comment for comment, place in zip(comments, where, strict=True) if place]
        self.ready = make_ready(_arrivals(self.comments, source), beside=beside)


def _bring_in(batch: _Batch, source: _Source) -> None:
    how = source.how
    for comment in batch.homeless:
        if comment.article not in source.refused:
            source.refused.add(comment.article)
            _refuse_without_article(comment, source)
    came = take_over_ready(batch.ready, at=how.at, policy=how.policy, timing=how.timing)
    for comment, arrived in zip(batch.comments, came, strict=True):
        _tell(comment, arrived, source)


def _arrivals(comments: Iterable[ImportedComment], source: _Source) -> Iterator[Arrival]:
    for comment in comments:
        where = source.discussions[comment.article]
        if where is None:
            continue
        action, ground = BECOMES[comment.status]
        yield Arrival(
            discussion=where.discussion,
            source_key=f"{where.source_key}|{comment.id}",
            author_name=comment.author_name,
            text=comment.text,
            submitted_at=comment.submitted_at,
            email=comment.email,
            parent_key=f"{where.source_key}|{comment.parent}" if comment.parent else "",
            action=None if source.how.hold and action == Action.APPROVE else action,
            ground=ground,
        )


def _tell(comment: ImportedComment, arrived: Arrived, source: _Source) -> None:
    tally, place = source.tally, source.place
    if arrived.refusal:
        tally.refuse(place, arrived.refusal, comment.line)
        return
    tally.counts["NEW" if arrived.is_new else "UNCHANGED"] += 1
    source.how.came[comment.status] += arrived.is_new
    if arrived.is_orphan:
        tally.warn(place, _("The comment it answers is not there: it stands at the top."), comment.line)


def _refuse_without_article(comment: ImportedComment, source: _Source) -> None:
    """Once a source and article."""
    if source.how.brings_articles:
        sentence = _(
            "Its article is not there (%(key)s). Import it first: manage.py import_articles %(place)s"
            " – or say where it is: --url-map OLD=NEW"
        )
    else:
        sentence = _("Its article is not there (%(key)s). Import it first, or say where it is: --url-map OLD=NEW")
    told = {"key": comment.article, "place": source.place}
    source.tally.refuse(source.place, sentence % told, comment.line)


def _warn_of_another_count(announced: int | None, found: int, source: _Source) -> None:
    if announced is None or announced == found:
        return
    sentence = ngettext(
        "The page announces %(announced)s comment; %(found)s found.",
        "The page announces %(announced)s comments; %(found)s found.",
        announced,
    )
    source.tally.warn(source.place, sentence % {"announced": announced, "found": found})
