"""Format `remark42`: its native backup (`remark42 backup`, often packed by gzip), or a tree as its API gives it.

The backup's first line tells version, users and posts; each line after it is a comment. No e-mails are in it.
"""

from __future__ import annotations

from collections.abc import Iterator

from django.utils.translation import gettext as _

from comments.importers.comment import ImportedComment, LeftOut, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.json_document import Layout, elements
from comments.importers.rows.json_rows import Object, object_in, objects, words
from comments.importers.rows.rich_text import from_html, from_markdown, headline_of
from comments.importers.rows.values import count_of, id_of, moment, name_of
from newsroom.importers.source import RefusedArticle

VERSIONS = (0, 1)
_TREE = Layout(frozenset({(), ("comments",)}))


def read(export: Export) -> Iterator[Told]:
    titles = dict(_titles(export))
    for told, number in _rows(export):
        if isinstance(told, Unreadable):
            yield told
            continue
        try:
            yield _told(told, titles, number)
        except BadRow as reason:
            yield Unreadable(str(reason), number)


def _titles(export: Export) -> Iterator[tuple[str, str]]:
    """Address and title of articles: not every comment tells its own, so the file is read once for them."""
    for told, _number in _rows(export):
        try:
            if isinstance(told, dict) and (title := headline_of(words(told, "title"))):
                yield _address(told), title
        except BadRow:
            continue


def _address(told: Object) -> str:
    return words(object_in(told, "locator"), "url").strip()


def _rows(export: Export) -> Iterator[tuple[Object | Unreadable, int]]:
    lines = objects(export)
    first = next(lines, None)
    if isinstance(first, Unreadable) or first is None:
        yield from _tree(export)
        return
    if "users" in first[0] or "version" in first[0]:
        _refuse_other_versions(first[0])
    elif "comments" in first[0]:
        yield from _tree(export)
        return
    else:
        yield first
    for line in lines:
        yield (line, line.line) if isinstance(line, Unreadable) else line


def _refuse_other_versions(head: Object) -> None:
    version = head.get("version", 0)
    if version not in VERSIONS:
        raise RefusedArticle(
            _("Version %(version)s of this format is not known; %(known)s is.")
            % {"version": str(version)[:20], "known": VERSIONS[-1]},
            1,
        )


def _tree(export: Export) -> Iterator[tuple[Object | Unreadable, int]]:
    """Comments, each with its answers inside; their number stands for a line."""
    number = 0
    for one in elements(export, _TREE, ("comments",)):
        waiting: list[object] = [one if isinstance(one, Unreadable) else one[0]]
        while waiting:
            number += 1
            yield _branch(waiting, number), number


def _branch(waiting: list[object], number: int) -> Object | Unreadable:
    """The next comment; its answers wait."""
    branch = waiting.pop()
    if isinstance(branch, Unreadable):
        return Unreadable(branch.sentence, number)
    if not isinstance(branch, dict):
        return Unreadable(_("This is not a comment: an object in braces is expected."), number)
    comment, answers = branch.get("comment", branch), branch.get("replies")
    waiting += reversed(answers if isinstance(answers, list) else [])
    return comment if isinstance(comment, dict) else {}


def _told(told: Object, titles: dict[str, str], number: int) -> Told:
    text = from_html(words(told, "text")) or from_markdown(words(told, "orig"))
    status = SourceStatus.DELETED if told.get("delete") is True else SourceStatus.PUBLISHED
    if status is SourceStatus.DELETED and not text:
        return LeftOut(LeftOut.EMPTIED, number)
    address = _address(told)
    if not address:
        raise BadRow(_("The article it belongs to has no address in this file."))
    return ImportedComment(
        article=address,
        article_url=address,
        article_headline=titles.get(address, ""),
        id=id_of("remark42", words(told, "id")),
        parent=id_of("remark42", words(told, "pid")),
        author_name=name_of(from_html(words(object_in(told, "user"), "name"))),
        text=text,
        submitted_at=moment(words(told, "time")),
        status=status,
        votes=len(votes) if isinstance(votes := told.get("votes"), dict) and votes else count_of(told.get("score")),
        line=number,
    )
