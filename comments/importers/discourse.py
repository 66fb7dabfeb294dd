"""Format `discourse`: a topic as JSON (`/t/<slug>/<id>.json?print=true`, or `/t/<id>.json`). Its title is the headline.

The opening post is a comment like the others, unless Discourse wrote it itself to announce an article elsewhere:
then it tells that article's address.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from comments.importers.comment import Announced, ImportedComment, LeftOut, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.json_document import EACH, Layout, Member, elements, members
from comments.importers.rows.json_rows import Object, object_in, words
from comments.importers.rows.json_window import Broken
from comments.importers.rows.rich_text import from_html, headline_of
from comments.importers.rows.values import count_of, id_of, moment, name_of
from newsroom.importers.source import RefusedArticle

# post_type: 1 a reader's, 2 a moderator's, 3 a note of the system, 4 a whisper among staff.
NOTE, WHISPER = 3, 4
_POSTS, _NUMBERS = ("post_stream", "posts"), ("post_stream", "stream")
_LAYOUT = Layout(
    frozenset({(), ("post_stream",), _POSTS, _NUMBERS}),
    again_in=_POSTS,
    again=re.compile(r'\}\s*,\s*(?=\{\s*"id"\s*:\s*\d{1,20}\s*,\s*"(?:name|username)"\s*:)'),
)
_ANNOUNCEMENT = re.compile(r"companion discussion topic.{0,80}?href=[\"'](https?://[^\"'\s]{1,1900})[\"']", re.DOTALL)


class _Topic(NamedTuple):
    address: str
    url: str
    title: str
    created_at: datetime | None
    is_public: bool
    missing: int


@dataclass
class _Around:
    """What stands around the posts, most of it behind them. `is_whole`: the file was read to its end."""

    facts: Object = field(default_factory=dict)
    first: Object = field(default_factory=dict)
    posts: int = 0
    numbers: int = 0
    is_whole: bool = True


def read(export: Export) -> Iterator[Told]:
    try:
        topic = _topic(_around(export))
    except BadRow as reason:
        raise RefusedArticle(str(reason)) from reason
    found = 0
    for row in elements(export, _LAYOUT, _POSTS):
        if isinstance(row, Unreadable):
            found += 1
            yield row
            continue
        try:
            for one in _told(object_in(row[0]), topic, row[1]):
                found += isinstance(one, ImportedComment)
                yield one
        except BadRow as reason:
            found += 1
            yield Unreadable(str(reason), row[1])
    # Without `print=true`, a topic tells the numbers of all its posts and the texts of twenty.
    if topic.missing > 0:
        yield Announced(found + topic.missing)


def _around(export: Export) -> _Around:
    around = _Around()
    for one in members(export, _LAYOUT):
        if isinstance(one, Broken):
            around.is_whole &= one.goes_on
        elif isinstance(one, Member) and len(one.path) == 1:
            around.facts[one.path[0]] = one.value
        elif isinstance(one, Member) and one.path == (*_POSTS, EACH):
            around.posts += 1
            around.first = around.first or (one.value if isinstance(one.value, dict) else {})
        elif isinstance(one, Member) and one.path == (*_NUMBERS, EACH):
            around.numbers += 1
    return around


def _topic(around: _Around) -> _Topic:
    facts, first = around.facts, around.first
    announced = _ANNOUNCEMENT.search(words(first, "cooked")[:20_000]) if first.get("post_number") == 1 else None
    url = announced[1] if announced else ""
    try:
        created_at = moment(words(facts, "created_at"))
    except BadRow:
        created_at = None
    # Of a file that breaks off nobody knows whether its topic was public: what it tells of that comes last.
    is_public = facts.get("deleted_at") is None and facts.get("visible", around.is_whole) is not False
    title = headline_of(words(facts, "title")) if is_public else ""
    slug, number = (words(facts, name) or words(first, f"topic_{name}") for name in ("slug", "id"))
    missing = around.numbers - around.posts
    return _Topic(url or f"/t/{slug}/{number}", url, title, created_at, is_public, missing)


def _told(post: Object, topic: _Topic, number: int) -> Iterator[Told]:
    if post.get("post_type") in (NOTE, WHISPER):
        yield LeftOut(LeftOut.STAFF_ONLY, number)
        return
    if topic.url and post.get("post_number") == 1:
        return
    status, text = _status(post, topic), from_html(words(post, "cooked"))
    if status is SourceStatus.DELETED and not text:
        yield LeftOut(LeftOut.EMPTIED, number)
        return
    answered = post.get("reply_to_post_number")
    yield ImportedComment(
        article=topic.address,
        article_url=topic.url,
        article_headline=topic.title,
        article_published_at=topic.created_at,
        id=id_of("discourse", words(post, "post_number")),
        parent="" if topic.url and answered == 1 else id_of("discourse", words(post, "reply_to_post_number")),
        author_name=name_of(words(post, "name") or words(post, "username")),
        text=text,
        submitted_at=moment(words(post, "created_at")),
        status=status,
        votes=_votes(post),
        line=number,
    )


def _status(post: Object, topic: _Topic) -> SourceStatus:
    """Hidden posts were reported and await a decision."""
    if post.get("deleted_at") or post.get("user_deleted"):
        return SourceStatus.DELETED
    return SourceStatus.PENDING if post.get("hidden") or not topic.is_public else SourceStatus.PUBLISHED


def _votes(post: Object) -> int:
    """Likes are actions of the kind 2."""
    actions = post.get("actions_summary")
    likes = (
        [one for one in actions if isinstance(one, dict) and one.get("id") == 2] if isinstance(actions, list) else []
    )
    return sum(count_of(one.get("count")) for one in likes)
