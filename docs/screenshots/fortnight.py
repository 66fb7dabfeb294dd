"""Two weeks at the newspaper before the pictures are taken: what readers wrote and reported, what was decided and when.

Everything goes through the doors that readers and moderators use, at the times it would have happened, and comes out
the same for every run of one day. On a database with the demonstration's accounts, before its samples come:
`python docs/screenshots/fortnight.py`.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import django

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django.setup()

from django.utils import timezone  # noqa: E402 (the settings come first)

from comments import notes, standing  # noqa: E402
from comments.decisions import decide, undo  # noqa: E402
from comments.models import Action, Comment, Reader  # noqa: E402
from comments.reports import file_report  # noqa: E402
from comments.submission import Post, submit  # noqa: E402
from newsroom.importers.article import ImportedArticle, save_article  # noqa: E402
from newsroom.models import Article, User  # noqa: E402

TOLD = json.loads((HERE / "fortnight.json").read_text(encoding="utf-8"))
DAYS = 14
A_DAY = 30
# How a day's comments fall on its hours, from midnight; nobody moderates before seven.
HOURS = (1, 0, 0, 0, 0, 1, 3, 6, 7, 6, 5, 5, 9, 8, 5, 4, 4, 5, 7, 8, 7, 5, 3, 1)
OPENS_AT, CLOSES_AT = 7, 23
TAKES = (("APPROVE", 82), ("REJECT", 14), ("FLAG", 4))
# Of the visible ones, and of those that were reported.
REPORTED, UPHELD, TAKEN_BACK = 0.05, 0.35, 0.02


def main() -> None:
    now = timezone.localtime()
    chance = random.Random(14)  # noqa: S311 (a story, not a secret)
    people = {user.username: user for user in User.objects.filter(username__in=["moderator", "chief"])}
    articles = list(_articles(now))
    for number, (at, text) in enumerate(_written(now, chance)):
        comment = _submit(chance.choice(articles), text, number, at, chance)
        _settle(comment, at, now, people, chance)
    _tell_of_one_reader(articles, people, now)


def _articles(now: datetime) -> Iterator[Article]:
    for told in TOLD["articles"]:
        published = now.replace(hour=6, minute=30, second=0, microsecond=0) - timedelta(days=DAYS + 1)
        article = ImportedArticle(
            headline=told["headline"],
            slug=told["slug"],
            source_key=told["slug"],
            section=told["section"],
            standfirst=told["standfirst"],
            body=f"<p>{told['body']}</p>",
            author_line=told["by"],
            published_at=published,
        )
        yield save_article(article, at=published).article


def _written(now: datetime, chance: random.Random) -> Iterator[tuple[datetime, str]]:
    """When somebody wrote, in the order of time, and what: an opening and a close, never the same two again."""
    pairs = [(first, second) for first in TOLD["openings"] for second in TOLD["closes"]]
    chance.shuffle(pairs)
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    moments = sorted(
        midnight - timedelta(days=day) + timedelta(hours=hour, seconds=chance.randrange(3600))
        for day in range(DAYS + 1)
        for hour in chance.choices(range(24), HOURS, k=A_DAY + chance.randrange(-8, 9))
    )
    last = now - timedelta(hours=2)
    for at, (first, second) in zip((one for one in moments if one < last), pairs, strict=False):
        yield at, f"{first} {second}"


def _submit(article: Article, text: str, number: int, at: datetime, chance: random.Random) -> Comment:
    name = chance.choice(TOLD["names"])
    post = Post(
        author_name=name,
        email=f"voix{TOLD['names'].index(name)}@example.org",
        text=text,
        idempotency_key=f"fortnight:{number}",
        address=f"203.0.113.{number % 250}",
        form_age=60.0,
    )
    return submit(article, post=post, at=at)


def _settle(comment: Comment, at: datetime, now: datetime, people: dict[str, User], chance: random.Random) -> None:
    """Decided after some minutes, by day; a few reported afterwards, a few taken back and decided again."""
    until_open = _until_somebody_is_there(at)
    decided = at + until_open + timedelta(minutes=min(chance.lognormvariate(2.4, 0.9), 240))
    first, other = chance.sample(list(people.values()), 2)
    action = chance.choices([name for name, _part in TAKES], [part for _name, part in TAKES])[0]
    _take(comment, action, first, decided, chance)
    if action == "FLAG":
        _take(comment, chance.choice(["APPROVE", "REJECT"]), other, decided + timedelta(minutes=25), chance)
    elif chance.random() < TAKEN_BACK:
        undo(comment, version=comment.version, by=first, at=decided + timedelta(minutes=2))
        _take(comment, "APPROVE", first, decided + timedelta(minutes=3), chance)
    if comment.is_visible and chance.random() < REPORTED:
        _report(comment, decided + timedelta(minutes=50), chance)
        action = "REJECT" if chance.random() < UPHELD else "APPROVE"
        _take(comment, action, other, min(decided + timedelta(minutes=95), now), chance)


def _until_somebody_is_there(at: datetime) -> timedelta:
    if OPENS_AT <= at.hour < CLOSES_AT:
        return timedelta(0)
    opening = at.replace(hour=OPENS_AT, minute=0)
    return (opening if at.hour < OPENS_AT else opening + timedelta(days=1)) - at


def _take(comment: Comment, action: str, by: User, at: datetime, chance: random.Random) -> None:
    comment.refresh_from_db()
    ground = chance.choices(list(TOLD["grounds"]), list(TOLD["grounds"].values()))[0] if action == "REJECT" else ""
    note = "Un deuxième avis ?" if action == "FLAG" else ""
    decide(comment, action=Action(action), version=comment.version, by=by, at=at, ground=ground, note=note)
    comment.refresh_from_db()


def _report(comment: Comment, at: datetime, chance: random.Random) -> None:
    reason = chance.choice(["ABUSE", "ABUSE", "OFF_TOPIC", "PRIVACY", "OTHER"])
    address = f"198.51.100.{chance.randrange(250)}"
    file_report(comment, reason=reason, detail="", email="", address=address, port=None, at=at)


def _tell_of_one_reader(articles: list[Article], people: dict[str, User], now: datetime) -> None:
    """The one whose comment the pictures show: what he wrote before, a note about him, a measure."""
    moderator, chief = people["moderator"], people["chief"]
    for number, told in enumerate(TOLD["one_reader"]["wrote"]):
        at = now.replace(hour=10, minute=7 * number % 60) - timedelta(days=told["days_ago"])
        post = Post(
            author_name=TOLD["one_reader"]["name"],
            email=TOLD["one_reader"]["email"],
            text=told["text"],
            idempotency_key=f"fortnight:one:{number}",
            address="203.0.113.251",
            form_age=60.0,
        )
        comment = submit(articles[number % len(articles)], post=post, at=at)
        after = at + timedelta(minutes=14)
        ground = told.get("ground", "")
        decide(
            comment, action="REJECT" if ground else "APPROVE", version=1, by=moderator, at=after, ground=ground, note=""
        )
    reader = Reader.objects.get(email=TOLD["one_reader"]["email"])
    notes.pin(TOLD["one_reader"]["note"], by=chief, at=now - timedelta(days=3), reader=reader)
    standing.set_standing(
        reader, kind="WATCH", reason=TOLD["one_reader"]["reason"], by=chief, at=now - timedelta(days=3)
    )
    notes.pin(TOLD["desk_note"], by=chief, at=now - timedelta(hours=5), until=now + timedelta(days=1))


if __name__ == "__main__":
    main()
