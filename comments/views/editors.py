"""The editors' pages: articles with their counts per status, one article's thread in every state, its discussion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from comments import counted, discussions, every_state
from comments.counted import NOTHING, STATUSES, Counted
from comments.discussions import ReasonMissing
from comments.forms import DiscussionForm, InstructionsForm
from comments.keyset import beyond, moment
from comments.models import Discussion, Status
from comments.views.staff import kept_for, person
from newsroom import roles
from newsroom.models import Article, Section

ARTICLES_A_PAGE = 25
_NEWEST_FIRST = ("-published_at", "-pk")


@dataclass(frozen=True)
class ArticleRow:
    article: Article
    discussion: Discussion | None
    counts: list[tuple[str, Counted]]

    @property
    def total(self) -> Counted:
        return counted.total(count for _status, count in self.counts)


@kept_for(roles.SEE_THREADS)
@require_safe
def articles(request: HttpRequest) -> HttpResponse:
    """All articles, newest first: `?q=` words of the headline, `?section=` a slug, `?after=` a cursor."""
    asked = {"q": request.GET.get("q", "").strip()[:100], "section": request.GET.get("section", "")}
    found, cursor = _page(_matching(**asked), request.GET.get("after", ""))
    context = {
        **asked,
        "here": "threads",
        "rows": _with_counts(found),
        "is_filtered": any(asked.values()),
        "all_sections": list(Section.objects.all()),
        "next_url": f"?{urlencode({**asked, 'after': cursor})}" if cursor else "",
        "now": timezone.now(),
    }
    return render(request, "comments/editors/articles.html", context)


@kept_for(roles.SEE_THREADS)
@require_safe
def thread(request: HttpRequest, slug: str) -> HttpResponse:
    """`?status=` one status, `?after=` a cursor, `?branch=` one branch alone."""
    return _thread_page(request, _article(slug))


@kept_for(roles.KEEP_DISCUSSIONS)
@require_POST
def close(request: HttpRequest, slug: str) -> HttpResponse:
    article, form = _article(slug), DiscussionForm(request.POST)
    try:
        if not form.is_valid():
            return _thread_page(request, article, closing=form)
        discussions.close(article, by=person(request), reason=form.cleaned_data["reason"], at=timezone.now())
    except ReasonMissing as missing:
        form.add_error("reason", str(missing))
        return _thread_page(request, article, closing=form)
    return _back(request, article, _("The discussion is closed."))


@kept_for(roles.KEEP_DISCUSSIONS)
@require_POST
def reopen(request: HttpRequest, slug: str) -> HttpResponse:
    article = _article(slug)
    discussions.reopen(article, by=person(request))
    return _back(request, article, _("The discussion is open again."))


@kept_for(roles.INSTRUCT)
@require_POST
def instruct(request: HttpRequest, slug: str) -> HttpResponse:
    article, form = _article(slug), InstructionsForm(request.POST)
    if not form.is_valid():
        return _thread_page(request, article, instructing=form)
    discussions.instruct(article, by=person(request), instructions=form.cleaned_data["instructions"])
    return _back(request, article, _("Instructions saved: the desk shows them from now on."))


def _article(slug: str) -> Article:
    return get_object_or_404(Article.objects.select_related("section", "discussion__closed_by"), slug=slug)


def _back(request: HttpRequest, article: Article, said: str) -> HttpResponse:
    messages.success(request, said)
    return HttpResponseRedirect(reverse("editor_thread", args=[article.slug]), status=303)


def _thread_page(
    request: HttpRequest,
    article: Article,
    *,
    closing: DiscussionForm | None = None,
    instructing: InstructionsForm | None = None,
) -> HttpResponse:
    discussion = _discussion(article)
    status = request.GET.get("status", "")
    status = status if status in Status.values else ""
    counts = _counts(discussion, counted.in_states([discussion] if discussion else []))
    context = {
        "here": "threads",
        "article": article,
        "discussion": discussion,
        "status": status,
        "counts": counts,
        "total": counted.total(count for _status, count in counts),
        "closing": closing or DiscussionForm(),
        "instructing": instructing or InstructionsForm({"instructions": discussion.instructions if discussion else ""}),
        "now": timezone.now(),
        **_places(request, discussion, status),
    }
    refused = closing is not None or instructing is not None
    return render(request, "comments/editors/thread.html", context, status=422 if refused else 200)


def _places(request: HttpRequest, discussion: Discussion | None, status: str) -> dict[str, Any]:
    """The branches of this page, and the address of the next."""
    if discussion is None:
        return {"branches": [], "next_url": ""}
    after = request.GET.get("after", "")
    if "branch" in request.GET:
        wanted, last = _number(request.GET["branch"]), _number(after or "0")
        branch = every_state.rest_of_branch(discussion, wanted, after=last)
        if branch is None:
            raise Http404
        return {"branches": [branch], "next_url": "", "is_one_branch": True}
    if status:
        page = every_state.in_status(discussion, status, after=after)
    else:
        page = every_state.tree(discussion, after=after)
    query = ({"status": status} if status else {}) | {"after": page.next_cursor}
    return {"branches": page.branches, "next_url": f"?{urlencode(query)}" if page.next_cursor else ""}


def _number(value: str) -> int:
    if not (value.isascii() and value.isdigit() and len(value) < 19):
        raise Http404
    return int(value)


def _discussion(article: Article) -> Discussion | None:
    """None until somebody has written under the article."""
    return getattr(article, "discussion", None)


def _counts(discussion: Discussion | None, known: dict[int, dict[str, Counted]]) -> list[tuple[str, Counted]]:
    """In their order; nothing where nobody has written yet."""
    of = known[discussion.pk] if discussion else {}
    return [(status.value, of.get(status.value, NOTHING)) for status in STATUSES]


def _with_counts(found: list[Article]) -> list[ArticleRow]:
    discussions = [_discussion(article) for article in found]
    counts = counted.in_states([one for one in discussions if one])
    return [
        ArticleRow(article, discussion, _counts(discussion, counts))
        for article, discussion in zip(found, discussions, strict=True)
    ]


def _matching(*, q: str, section: str) -> QuerySet[Article]:
    rows = Article.objects.select_related("section", "discussion")
    if section:
        rows = rows.filter(section__slug=section)
    for word in q.split():
        # SQLite folds the case of ASCII letters only: « école » would not find « École ».
        spellings = {word, word.lower(), word.capitalize(), word.upper()}
        rows = rows.filter(Q(*(("headline__icontains", spelling) for spelling in spellings), _connector=Q.OR))
    return rows


def _page(rows: QuerySet[Article], after: str) -> tuple[list[Article], str]:
    at, _separator, pk = after.partition("~")
    rows = rows.order_by(*_NEWEST_FIRST)
    if (published_at := _moment(at)) and pk.isascii() and pk.isdigit() and len(pk) < 19:
        rows = rows.filter(beyond(_NEWEST_FIRST, (published_at, int(pk))))
    found = list(rows[: ARTICLES_A_PAGE + 1])
    more, found = len(found) > ARTICLES_A_PAGE, found[:ARTICLES_A_PAGE]
    return found, f"{found[-1].published_at.isoformat()}~{found[-1].pk}" if more else ""


def _moment(value: str) -> datetime | None:
    try:
        return moment(value)
    except ValueError:
        return None
