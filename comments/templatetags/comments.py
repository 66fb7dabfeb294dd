"""How an article page meets its thread."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape
from django.utils.safestring import SafeString

from comments import threads
from comments.forms import CommentForm
from comments.models import Comment, Discussion
from comments.templatetags.places import Places
from newsroom.models import Article
from newsroom.mould import NUMBER, mark, mould

register = template.Library()
_FORM = "comments/submission/_form.html"


@register.inclusion_tag("comments/threads/_thread.html", takes_context=True)
def thread(context: template.Context, article: Article) -> dict[str, Any]:
    """The visible thread: at most 4 queries."""
    request: HttpRequest = context["request"]
    asked = request.GET if request.method in ("GET", "HEAD") else {}
    discussion = threads.of(article)
    is_open = discussion is None or discussion.is_open
    page = threads.page(
        discussion,
        sort=asked.get("sort", ""),
        after=asked.get("after", ""),
        at=public_id(asked.get("at", "")),
    )
    return {
        "article": article,
        "branches": Places(article, is_open=is_open, sort=page.sort).branches(page.branches),
        "count": discussion.visible_count if discussion else 0,
        "is_open": is_open,
        "page": page,
    }


@register.simple_tag(takes_context=True)
def comment_form(context: template.Context, article: Article) -> SafeString:
    """The form, or what a post has made of it: `comment_form` in the page's context is the bound one."""
    request: HttpRequest = context["request"]
    discussion = threads.of(article)
    if form := context.get("comment_form"):
        answering = answered(discussion, form["parent"].value())
        return render_to_string(_FORM, form_context(article, form, answering=answering, discussion=discussion))
    asked = request.GET if request.method in ("GET", "HEAD") else {}
    return _empty_form(
        article,
        answering=answered(discussion, asked.get("reply", "")),
        is_open=discussion is None or discussion.is_open,
        posted=asked.get("posted") == "1",
    )


def _empty_form(article: Article, *, answering: Comment | None, is_open: bool, posted: bool) -> SafeString:
    """As nobody has filled it in: the same for all articles, but for addresses and who is answered."""
    values = {
        "here": escape(article.get_absolute_url()),
        "action": escape(reverse("submit_comment", args=[article.slug])),
        "key": escape(reverse("comment_key", args=[article.slug])),
        "number": answering.public_id if answering else "",
        "name": escape(answering.shown_name) if answering else "",
    }
    return mould(_FORM, _form_marks, answering is not None, is_open, posted).filled(values)


def _form_marks(is_answering: bool, is_open: bool, posted: bool) -> dict[str, Any]:
    return {
        "article": {"get_absolute_url": mark("here")},
        "form": CommentForm(initial={"parent": NUMBER if is_answering else None}),
        "answering": {"shown_name": mark("name")} if is_answering else None,
        "posted": posted,
        "is_open": is_open,
        "action_url": mark("action"),
        "key_url": mark("key"),
    }


@register.simple_tag(takes_context=True)
def comment_count(context: template.Context, article: Article) -> int:
    """« Commentaires N »: every visible comment of the article, answers included."""
    discussion = threads.of(article)
    return discussion.visible_count if discussion else 0


def form_context(
    article: Article,
    form: CommentForm,
    *,
    answering: Comment | None,
    discussion: Discussion | None,
    posted: bool = False,
    delay: str = "",
) -> dict[str, Any]:
    """What templates/comments/submission/_form.html needs.

    `delay` is for a part that nobody keeps: a page that is the same for everybody fetches it by `key_url`.
    """
    return {
        "article": article,
        "form": form,
        "answering": answering,
        "posted": posted,
        "delay": delay,
        "is_open": discussion is None or discussion.is_open,
        "action_url": reverse("submit_comment", args=[article.slug]),
        "key_url": reverse("comment_key", args=[article.slug]),
    }


def answered(discussion: Discussion | None, value: Any) -> Comment | None:
    """The visible comment that is being answered; a hidden one is no different from none."""
    wanted = public_id(value)
    if discussion is None or wanted is None:
        return None
    return Comment.objects.visible().filter(discussion=discussion, public_id=wanted).first()


def public_id(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 16 else None
