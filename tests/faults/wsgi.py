"""The site's door for the faults' own server; with FAULTS_SABOTAGE, one guard is taken away.

Nothing of it can be reached from the product: a sabotage wraps the door, or replaces a name after the site has loaded.
"""

from __future__ import annotations

import io
import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from typing import Any
from urllib.parse import parse_qs, urlencode

from newsroom.wsgi import application as site

Environ = dict[str, Any]
Door = Callable[[Environ, Callable[..., Any]], Iterable[bytes]]
# As long as a careless site takes to write what it has already given thanks for, in seconds.
LATER = 0.5


def _is_post_of_a_comment(environ: Environ) -> bool:
    path = environ["PATH_INFO"]
    return environ["REQUEST_METHOD"] == "POST" and path.startswith("/articles/") and path.endswith("/comments/")


def _thanks(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
    place = environ["PATH_INFO"].removesuffix("comments/") + "?posted=1#comments"
    start("303 See Other", [("Location", place), ("Content-Length", "0")])
    return [b""]


def _with_body(environ: Environ, body: bytes) -> Environ:
    return environ | {"wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}


def _body(environ: Environ) -> bytes:
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))


def thanks_before_the_commit(door: Door) -> Door:
    def careless(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        if not _is_post_of_a_comment(environ):
            return door(environ, start)
        later = _with_body(environ, _body(environ))

        def write() -> None:
            time.sleep(LATER)
            list(door(later, lambda *_told: None))

        threading.Thread(target=write, daemon=True).start()
        return _thanks(environ, start)

    return careless


def thanks_whatever_happened(door: Door) -> Door:
    def careless(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        told: list[Any] = []
        answer = list(door(environ, lambda *args: told.extend(args)))
        if _is_post_of_a_comment(environ) and told[0].startswith("5"):
            return _thanks(environ, start)
        start(*told)
        return answer

    return careless


def another_key_each_time(door: Door) -> Door:
    def forgetful(environ: Environ, start: Callable[..., Any]) -> Iterable[bytes]:
        if not _is_post_of_a_comment(environ):
            return door(environ, start)
        fields = parse_qs(_body(environ).decode()) | {"idempotency_key": [secrets.token_hex(8)]}
        return door(_with_body(environ, urlencode(fields, doseq=True).encode()), start)

    return forgetful


def every_comment_is_visible(door: Door) -> Door:
    from comments.models.comment import CommentQuerySet

    CommentQuerySet.visible = lambda self: self.all()  # type: ignore[method-assign]
    return door


def does_not_compare_versions(door: Door) -> Door:
    """The statement that moves a comment, without its one condition: what was read may have changed since."""
    from comments.decisions import writing

    # Of the same parameters; true of every version.
    writing._MOVE = _without(writing._MOVE, "AND version = %s", "AND %s > 0")
    return door


def an_outage_is_a_fault(door: Door) -> Door:
    from newsroom.views import errors

    errors.is_outage = lambda _raised: False
    return door


def pages_are_kept_without_their_version(door: Door) -> Door:
    """In Redis too a copy is known by its article alone: what changes afterwards is not seen."""
    from newsroom.pages import kept

    state_of = kept.state_of
    kept.state_of = lambda slug: (slug,) if state_of(slug) else None
    return door


def errors_of_redis_come_through(door: Door) -> Door:
    from newsroom.pages import memory

    memory._out_of_reach = lambda: ()  # type: ignore[assignment,return-value]
    return door


def _without(sql: str, guard: str, instead: str) -> str:
    if sql.count(guard) != 1:
        raise LookupError(f"{guard!r} does not stand in the statement: this sabotage takes nothing away")
    return sql.replace(guard, instead)


SABOTAGE = {
    taken.__name__: taken
    for taken in (
        thanks_before_the_commit,
        thanks_whatever_happened,
        another_key_each_time,
        every_comment_is_visible,
        does_not_compare_versions,
        an_outage_is_a_fault,
        pages_are_kept_without_their_version,
        errors_of_redis_come_through,
    )
}
application: Door = site
for _named in filter(None, os.environ.get("FAULTS_SABOTAGE", "").split(",")):
    application = SABOTAGE[_named](application)
