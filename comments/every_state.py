"""The whole thread of an article, in every state, for the newsroom. In a fixed number of queries.

A withdrawn text is shown to nobody: it does not leave this room.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import attrgetter

from django.db.models import OuterRef, Prefetch, QuerySet, Subquery, prefetch_related_objects

from comments.counted import NOTHING, Counted, sizes_of
from comments.keyset import beyond, moment
from comments.models import Comment, Decision, Discussion, Finding, Report

BRANCHES_A_PAGE = 50
# Of one branch at first; the rest of a long one stands on pages of its own.
ANSWERS_SHOWN = 50
ANSWERS_A_PAGE = 200
DEEPEST_SHOWN = 3
# Behind the column that tells them apart, asked for as a range of one value: where it is equal, PostgreSQL knows that
# it orders nothing, takes the index of all comments by moment, and under an article loud years ago reads all since.
_NEWEST_FIRST = ("-submitted_at", "-pk")


@dataclass(frozen=True, slots=True)
class Place:
    """One comment in the tree. `level` is 1 for the top; deeper than 3 stands at 3. `answering` names its parent."""

    comment: Comment
    level: int = 1
    answering: str = ""

    @property
    def text(self) -> str:
        return "" if self.comment.is_withdrawn else self.comment.text

    @property
    def newest(self) -> Decision | None:
        return next(iter(self.comment.decisions.all()), None)

    @property
    def open_reports(self) -> list[Report]:
        return self.comment.open_reports  # type: ignore[attr-defined]

    @property
    def findings(self) -> list[str]:
        """Names of the rules that saw something in the present text; a withdrawn one tells nothing."""
        if self.comment.is_withdrawn:
            return []
        seen = [found for found in self.comment.findings.all() if found.revision == self.comment.revision]
        return list(dict.fromkeys(found.rule_label for found in seen))


@dataclass(slots=True)
class Branch:
    """`more` counts the answers after `more_after`, the key of the last one shown."""

    top: Place
    answers: list[Place] = field(default_factory=list)
    more: Counted = NOTHING
    more_after: int = 0


@dataclass(frozen=True, slots=True)
class StatePage:
    branches: list[Branch]
    next_cursor: str = ""


def tree(discussion: Discussion, *, after: str = "") -> StatePage:
    """Branches, the newest first, each with its first answers. 6 queries, one more where a branch is long."""
    tops = Comment.objects.of(discussion).filter(depth__lte=0)
    rows, cursor = _page(tops, after, apart=("-depth", 0))
    shown_to = _shown_to(rows)
    answers = _first_answers(rows, shown_to)
    more = _more_than(shown_to)
    _know_more([*rows, *answers])
    by_root: dict[int, list[Comment]] = {}
    for answer in answers:
        by_root.setdefault(answer.root_id or 0, []).append(answer)
    branches = [Branch(Place(top), _in_order(top, by_root.get(top.pk, []))) for top in rows]
    for branch in branches:
        if rest := more.get(branch.top.comment.pk):
            branch.more, branch.more_after = rest, shown_to[branch.top.comment.pk]
    return StatePage(branches, cursor)


def in_status(discussion: Discussion, status: str, *, after: str = "") -> StatePage:
    """The comments of one status, the newest first, each by itself with the name it answers. 4 queries."""
    those = Comment.objects.of(discussion).filter(status__gte=status, status__lte=status).select_related("parent")
    rows, cursor = _page(those, after, apart=("-status", status))
    _know_more(rows)
    return StatePage([Branch(Place(row, answering=_parent_name(row, {}))) for row in rows], cursor)


def rest_of_branch(discussion: Discussion, public_id: int, *, after: int = 0) -> Branch | None:
    """One branch alone, its answers after a key; None where there is no such branch here. 5 queries."""
    top = Comment.objects.of(discussion).branches().filter(public_id=public_id).first()
    if top is None:
        return None
    rows = Comment.objects.filter(root=top, pk__gt=after).select_related("parent").order_by("pk")
    answers = list(rows[: ANSWERS_A_PAGE + 1])
    more, answers = len(answers) > ANSWERS_A_PAGE, answers[:ANSWERS_A_PAGE]
    _know_more([top, *answers])
    branch = Branch(Place(top), _in_order(top, answers))
    if more:
        branch.more_after = answers[-1].pk
        branch.more = _more_than({top.pk: branch.more_after})[top.pk]
    return branch


def _page(rows: QuerySet[Comment], after: str, *, apart: tuple[str, object]) -> tuple[list[Comment], str]:
    column, value = apart
    order = (column, *_NEWEST_FIRST)
    rows = rows.order_by(*order)
    if (last := _read_cursor(after)) is not None:
        rows = rows.filter(beyond(order, [value, *last]))
    found = list(rows[: BRANCHES_A_PAGE + 1])
    more, found = len(found) > BRANCHES_A_PAGE, found[:BRANCHES_A_PAGE]
    return found, f"{found[-1].submitted_at.isoformat()}~{found[-1].pk}" if more else ""


def _read_cursor(cursor: str) -> Sequence[object] | None:
    at, _separator, pk = cursor.partition("~")
    try:
        return moment(at), int(pk)
    except ValueError:
        return None


def _shown_to(tops: Iterable[Comment]) -> dict[int, int]:
    """Of each branch with more than ANSWERS_SHOWN answers, the key of the last one shown at first."""
    answers = Comment.objects.filter(root=OuterRef("pk")).order_by("root", "pk").values("pk")
    last, following = (Subquery(answers[place : place + 1]) for place in (ANSWERS_SHOWN - 1, ANSWERS_SHOWN))
    rows = Comment.objects.filter(pk__in=[top.pk for top in tops]).annotate(last=last, following=following)
    return dict(rows.filter(following__isnull=False).values_list("pk", "last"))


def _first_answers(tops: Iterable[Comment], shown_to: dict[int, int]) -> list[Comment]:
    """The first answers of each branch by key: what an answer hangs under has a lower key, so it is among them."""
    rows = Comment.objects.filter(root__in=[top.pk for top in tops if top.pk not in shown_to])
    long = (Comment.objects.filter(root=top, pk__lte=last) for top, last in shown_to.items())
    # Put in order here: by OR, or for an order by key, a database goes through all comments.
    return sorted(rows.union(*long, all=True), key=attrgetter("pk"))


def _more_than(shown_to: dict[int, int]) -> dict[int, Counted]:
    """How many answers each branch has beyond a key."""
    sizes = sizes_of([Comment.objects.filter(root=top, pk__gt=last) for top, last in shown_to.items()])
    return {top: Counted.up_to_cap(size) for top, size in zip(shown_to, sizes, strict=True)}


def _know_more(comments: list[Comment]) -> None:
    """Decisions, open reports and findings of all of them. 3 queries."""
    prefetch_related_objects(
        comments,
        Prefetch("decisions", Decision.objects.select_related("moderator").order_by("-version")),
        Prefetch("reports", Report.objects.open().order_by("filed_at", "pk"), to_attr="open_reports"),
        Prefetch("findings", Finding.objects.order_by("pk")),
    )


def _in_order(top: Comment, answers: list[Comment]) -> list[Place]:
    """Depth first, oldest first among the answers to one comment. A loop: a chain may be longer than the stack."""
    present = {top.pk: top} | {answer.pk: answer for answer in answers}
    below: dict[int, list[Comment]] = {}
    for answer in sorted(answers, key=lambda answer: (answer.submitted_at, answer.pk), reverse=True):
        # On a later page of a long branch the parent may stand on an earlier one.
        under = answer.parent_id if answer.parent_id in present else top.pk
        below.setdefault(under or top.pk, []).append(answer)
    places, stack = [], list(below.get(top.pk, []))
    while stack:
        answer = stack.pop()
        name = _parent_name(answer, present) if answer.depth > 1 else ""
        places.append(Place(answer, min(answer.depth + 1, DEEPEST_SHOWN), name))
        stack.extend(below.get(answer.pk, []))
    return places


def _parent_name(comment: Comment, present: dict[int, Comment]) -> str:
    if comment.parent_id is None:
        return ""
    parent = present.get(comment.parent_id) or comment.parent
    return parent.shown_name if parent else ""
