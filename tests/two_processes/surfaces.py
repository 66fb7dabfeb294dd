"""Whatever a reader can ask the site for, by the names of the site map: where a text, a name or a number could show."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from comments.models import Comment
from newsroom.models import Article

# A position behind which everything lies: microseconds since 1970.
FAR = "9" * 17
Read = Callable[[str], str]
Count = Callable[[str], list[int]]


@dataclass(frozen=True)
class Surface:
    """A page as it is asked for.

    `about` is the number of the one comment it is about: it answers `found` where that is visible, `gone` where not.
    `shows` gives the part that must show a comment at some time: its own where it is about one, else any; None where it
    never shows any. `counts` gives every number of visible comments on it, `answers` every number of visible answers.
    """

    name: str
    path: str
    about: int | None = None
    found: int = 200
    gone: int = 404
    form: Mapping[str, object] | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    shows: Read | None = str
    counts: Count | None = None
    answers: Count | None = None


@dataclass(frozen=True)
class World:
    """An article with comments, numbered as they are decided, and one that came later."""

    article: Article
    later: Article
    written: Sequence[Comment]

    @property
    def here(self) -> str:
        return self.article.get_absolute_url()

    def asked(self, near: Iterable[int]) -> list[Surface]:
        """Every surface; those about one comment for each of these numbers."""
        numbers = sorted(set(near))
        return [surface for pages in POLLED.values() for surface in pages(self, numbers)]

    def _answers_on(self, page: str) -> list[int]:
        """Answers shown and those that a link promises: all below the first comment, where it is on the page."""
        if f'id="comment-{self.written[0].public_id}"' not in page:
            return []
        below = [one.public_id for one in self.written if one.parent_id]
        shown = sum(f'id="comment-{public_id}"' in page for public_id in below)
        more = _MORE.search(page)
        # « Voir l’autre réponse » holds no digit.
        return [shown + (int(re.sub(r"\D", "", more[1]) or 1) if more else 0)]


_MORE = re.compile(r'class="more"\s+href="/comments/\d+/following/"[^>]*>.*?</svg>([^<]*)', re.DOTALL)
_BESIDE_A_BUBBLE = r"[^>]*>.*?</svg>\s*(\d+)"
# A number that is not there is none: 0.
_ON_AN_ARTICLE = [
    re.compile(r'class="comments-title"[^>]*>.*?<span class="num">(\d+)</span>', re.DOTALL),
    re.compile(r'class="said num" href="#comments"' + _BESIDE_A_BUBBLE, re.DOTALL),
    re.compile(r'"commentCount": (\d+)'),
]
_ON_A_LIST = [
    re.compile(r'#comments" class="num"' + _BESIDE_A_BUBBLE, re.DOTALL),
    re.compile(r'<span class="said num"' + _BESIDE_A_BUBBLE, re.DOTALL),
]
_FORM_TITLE = re.compile(r'<h3 id="write-title".*?>(.*?)</h3>', re.DOTALL)


def _numbers(patterns: Sequence[re.Pattern[str]]) -> Count:
    return lambda page: [int(found[1]) if (found := one.search(page)) else 0 for one in patterns]


def _form_title(page: str) -> str:
    found = _FORM_TITLE.search(page)
    return found[1] if found else ""


def _lists(name: str, path: str) -> list[Surface]:
    how: dict[str, Any] = {"shows": None, "counts": _numbers(_ON_A_LIST)}
    return [Surface(name, path, **how)]


def _front(world: World, _near: list[int]) -> list[Surface]:
    return _lists("front", "/") + _lists("front after", f"/?after={world.later.slug}")


def _section(world: World, _near: list[int]) -> list[Surface]:
    here = "/sections/ville/"
    return _lists("section", here) + _lists("section after", f"{here}?after={world.later.slug}")


def _article(world: World, near: list[int]) -> list[Surface]:
    how: dict[str, Any] = {"counts": _numbers(_ON_AN_ARTICLE), "answers": world._answers_on}
    whole = ["", "?sort=oldest", "?sort=answers", "?posted=1"]
    whole += [f"?after={FAR}.1", "?sort=oldest&after=1.1", f"?sort=answers&after=99.{FAR}.1"]
    pages = [Surface(f"article {query}", world.here + query, **how) for query in whole]
    for number in near:
        public_id, about = world.written[number].public_id, {"about": number, "gone": 200}
        pages.append(Surface("article at", f"{world.here}?at={public_id}", **about, **how))
        pages.append(Surface("article reply", f"{world.here}?reply={public_id}", **about, shows=_form_title, **how))
    return pages


def _submit(world: World, near: list[int]) -> list[Surface]:
    """A post with a mistake draws the whole page again, or its form."""
    path = f"{world.here}comments/"
    how: dict[str, Any] = {"counts": _numbers(_ON_AN_ARTICLE), "answers": world._answers_on}
    posts = [Surface("mistake", path, found=422, form={"text": ""}, **how)]
    for number in near:
        answer = {"about": number, "found": 422, "gone": 422, "shows": _form_title}
        form = {"parent": world.written[number].public_id}
        posts.append(Surface("mistake in an answer", path, form=form, **answer, **how))
        posts.append(Surface("mistake, its part", path, form=form, headers={"HX-Request": "true"}, **answer))
    return posts


def _comment(world: World, near: list[int]) -> list[Surface]:
    return [Surface("comment", _own(world, n), about=n, found=302, shows=None) for n in near]


def _following(world: World, near: list[int]) -> list[Surface]:
    """Shows what comes after its comment, never that one."""
    pages = []
    for number in near:
        path = f"{_own(world, number)}following/"
        after: dict[str, Any] = {"about": number, "shows": None if world.written[number].parent_id is None else str}
        pages.append(Surface("following", path, **after))
        pages.append(Surface("following, its part", path, headers={"HX-Request": "true"}, **after))
    return pages


def _report(world: World, near: list[int]) -> list[Surface]:
    paths = [(number, f"{_own(world, number)}report/") for number in near]
    mistakes = [Surface("mistake in a report", path, about=n, found=422, form={"reason": ""}) for n, path in paths]
    return mistakes + [Surface("report", path, about=number) for number, path in paths]


def _counts(world: World, _near: list[int]) -> list[Surface]:
    slug = world.article.slug
    path = f"/comments/counts?articles={slug}"
    return [Surface("counts", path, shows=None, counts=lambda body: [json.loads(body)["counts"][slug]])]


def _own(world: World, number: int) -> str:
    return f"/comments/{world.written[number].public_id}/"


POLLED: dict[str, Callable[[World, list[int]], list[Surface]]] = {
    "front": _front,
    "section": _section,
    "article": _article,
    "submit_comment": _submit,
    "comments_feed": lambda world, _near: [Surface("comments feed", f"{world.here}comments/feed/")],
    "comment": _comment,
    "comment_following": _following,
    "report": _report,
    "comment_counts": _counts,
    # These show no comment; they are read all the same.
    "feed": lambda _world, _near: [Surface("feed", "/feed/", shows=None)],
    "comment_key": lambda world, _near: [Surface("key", f"{world.here}comments/key", shows=None)],
    "healthz": lambda _world, _near: [Surface("healthz", "/healthz", shows=None)],
}
# Surfaces that show what lies behind their own comment.
SHOW_OTHERS = {"following", "following, its part"}
