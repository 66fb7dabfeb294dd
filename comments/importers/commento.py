"""Format `commento`: the JSON that Commento's dashboard exports. Pages have an address and no title."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from comments.importers.comment import ImportedComment, LeftOut, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.json_rows import Object, document, object_in, objects_in, words
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


class _Commenter(NamedTuple):
    name: str
    email: str


NOBODY = _Commenter("", "")


def read(export: Export) -> Iterator[Told]:
    told = document(export)
    comments = objects_in(told, "comments")
    if told.get("version") != VERSION:
        raise RefusedArticle(
            _("Version %(version)s of this format is not known; %(known)s is.")
            % {"version": str(told.get("version"))[:20], "known": VERSION}
        )
    commenters = dict(_commenters(told.get("commenters")))
    for number, comment in enumerate(comments, start=1):
        try:
            yield _told(object_in(comment), commenters, number)
        except BadRow as reason:
            yield Unreadable(str(reason), number)


def _commenters(told: Any) -> Iterator[tuple[str, _Commenter]]:
    for one in told if isinstance(told, list) else []:
        try:
            person = object_in(one)
            yield words(person, "commenterHex"), _Commenter(name_of(words(person, "name")), words(person, "email"))
        except BadRow:
            continue


def _told(told: Object, commenters: dict[str, _Commenter], number: int) -> Told:
    status = _status(told)
    text = from_markdown(words(told, "markdown")) or from_html(words(told, "html"))
    if status is SourceStatus.DELETED and text in ("", "[deleted]"):
        return LeftOut(LeftOut.EMPTIED, number)
    author = commenters.get(words(told, "commenterHex"), NOBODY)
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
