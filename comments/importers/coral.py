"""Format `coral`: MongoDB collections as `mongoexport` writes them, an object a line: comments, stories, users.

The three files lie in one folder under these names (`comments.json` or `.jsonl`, also packed); comments are read, the
other two tell articles and people. Without them a comment has neither address nor name.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from comments.importers.comment import ImportedComment, LeftOut, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.json_rows import Object, object_in, objects, words
from comments.importers.rows.rich_text import from_html, headline_of
from comments.importers.rows.values import count_of, email_of, id_of, moment, moment_of_seconds, name_of

BESIDE = ("stories", "users")
STATUSES = {
    "NONE": SourceStatus.PUBLISHED,
    "APPROVED": SourceStatus.PUBLISHED,
    "PREMOD": SourceStatus.PENDING,
    "SYSTEM_WITHHELD": SourceStatus.PENDING,
    "REJECTED": SourceStatus.DELETED,
}


class _Story(NamedTuple):
    url: str
    title: str
    published_at: datetime | None


class _User(NamedTuple):
    name: str
    email: str


def read(export: Export) -> Iterator[Told]:
    if _collection(export.path) in BESIDE:
        return
    stories, users = dict(_stories(export)), dict(_users(export))
    for row in objects(export):
        if isinstance(row, Unreadable):
            yield row
            continue
        try:
            yield _told(row[0], stories, users, row[1])
        except BadRow as reason:
            yield Unreadable(str(reason), row[1])


def _collection(path: Path) -> str:
    return path.name.lower().partition(".")[0]


def _beside(export: Export, collection: str) -> Iterator[Object]:
    """The objects of another collection in the same folder; none where it is not there."""
    found = sorted(path for path in export.path.parent.iterdir() if _collection(path) == collection and path.is_file())
    for path in found[:1]:
        for row in objects(replace(export, path=path)):
            if not isinstance(row, Unreadable):
                yield row[0]


def _stories(export: Export) -> Iterator[tuple[str, _Story]]:
    for told in _beside(export, "stories"):
        try:
            about = object_in(told, "metadata")
            published_at = _moment_or_none(about.get("publishedAt")) or _moment_or_none(told.get("createdAt"))
            yield (
                words(told, "id"),
                _Story(words(told, "url").strip(), headline_of(words(about, "title")), published_at),
            )
        except BadRow:
            continue


def _users(export: Export) -> Iterator[tuple[str, _User]]:
    for told in _beside(export, "users"):
        try:
            yield words(told, "id"), _User(name_of(words(told, "username")), words(told, "email"))
        except BadRow:
            continue


def _told(told: Object, stories: dict[str, _Story], users: dict[str, _User], number: int) -> Told:
    status, text = _status(told), from_html(_body(told))
    if status is SourceStatus.DELETED and not text:
        return LeftOut(LeftOut.EMPTIED, number)
    story, author = stories.get(words(told, "storyID")), users.get(words(told, "authorID"))
    if story is None:
        raise BadRow(_("The article it belongs to (story %(id)s) is not beside this file.") % {"id": _story_id(told)})
    return ImportedComment(
        article=story.url or _story_id(told),
        article_url=story.url,
        article_headline=story.title,
        article_published_at=story.published_at,
        id=id_of("coral", words(told, "id")),
        parent=id_of("coral", words(told, "parentID")),
        author_name=author.name if author else "",
        email=email_of(author.email) if author else "",
        text=text,
        submitted_at=_moment(told.get("createdAt")),
        status=status,
        votes=count_of(_number(object_in(told, "actionCounts").get("REACTION"))),
        line=number,
    )


def _story_id(told: Object) -> str:
    return words(told, "storyID")[:60]


def _status(told: Object) -> SourceStatus:
    if told.get("deletedAt") is not None:
        return SourceStatus.DELETED
    word = words(told, "status")
    if word not in STATUSES:
        raise BadRow(_("“%(word)s” is no status of this system.") % {"word": word[:40]})
    return STATUSES[word]


def _body(told: Object) -> str:
    """The newest revision's; none of a comment whose author is gone."""
    revisions = told.get("revisions")
    if not isinstance(revisions, list) or not revisions:
        return ""
    return words(object_in(revisions[-1]), "body")


def _moment(told: Any) -> datetime:
    """`{"$date": "2021-03-12T11:21:56Z"}`, `{"$date": {"$numberLong": "1615548116000"}}`, or the text itself."""
    told = told.get("$date") if isinstance(told, dict) else told
    if isinstance(told, dict | int | float):
        milliseconds = _number(told)
        return moment_of_seconds(milliseconds / 1000 if isinstance(milliseconds, int | float) else None)
    return moment(told if isinstance(told, str) else "")


def _moment_or_none(told: Any) -> datetime | None:
    try:
        return _moment(told)
    except BadRow:
        return None


def _number(told: Any) -> Any:
    """A number as MongoDB's JSON writes it."""
    if isinstance(told, dict):
        written = told.get("$numberLong", told.get("$numberInt"))
        return (
            int(written) if isinstance(written, str) and written.lstrip("-").isdecimal() and len(written) < 20 else None
        )
    return told
