"""The visible thread of an article: branches by keyset, their first answers, in a fixed number of queries.

Readers meet `Comment.objects.visible()` and, where a visible answer hangs below a comment that is gone, an empty
place that says so: without name, time, text, id or link.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import BooleanField, ExpressionWrapper, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from comments import thread_rows as rows
from comments.models import Comment, Discussion, Status
from comments.models.comment import name_as_shown
from comments.rows import as_one, keys_among
from comments.thread_rows import ANSWERS_SHOWN, ORDERS, Below, Position, Top
from newsroom.composed import WORD, Composed
from newsroom.models import Article

BRANCHES_A_PAGE = 50
ANSWERS_A_PAGE = 50
SORTS = tuple(ORDERS)


@dataclass(frozen=True, slots=True)
class Answer:
    """A place below the top: `comment`, or None where one is gone. `level` is 1 or 2; deeper answers stand at 2
    and name whom they answer."""

    comment: Below | None
    level: int
    answering: str = ""


@dataclass(slots=True)
class Branch:
    """`top` is None where it is gone. `more` counts the visible answers after `more_after`, the last one shown.

    Around a wanted answer that more than a page leads to, others stand before `earlier`, the first one shown, and
    what follows is not counted.
    """

    top: Top | None
    answers: list[Answer] = field(default_factory=list)
    earlier: Below | None = None
    more: int = 0
    is_counted: bool = True
    more_after: Below | None = None


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
    by_key = {article.pk: article for article in articles}
    found = {one.article_id: one for one in _discussions().asked([as_one(by_key)])}
    for key, article in by_key.items():
        Article._meta.get_field("discussion").set_cached_value(article, found.get(key))
    return {key: discussion.visible_count for key, discussion in found.items()}


@lru_cache
def _discussions() -> Composed:
    return Composed(Discussion.objects.filter(keys_among(Discussion, "article_id", WORD)), [WORD])


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
    wanted = rows.visible_here(discussion, at)
    start = rows.position(wanted.root or wanted, sort) if wanted else _parse(after, sort)
    tops = rows.tops(discussion, sort, start, inclusive=wanted is not None, how_many=BRANCHES_A_PAGE + 1)
    more, tops = len(tops) > BRANCHES_A_PAGE, tops[:BRANCHES_A_PAGE]
    cursor = ".".join(str(part) for part in rows.position(tops[-1], sort)) if more else ""
    return ThreadPage(sort, _with_answers(tops, wanted), cursor, is_first=start is None)


def following(comment: Comment | Below) -> tuple[list[Answer], Below | None]:
    """The visible answers of the same branch after a visible answer, and the last of them if there are still more."""
    found = rows.answers_after(comment, how_many=ANSWERS_A_PAGE + 1)
    more, found = len(found) > ANSWERS_A_PAGE, found[:ANSWERS_A_PAGE]
    return _places(found, shown_before=comment), found[-1] if more else None


def _parse(cursor: str, sort: str) -> Position | None:
    parts = cursor.split(".")
    if len(parts) != len(ORDERS[sort]):
        return None
    if not all(part.isascii() and part.isdigit() and len(part) < 18 for part in parts):
        return None
    return tuple(int(part) for part in parts)


def _with_answers(tops: list[Top], wanted: Comment | None) -> list[Branch]:
    """The branches with their first answers; in the branch of `wanted`, those around it instead. One query."""
    keys = {key for top in tops for key in (top.answer_0, top.answer_1, top.answer_2) if key}
    if not keys:
        return [_branch(top, []) for top in tops]
    if wanted is not None and wanted.root_id:
        # Of what follows one more, to know whether there is more.
        found = rows.answers_around(wanted, keys, before=ANSWERS_A_PAGE, after=ANSWERS_SHOWN + 1)
    else:
        found = rows.answers_by_key(keys)
    by_root: dict[int, list[Below]] = {}
    for answer in found:
        by_root.setdefault(answer.root_id, []).append(answer)
    return [_branch(top, by_root.get(top.pk, []), wanted) for top in tops]


def _branch(top: Top, answers: list[Below], wanted: Comment | None = None) -> Branch:
    """All that was read, or what stands around the wanted answer where more than a page leads to it."""
    rest = top.visible_answers - len(answers)
    middle = next((n for n, answer in enumerate(answers, start=1) if wanted and answer.pk == wanted.pk), 0)
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


def _places(answers: list[Below], shown_before: Comment | Below | None = None) -> list[Answer]:
    """Answers in branch order with the empty places above them: each gone comment is told once."""
    places: list[Answer] = []
    limb_told = shown_before.limb_id or shown_before.pk if shown_before else None
    gone_told: set[int] = set()
    for answer in answers:
        if answer.limb_id and answer.limb_id != limb_told and answer.limb_status != Status.APPROVED:
            places.append(Answer(None, 1))
        limb_told = answer.limb_id or answer.pk
        deep = answer.depth > 2
        parent_gone = deep and answer.parent_status != Status.APPROVED
        if parent_gone and answer.parent_id not in gone_told:
            places.append(Answer(None, 2))
            gone_told.add(answer.parent_id)
        named = name_as_shown(answer.parent_name) if deep and not parent_gone else ""
        places.append(Answer(answer, 1 if answer.depth == 1 else 2, named))
    return places


def newest(discussion: Discussion) -> QuerySet[Comment]:
    """The visible comments of all its branches, the newest first.

    By the discussion's own key: by its article's, PostgreSQL reads the newest of all articles until enough are of it.
    """
    return Comment.objects.visible_newest_of(discussion)
