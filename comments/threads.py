"""The visible thread of an article: branches by keyset, their first answers, in a fixed number of queries.

Readers meet `Comment.objects.visible()` and, where a visible answer hangs below a comment that is gone, an empty
place that says so: without name, time, text, id or link.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Any

from django.db.models import (
    BooleanField,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    prefetch_related_objects,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from comments.keyset import beyond
from comments.models import Comment, Discussion, Status
from comments.models.comment import CommentQuerySet
from newsroom.composed import Composed
from newsroom.models import Article

BRANCHES_A_PAGE = 50
ANSWERS_SHOWN = 3
ANSWERS_A_PAGE = 50
SORTS = ("newest", "oldest", "answers")
_BRANCH_ORDER = ["key", "submitted_at", "depth", "public_id"]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Answer:
    """A place below the top: `comment`, or None where one is gone. `level` is 1 or 2; deeper answers stand at 2
    and name whom they answer."""

    comment: Comment | None
    level: int
    answering: str = ""


@dataclass(slots=True)
class Branch:
    """`top` is None where it is gone. `more` counts the visible answers after `more_after`, the last one shown.

    Around a wanted answer that more than a page leads to, others stand before `earlier`, the first one shown, and
    what follows is not counted.
    """

    top: Comment | None
    answers: list[Answer] = field(default_factory=list)
    earlier: Comment | None = None
    more: int = 0
    is_counted: bool = True
    more_after: Comment | None = None


@dataclass(frozen=True, slots=True)
class ThreadPage:
    sort: str
    branches: list[Branch]
    next_cursor: str = ""
    is_first: bool = True


# What of a discussion decides about its article's page, as expressions of Article. The version moves when the thread
# does. One that has never moved reads like a missing row: the first comment that waits must not change a page's tag.
SHOWN_STATE: dict[str, Combinable] = {
    "thread": Coalesce("discussion__version", 0),
    "is_closed": ExpressionWrapper(Q(discussion__closed_at__isnull=False), output_field=BooleanField()),
}


def visible_counts(articles: Iterable[Article]) -> dict[int, int]:
    """Visible comments by article; articles nobody has written under are absent.

    One query; each article keeps its discussion, so that the thread of a page is read from the same row.
    """
    articles = list(articles)
    prefetch_related_objects(articles, "discussion")
    return {article.pk: discussion.visible_count for article in articles if (discussion := of(article))}


def of(article: Article) -> Discussion | None:
    """The article's discussion, if anybody has written or acted there; read once an article."""
    return getattr(article, "discussion", None)


def page(discussion: Discussion | None, *, sort: str = "newest", after: str = "", at: int | None = None) -> ThreadPage:
    """One page of branches. `after` is a cursor, `at` the public id of a visible comment to begin with its branch.

    A cursor that cannot be read, or an id that is not visible here, gives the first page: it tells nothing.
    Queries: 2, and 1 more with `at`.
    """
    sort = sort if sort in SORTS else "newest"
    if discussion is None:
        # As one without visible comments answers: a reader cannot tell whether anybody has written.
        return ThreadPage(sort, [], is_first=_parse(after, sort) is None)
    wanted = _visible_here(discussion, at)
    start = _position(wanted.root or wanted, sort) if wanted else _parse(after, sort)
    if start is None:
        rows = _first_branches(sort, BRANCHES_A_PAGE + 1).asked([discussion.pk])
    else:
        rows = list(_branches(discussion, sort, start, inclusive=wanted is not None)[: BRANCHES_A_PAGE + 1])
    more, rows = len(rows) > BRANCHES_A_PAGE, rows[:BRANCHES_A_PAGE]
    cursor = ".".join(str(part) for part in _position(rows[-1], sort)) if more else ""
    return ThreadPage(sort, _with_answers(rows, wanted), cursor, is_first=start is None)


def following(comment: Comment) -> tuple[list[Answer], Comment | None]:
    """The visible answers of the same branch after a visible answer, and the last of them if there are still more."""
    later = beyond(_BRANCH_ORDER, _branch_place(comment))
    rows = list(_answers().filter(later, root=comment.root_id).in_branch_order()[: ANSWERS_A_PAGE + 1])
    more, rows = len(rows) > ANSWERS_A_PAGE, rows[:ANSWERS_A_PAGE]
    return _places(rows, shown_before=comment), rows[-1] if more else None


def _visible_here(discussion: Discussion, public_id: int | None) -> Comment | None:
    if public_id is None:
        return None
    here = Comment.objects.visible().filter(discussion=discussion, public_id=public_id)
    return here.select_related("root").first()


def _position(comment: Comment, sort: str) -> tuple[int, ...]:
    """Where a branch stands in an order, in values that are public anyway: answers, microseconds, public id."""
    place = ((comment.submitted_at - _EPOCH) // timedelta(microseconds=1), comment.public_id)
    return (comment.visible_answers, *place) if sort == "answers" else place


def _parse(cursor: str, sort: str) -> tuple[int, ...] | None:
    parts = cursor.split(".")
    size = 3 if sort == "answers" else 2
    if len(parts) != size or not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        return None
    return tuple(int(part) for part in parts)


def _branches(discussion: Discussion, sort: str, start: tuple[int, ...] | None, *, inclusive: bool) -> CommentQuerySet:
    sign = "" if sort == "oldest" else "-"
    names = ["visible_answers", "submitted_at", "public_id"] if sort == "answers" else ["submitted_at", "public_id"]
    order = [sign + name for name in names]
    rows = Comment.objects.of(discussion).standing_in_the_thread().order_by(*order)
    if start is not None:
        values: list[object] = list(start)
        values[-2] = _EPOCH + timedelta(microseconds=start[-2])
        rows = rows.filter(beyond(order, values, inclusive=inclusive))
    return rows.annotate(
        **{f"answer_{n}": Subquery(_first_answers()[n : n + 1]) for n in range(ANSWERS_SHOWN)},
    )


@lru_cache
def _first_branches(sort: str, how_many: int) -> Composed:
    """What most readers open, for one discussion."""
    return Composed(_branches(Discussion(pk=-1), sort, None, inclusive=False)[:how_many], [-1])


def _first_answers() -> QuerySet[Comment, int]:
    return Comment.objects.visible().filter(root=OuterRef("pk")).in_branch_order().values_list("pk", flat=True)


def _answers() -> CommentQuerySet:
    """Visible answers, each with what its place must know of the comments above it."""
    return (
        Comment.objects.visible()
        .filter(root__isnull=False)
        .annotate(
            key=Coalesce("limb_id", "id"),
            limb_status=F("limb__status"),
            parent_status=F("parent__status"),
            parent_name=F("parent__author_name"),
        )
    )


@lru_cache
def _answers_by_key(how_many: int) -> Composed:
    marks = range(-how_many, 0)
    return Composed(_answers().filter(pk__in=marks).in_branch_order(), marks)


def _branch_place(answer: Comment) -> list[object]:
    return [answer.limb_id or answer.pk, answer.submitted_at, answer.depth, answer.public_id]


def _with_answers(tops: list[Comment], wanted: Comment | None) -> list[Branch]:
    """The branches with their first answers; in the branch of `wanted`, those around it instead. One query."""
    ids = {getattr(top, f"answer_{n}") for top in tops for n in range(ANSWERS_SHOWN)} - {None}
    if not ids:
        return [_branch(top, []) for top in tops]
    if wanted is not None and wanted.root_id:
        around = Q(pk__in=_around(wanted, before=True)) | Q(pk__in=_around(wanted, before=False))
        rows = list(_answers().filter(Q(pk__in=ids) | around).in_branch_order())
    else:
        most = BRANCHES_A_PAGE * ANSWERS_SHOWN
        rows = _answers_by_key(most).asked([*ids, *[0] * (most - len(ids))])
    by_root: dict[int, list[Comment]] = {}
    for answer in rows:
        by_root.setdefault(answer.root_id or 0, []).append(answer)
    return [_branch(top, by_root.get(top.pk, []), wanted) for top in tops]


def _around(wanted: Comment, *, before: bool) -> QuerySet[Any, Any]:
    """Keys of the last answers of the branch up to the wanted one; or of the few after it, and one more to know."""
    order = [f"-{name}" for name in _BRANCH_ORDER] if before else _BRANCH_ORDER
    rows = Comment.objects.visible().filter(root=wanted.root_id).annotate(key=Coalesce("limb_id", "id"))
    near = rows.filter(beyond(order, _branch_place(wanted), inclusive=before)).order_by(*order)
    return near.values("pk")[: ANSWERS_A_PAGE if before else ANSWERS_SHOWN + 1]


def _branch(top: Comment, answers: list[Comment], wanted: Comment | None = None) -> Branch:
    """All that was read, or what stands around the wanted answer where more than a page leads to it."""
    rest = top.visible_answers - len(answers)
    middle = answers.index(wanted) + 1 if wanted in answers else 0
    if middle > ANSWERS_A_PAGE:
        shown = answers[middle - ANSWERS_A_PAGE : middle + ANSWERS_SHOWN]
        rest, answers = len(answers) - middle - ANSWERS_SHOWN, shown
    return Branch(
        top=top if top.is_visible else None,
        answers=_places(answers),
        earlier=answers[0] if middle > ANSWERS_A_PAGE else None,
        more=max(rest, 0),
        is_counted=middle <= ANSWERS_A_PAGE,
        more_after=answers[-1] if rest > 0 and answers else None,
    )


def _places(answers: list[Comment], shown_before: Comment | None = None) -> list[Answer]:
    """Answers in branch order with the empty places above them: each gone comment is told once."""
    places: list[Answer] = []
    limb_told = shown_before.limb_id or shown_before.pk if shown_before else None
    gone_told: set[int] = set()
    for answer in answers:
        if answer.limb_id and answer.limb_id != limb_told and answer.limb_status != Status.APPROVED:  # type: ignore[attr-defined]
            places.append(Answer(None, 1))
        limb_told = answer.limb_id or answer.pk
        parent = answer.parent_id or 0
        deep = answer.depth > 2
        parent_gone = deep and answer.parent_status != Status.APPROVED  # type: ignore[attr-defined]
        if parent_gone and parent not in gone_told:
            places.append(Answer(None, 2))
            gone_told.add(parent)
        named = _shown_parent(answer) if deep and not parent_gone else ""
        places.append(Answer(answer, 1 if answer.depth == 1 else 2, named))
    return places


def _shown_parent(answer: Comment) -> str:
    return Comment(author_name=answer.parent_name).shown_name  # type: ignore[attr-defined]
