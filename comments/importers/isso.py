"""Format `isso`: its SQLite file (`comments.db`), or the JSON that isso itself calls generic. Texts are Markdown."""

from __future__ import annotations

import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from comments.importers.comment import ImportedComment, LeftOut, SourceStatus, Told, Unreadable
from comments.importers.export import Export
from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.json_document import EACH, Layout, Member, Opened, members
from comments.importers.rows.json_rows import Object, object_in, words
from comments.importers.rows.json_window import Broken
from comments.importers.rows.kinds import Kind, kind_of, refuse_other_kinds
from comments.importers.rows.rich_text import from_markdown, headline_of
from comments.importers.rows.unpacking import GZIP_SIGN
from comments.importers.rows.values import count_of, email_of, id_of, moment, moment_of_seconds, name_of
from newsroom.importers.source import MEBIBYTE, RefusedArticle

MODES = {1: SourceStatus.PUBLISHED, 2: SourceStatus.PENDING, 4: SourceStatus.DELETED}
# A row of isso's is found in some sixty steps: a file that makes the database work longer is made to cost time.
STEPS_MAX = 5_000_000
STEPS_A_ROW = 1_000
_STEPS_AT_ONCE = 10_000
TEXT_MAX = MEBIBYTE
_COMMENTS, _A_THREAD = (EACH, "comments"), Opened((EACH,), is_list=False)
# Behind a broken place the next thread: a comment does not say whose it is.
_LAYOUT = Layout(
    frozenset({(), (EACH,), _COMMENTS}), again_in=(), again=re.compile(r'\]\s*\}\s*,\s*(?=\{\s*"(?:id|title)"\s*:)')
)
# A comment once, however often a damaged file has its thread.
_QUERY = """
    SELECT id, parent, created, mode, text, author, email, likes, dislikes,
           (SELECT uri FROM threads WHERE threads.id = comments.tid LIMIT 1) AS uri,
           (SELECT title FROM threads WHERE threads.id = comments.tid LIMIT 1) AS title
    FROM comments ORDER BY id
"""


class _Patience:
    """With a database: it may work so long in all, and a little longer for each row that it gives."""

    def __init__(self) -> None:
        self.left = STEPS_MAX

    def is_over(self) -> bool:
        self.left -= _STEPS_AT_ONCE
        return self.left < 0


def read(export: Export) -> Iterator[Told]:
    refuse_other_kinds(export, Kind.SQLITE, Kind.JSON)
    yield from _from_json(export) if kind_of(export.head()) is Kind.JSON else _from_database(export)


def _from_database(export: Export) -> Iterator[Told]:
    patience = _Patience()
    try:
        with _opened(export, patience) as database:
            for number, row in enumerate(database.execute(_QUERY), start=1):
                patience.left += STEPS_A_ROW
                try:
                    yield _told(dict(row), number)
                except BadRow as reason:
                    yield Unreadable(str(reason), number)
    except (sqlite3.Error, UnicodeDecodeError) as error:
        # A damaged file is quoted in the error's own words, which then are no text.
        raise RefusedArticle(_("This database cannot be read as one of isso: %(error)s.") % {"error": error}) from error


@contextmanager
def _opened(export: Export, patience: _Patience) -> Iterator[sqlite3.Connection]:
    """Read only, without its journal, its views and its triggers: the file is a stranger's."""
    with (
        _plain_file(export) as path,
        closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)) as database,
    ):
        database.execute("PRAGMA trusted_schema = OFF")
        database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, TEXT_MAX)
        database.row_factory = sqlite3.Row
        database.text_factory = lambda raw: raw.decode("utf-8", errors="replace")
        found = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if missing := {"comments", "threads"} - found:
            raise RefusedArticle(
                _("This database is none of isso: it has no table “%(name)s”.") % {"name": min(missing)}
            )
        database.set_progress_handler(patience.is_over, _STEPS_AT_ONCE)
        yield database


@contextmanager
def _plain_file(export: Export) -> Iterator[Path]:
    """The file itself; a packed one unpacked for the time being."""
    with export.path.open("rb") as file:
        is_packed = file.read(2) == GZIP_SIGN
    if not is_packed:
        yield export.path
        return
    with tempfile.NamedTemporaryFile(prefix="isso-") as unpacked, export.open() as packed:
        while data := packed.read(MEBIBYTE):
            unpacked.write(data)
        unpacked.flush()
        yield Path(unpacked.name)


def _told(row: Object, number: int) -> Told:
    mode = row["mode"]
    if mode not in MODES:
        raise BadRow(_("“%(word)s” is no status of this system.") % {"word": str(mode)[:40]})
    if MODES[mode] is SourceStatus.DELETED and not row["text"]:
        return LeftOut(LeftOut.EMPTIED, number)
    return _comment(
        row,
        number=number,
        address=words(row, "uri"),
        title=words(row, "title"),
        status=MODES[mode],
        submitted_at=moment_of_seconds(row["created"]),
        votes=count_of(row["likes"]) + count_of(row["dislikes"]),
    )


def _from_json(export: Export) -> Iterator[Told]:
    threads, number = iter(_threads(export)), 0
    thread: Object = {}
    for one in members(export, _LAYOUT):
        if isinstance(one, Opened):
            thread = next(threads) if one == _A_THREAD else thread
            continue
        if isinstance(one, Member) and len(one.path) == 2 and one.path != _COMMENTS:
            continue
        number += 1
        try:
            yield _read(one, thread, number)
        except BadRow as reason:
            yield Unreadable(str(reason), number)


def _read(one: Member | Broken, thread: Object, number: int) -> Told:
    if isinstance(one, Broken):
        return Unreadable(str(one), number)
    return _generic(thread, object_in(one.value), number)


def _threads(export: Export) -> list[Object]:
    """What each thread tells of itself, which may stand behind its comments."""
    threads: list[Object] = []
    for one in members(export, _LAYOUT):
        if one == Opened((), is_list=False):
            raise RefusedArticle(_("This JSON is of another kind: a list of threads is expected."))
        if one == _A_THREAD:
            threads.append({})
        elif isinstance(one, Member) and len(one.path) == 2 and one.path[-1] in ("id", "title"):
            threads[-1][one.path[-1]] = one.value
    return threads


def _generic(thread: Object, told: Object, number: int) -> Told:
    if not told:
        raise BadRow(_("This is not a comment: an object in braces is expected."))
    return _comment(
        told,
        number=number,
        address=words(thread, "id"),
        title=words(thread, "title"),
        status=SourceStatus.PUBLISHED,
        submitted_at=moment(words(told, "created")),
        votes=0,
    )


def _comment(told: Object, *, number: int, address: str, title: str, **known: Any) -> ImportedComment:
    """`address` is what the pages called themselves: a path, mostly."""
    if not address.strip():
        raise BadRow(_("The article it belongs to has no address in this file."))
    return ImportedComment(
        article=address.strip(),
        article_url=address.strip() if "://" in address else "",
        article_headline=headline_of(title),
        id=id_of("isso", words(told, "id")),
        parent=id_of("isso", words(told, "parent")),
        author_name=name_of(words(told, "author")),
        email=email_of(words(told, "email")),
        text=from_markdown(words(told, "text")),
        line=number,
        **known,
    )
