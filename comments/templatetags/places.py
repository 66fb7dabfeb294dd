"""How a thread stands on a page: its places are poured into moulds, for their templates run once a process."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from html import escape
from typing import Any

from django.utils.html import linebreaks
from django.utils.safestring import SafeString

from comments.thread_rows import Below, Top
from comments.threads import Answer, Branch
from newsroom.models import Article
from newsroom.mould import NUMBER, OTHER_NUMBER, Mould, mark, mould
from newsroom.templatetags import site


class Places:
    """The places of one article's thread. Texts and names are escaped here."""

    def __init__(self, article: Article, *, is_open: bool, sort: str = "") -> None:
        self._here, self._is_open, self._sort = escape(article.get_absolute_url()), is_open, escape(sort)
        self._time, self._moulds = site.times(), dict[Hashable, Mould]()

    def branches(self, branches: Iterable[Branch]) -> SafeString:
        return _joined(self._branch(branch) for branch in branches)

    def answers(self, answers: list[Answer]) -> SafeString:
        if not answers:
            return SafeString()
        shown = _joined(
            self._mould("_answer.html", _answer, one.level > 1).filled(
                {"comment": self._comment(one.comment, one.answering)}
            )
            for one in answers
        )
        return self._mould("_answers.html", _answers).filled({"answers": shown})

    def _comment(self, comment: Top | Below | None, answering: str = "") -> SafeString:
        """The comment, or the place of one that is gone."""
        if comment is None:
            return self._mould("_gone.html", dict).filled({})
        values = {
            "number": comment.public_id,
            "name": escape(comment.shown_name),
            "when": self._time(comment.submitted_at),
            "text": _paragraphs(comment.text),
            "answering": escape(answering),
            "here": self._here,
        }
        return self._mould("_comment.html", _comment, self._is_open, bool(answering)).filled(values)

    def _branch(self, branch: Branch) -> SafeString:
        earlier, more_after = branch.earlier, branch.more_after if branch.more else None
        # One, or more than one: a language tells them apart. 0: not counted.
        more = min(branch.more, 2) if branch.is_counted else 0
        shape = (earlier is not None, more_after is not None, more, branch.top is not None)
        values = {
            "top": self._comment(branch.top),
            "answers": self.answers(branch.answers),
            "here": self._here,
            "sort": self._sort,
            "number": earlier.public_id if earlier else "",
            "other_number": more_after.public_id if more_after else "",
            "shown": site.number(branch.more) if more else "",
            "name": escape(branch.top.shown_name) if branch.top else "",
        }
        return self._mould("_branch.html", _branch, *shape).filled(values)

    def _mould(self, template: str, context: Any, *facts: Hashable) -> Mould:
        """Looked up once a page."""
        if (template, facts) not in self._moulds:
            self._moulds[template, facts] = mould(f"comments/threads/{template}", context, *facts)
        return self._moulds[template, facts]


def _comment(is_open: bool, is_answering: bool) -> dict[str, Any]:
    texts = ["name", "when", "text", "here"] + ["answering"] * is_answering
    return {name: mark(name) for name in texts} | {"number": NUMBER, "is_open": is_open}


def _answer(is_deeper: bool) -> dict[str, Any]:
    return {"comment": mark("comment"), "deeper": is_deeper}


def _answers() -> dict[str, Any]:
    return {"answers": mark("answers")}


def _branch(has_earlier: bool, has_more: bool, more: int, has_top: bool) -> dict[str, Any]:
    texts = ["top", "answers", "here", "sort", "shown"] + ["name"] * has_top
    return {name: mark(name) for name in texts} | {
        "earlier": NUMBER if has_earlier else "",
        "more_after": OTHER_NUMBER if has_more else "",
        "more": more,
    }


def _paragraphs(text: str) -> str:
    """As the filter `linebreaks`; a text of one line is spared its expressions."""
    return linebreaks(text, autoescape=True) if "\n" in text or "\r" in text else f"<p>{escape(text)}</p>"


def _joined(parts: Iterable[str]) -> SafeString:
    return SafeString("".join(parts))  # each came out of a mould
