"""How an article page meets its thread."""

from __future__ import annotations

from functools import cached_property
from typing import Any

from django import template
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString

from comments import threads
from comments.forms import CommentForm
from comments.models import Comment, Discussion
from newsroom.models import Article
from newsroom.mould import NUMBER, Mould, mark
from newsroom.templatetags import site

register = template.Library()


class Places:
    """How comments stand on one page: their templates run once a page, not once a comment."""

    def __init__(self, article: Article, *, is_open: bool) -> None:
        self._frame = {"article": article, "is_open": is_open}

    def shown(self, comment: Comment | None, answering: str) -> SafeString:
        """The comment, or the place of one that is gone. Texts and names are escaped here."""
        if comment is None:
            return self._gone
        values = {
            "number": comment.public_id,
            "name": escape(comment.shown_name),
            "when": site.time(comment.submitted_at),
            "text": _paragraphs(comment.text),
            "answering": escape(answering),
        }
        return (self._answering if answering else self._plain).filled(values)

    @cached_property
    def _gone(self) -> SafeString:
        return render_to_string("comments/threads/_gone.html")

    @cached_property
    def _plain(self) -> Mould:
        return self._mould("name", "when", "text")

    @cached_property
    def _answering(self) -> Mould:
        return self._mould("name", "when", "text", "answering")

    def _mould(self, *texts: str) -> Mould:
        marks = {name: mark(name) for name in texts} | {"number": NUMBER}
        return Mould("comments/threads/_comment.html", self._frame, marks)


def _paragraphs(text: str) -> str:
    """As the filter `linebreaks`; a text of one line is spared its expressions."""
    return linebreaks(text, autoescape=True) if "\n" in text or "\r" in text else f"<p>{escape(text)}</p>"


@register.simple_tag(takes_context=True)
def comment_here(context: template.Context, comment: Comment | None, answering: str = "") -> SafeString:
    """One place of a thread; the page's context holds its `places`."""
    return context["places"].shown(comment, answering)


@register.inclusion_tag("comments/threads/_thread.html", takes_context=True)
def thread(context: template.Context, article: Article) -> dict[str, Any]:
    """The visible thread: at most 4 queries."""
    request: HttpRequest = context["request"]
    asked = request.GET if request.method in ("GET", "HEAD") else {}
    discussion = threads.of(article)
    is_open = discussion is None or discussion.is_open
    return {
        "article": article,
        "places": Places(article, is_open=is_open),
        "count": discussion.visible_count if discussion else 0,
        "is_open": is_open,
        "page": threads.page(
            discussion,
            sort=asked.get("sort", ""),
            after=asked.get("after", ""),
            at=public_id(asked.get("at", "")),
        ),
    }


@register.inclusion_tag("comments/submission/_form.html", takes_context=True)
def comment_form(context: template.Context, article: Article) -> dict[str, Any]:
    """The form, or what a post has made of it: `comment_form` in the page's context is the bound one."""
    request: HttpRequest = context["request"]
    discussion = threads.of(article)
    asked = request.GET if request.method in ("GET", "HEAD") else {}
    form = context.get("comment_form")
    answering = answered(discussion, asked.get("reply", "") if form is None else form["parent"].value())
    if form is None:
        form = CommentForm(initial={"parent": answering.public_id if answering else None})
    return form_context(article, form, answering=answering, discussion=discussion, posted=asked.get("posted") == "1")


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
