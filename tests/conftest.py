"""The cast. Each fixture is a person with fixed rights, or a thing that person met."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache, caches
from django.test import Client

from comments.decisions import decide
from comments.models import Action, Comment, Decision, Trace
from comments.taking_over import discussion_of, take_over
from newsroom import roles
from newsroom.models import Article, Section, User

SHARED = Path(__file__).resolve().parent.parent.parent / "shared"
NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_numbers = itertools.count(1)


def shared_file(name: str) -> Path:
    """A file of the data folder beside the project; the test says that it was skipped where there is none."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"../shared/{name} is not beside this checkout")
    return path


def pytest_make_parametrize_id(config: pytest.Config, val: object, argname: str) -> str | None:
    """Bytes give no test its name: a packed file holds the time, and two processes must collect the same tests."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(autouse=True)
def _files_apart(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture(autouse=True)
def _pages_apart():
    """Each test begins with the numbers and versions of the one before, and with other comments."""
    caches["pages"].clear()


@pytest.fixture
def at() -> datetime:
    """The clock of tests that pass the time themselves."""
    return NOON


def person(username: str, *groups: str, **extra: object) -> User:
    user = User.objects.create_user(username, password="demo", first_name=username.capitalize(), last_name="", **extra)
    user.groups.set(Group.objects.filter(name__in=groups))
    return user


@pytest.fixture
def moderator(db) -> User:
    return person("mona", roles.MODERATORS, is_staff=True)


@pytest.fixture
def colleague(db) -> User:
    """Another moderator."""
    return person("karim", roles.MODERATORS, is_staff=True)


@pytest.fixture
def chief(db) -> User:
    return person("chantal", roles.CHIEFS, is_staff=True)


@pytest.fixture
def editor(db) -> User:
    return person("edmond", roles.EDITORS)


@pytest.fixture
def admin(db) -> User:
    return User.objects.create_superuser("adele", password="demo")


@pytest.fixture
def stranger(db) -> User:
    """Somebody with an account and no rights."""
    return person("serge")


@pytest.fixture
def reader(db, client: Client) -> Client:
    """A reader has no account: a browser."""
    cache.clear()
    return client


@pytest.fixture
def signed_in() -> Callable[[User], Client]:
    def sign_in(user: User) -> Client:
        browser = Client()
        browser.force_login(user)
        return browser

    return sign_in


@pytest.fixture
def section(db) -> Section:
    return Section.objects.create(name="Ville", slug="ville")


@pytest.fixture
def article(section: Section) -> Article:
    return make_article(section, slug="pont-des-tanneurs", headline="Le pont des Tanneurs ferme pour un an")


def make_article(section: Section | None, *, slug: str, headline: str = "Un titre", **fields: object) -> Article:
    return Article.objects.create(
        **{
            "section": section,
            "slug": slug,
            "source_key": slug,
            "headline": headline,
            "standfirst": "Ce qui change pour la ville.",
            "body": "<p>Il faudra s’y faire.</p>",
            "published_at": NOON - timedelta(days=1),
            **fields,
        }
    )


Write = Callable[..., Comment]


@pytest.fixture
def write(article: Article) -> Write:
    """A comment that waits: `write("texte", parent=…, name=…, email=…)`."""

    def written(
        text: str = "Douze mois annoncés, donc dix-huit.",
        *,
        under: Article | None = None,
        parent: Comment | None = None,
        name: str = "Yannick L.",
        email: str = "yannick@example.org",
        ago: timedelta = timedelta(hours=1),
    ) -> Comment:
        comment, _new = take_over(
            discussion_of(under or article),
            source_key=f"test {next(_numbers)}",
            author_name=name,
            text=text,
            email=email,
            submitted_at=NOON - ago,
            at=NOON,
            hold=True,
            parent=parent,
        )
        # As from the form: an import leaves no trace.
        Trace.objects.create(comment=comment, address="192.0.2.1", at=NOON)
        return comment

    return written


@pytest.fixture
def pending(write: Write) -> Comment:
    return write()


@pytest.fixture
def publish(write: Write, moderator: User) -> Write:
    """A comment that was approved by the moderator."""

    def published(text: str = "Merci pour la carte.", **how: object) -> Comment:
        comment = write(text, **how)
        decide(comment, action=Action.APPROVE, version=1, by=moderator, at=NOON)
        comment.refresh_from_db()
        return comment

    return published


@pytest.fixture
def approved(publish: Write) -> Comment:
    return publish()


@pytest.fixture
def take(moderator: User) -> Callable[..., Decision]:
    """Decide on a comment as it stands now: `take(comment, "REJECT", ground="SPAM")`."""

    def taken(comment: Comment, action: str, *, by: User | None = None, **extra: object) -> Decision:
        comment.refresh_from_db()
        decision = decide(
            comment,
            action=action,
            version=comment.version,
            by=by or moderator,
            at=NOON,
            **{"ground": "ABUSE" if action == "REJECT" else "", "note": "à relire" if action == "FLAG" else ""} | extra,
        )
        comment.refresh_from_db()
        return decision

    return taken


@pytest.fixture
def in_parallel(transactional_db) -> Callable[[list[Callable[[], object]]], list[object]]:
    """Run calls at once, each in a thread with its own connection; gives back results or the exceptions raised."""
    import threading
    from concurrent.futures import ThreadPoolExecutor

    from django.db import connections

    def run(calls: list[Callable[[], object]]) -> list[object]:
        gate = threading.Barrier(len(calls))

        def one(call: Callable[[], object]) -> object:
            gate.wait(timeout=20)
            try:
                return call()
            except Exception as raised:
                return raised
            finally:
                connections.close_all()

        with ThreadPoolExecutor(len(calls)) as threads:
            return list(threads.map(one, calls))

    return run
