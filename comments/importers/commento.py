"""Format `commento`: the JSON that Commento's dashboard exports. Pages have an address and no title."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.translation import gettext as _

from comments.importers.comment import ImportedComment, LeftOut, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.json_document import EACH, Layout, Member, elements, members
from comments.importers.rows.json_rows import Object, object_in, words
from comments.importers.rows.json_window import Broken
from comments.importers.rows.rich_text import from_html, from_markdown
from comments.importers.rows.values import count_of, email_of, id_of, moment, name_of
from newsroom.importers.source import RefusedArticle

VERSION = 1
STATUSES = {
    "": SourceStatus.PUBLISHED,
    "approved": SourceStatus.PUBLISHED,
    "unapproved": SourceStatus.PENDING,
    "flagged": SourceStatus.SPAM,
}
_COMMENTS, _COMMENTERS = ("comments",), ("commenters",)
_LAYOUT = Layout(
    frozenset({(), _COMMENTS, _COMMENTERS}), again_in=_COMMENTS, again=re.compile(r'\}\s*,\s*(?=\{\s*"commentHex"\s*:)')
)


class _Commenter(NamedTuple):
    name: str
    email: str


NOBODY = _Commenter("", "")
ANONYMOUS = "anonymous"


@dataclass
class _Head:
    """What stands around the comments: commenters come after them. `is_whole`: the file was read to its end."""

    told_version: object = None
    commenters: dict[str, _Commenter] = field(default_factory=dict)
    is_whole: bool = True


def read(export: Export) -> Iterator[Told]:
    head = _head(export)
    if head.told_version != VERSION:
        raise RefusedArticle(
            _("Version %(version)s of this format is not known; %(known)s is.")
            % {"version": str(head.told_version)[:20], "known": VERSION}
        )
    for row in elements(export, _LAYOUT, _COMMENTS):
        if isinstance(row, Unreadable):
            yield row
            continue
        try:
            yield _told(object_in(row[0]), head, row[1])
        except BadRow as reason:
            yield Unreadable(str(reason), row[1])


def _head(export: Export) -> _Head:
    head = _Head()
    for one in members(export, _LAYOUT):
        if isinstance(one, Broken):
            head.is_whole &= one.goes_on
        elif isinstance(one, Member) and one.path == ("version",):
            head.told_version = one.value
        elif isinstance(one, Member) and one.path == (*_COMMENTERS, EACH):
            head.commenters |= _commenter(one.value)
    return head


def _commenter(told: object) -> dict[str, _Commenter]:
    try:
        person = object_in(told)
        return {words(person, "commenterHex"): _Commenter(name_of(words(person, "name")), words(person, "email"))}
    except BadRow:
        return {}


def _told(told: Object, head: _Head, number: int) -> Told:
    status = _status(told)
    text = from_markdown(words(told, "markdown")) or from_html(words(told, "html"))
    if status is SourceStatus.DELETED and text in ("", "[deleted]"):
        return LeftOut(LeftOut.EMPTIED, number)
    author = _author(words(told, "commenterHex"), head)
    address = _address(words(told, "domain").strip(), words(told, "url").strip())
    return ImportedComment(
        article=address,
        article_url=address if "://" in address else "",
        id=id_of("commento", words(told, "commentHex")),
        parent="" if words(told, "parentHex") == "root" else id_of("commento", words(told, "parentHex")),
        author_name=author.name,
        email=email_of(author.email),
        text=text,
        submitted_at=moment(words(told, "creationDate")),
        status=status,
        votes=count_of(told.get("score")),
        line=number,
    )


def _author(number: str, head: _Head) -> _Commenter:
    """Raises BadRow where the file broke off before it told who that is: imported now, it would stay nameless."""
    if number not in head.commenters and number != ANONYMOUS and not head.is_whole:
        raise BadRow(_("Its author is told further on, where the file cannot be read."))
    return head.commenters.get(number, NOBODY)


def _status(told: Object) -> SourceStatus:
    word = words(told, "state")
    if told.get("deleted") is True:
        return SourceStatus.DELETED
    if word not in STATUSES:
        raise BadRow(_("“%(word)s” is no status of this system.") % {"word": word[:40]})
    return STATUSES[word]


def _address(domain: str, path: str) -> str:
    if not domain and not path:
        raise BadRow(_("The article it belongs to has no address in this file."))
    if "://" in path or not domain:
        return path
    return f"https://{domain}/{path.lstrip('/')}"
