"""A reader's e-mail leaves the server in no output but the staff screens that need it, hashed or not (promise 5)."""

from __future__ import annotations

import base64
import hashlib
import logging
import traceback

import pytest
from bs4 import BeautifulSoup
from django.core.cache import caches
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.decisions import decide
from comments.models import Comment, Reader, Report
from comments.rows import add_rows
from comments.taking_over import discussion_of, take_over
from newsroom.logs import WithoutValues
from tests.conftest import NOON

POSTED, IMPORTED, COMPLAINED = "Canari.Poste@example.org", "canari.import@example.org", "canari.plainte@example.org"
READERS = (POSTED, IMPORTED, COMPLAINED)


def traces_of(address: str) -> set[str]:
    """The address and what could stand for it: its halves, hashes such as avatars are asked for by, base64."""
    lowered = address.lower()
    raw = lowered.encode()
    hashes = {hashlib.new(name, raw).hexdigest() for name in ("md5", "sha1", "sha224", "sha256", "sha512", "blake2b")}
    encoded = {base64.b64encode(raw).decode().rstrip("="), base64.urlsafe_b64encode(raw).decode().rstrip("=")}
    written = {lowered, lowered.partition("@")[0], lowered.replace("@", "%40"), lowered.replace("@", "&#64;")}
    # Hashes are also cut short: the first 16 digits tell as much.
    return written | {digest[:16] for digest in hashes} | {code.lower() for code in encoded}


TRACES = {trace for address in READERS for trace in traces_of(address)}


def told_in(text: str) -> set[str]:
    return {trace for trace in TRACES if trace in text.lower()}


@pytest.fixture
def logged(caplog) -> pytest.LogCaptureFixture:
    """Everything that is logged, but the SQL that only a developer's own setting writes."""
    caplog.set_level(logging.DEBUG)
    return caplog


@pytest.fixture
def addresses(article, moderator, logged, reader) -> list[str]:
    """The site after each of the three readers has left an e-mail; every public address of it."""
    url = reverse("submit_comment", args=[article.slug])
    sent = {"author_name": "Zoé", "email": POSTED, "text": "Bonjour."}
    answers = [reader.post(url, sent), reader.post(url, sent | {"text": ""}, headers={"HX-Request": "true"})]
    take_over(
        discussion_of(article),
        source_key="canari",
        author_name="",
        text="Repris d’ailleurs.",
        email=IMPORTED,
        submitted_at=NOON,
        at=NOON,
    )
    posted = Comment.objects.get(reader__email=POSTED.lower())
    decide(posted, action="APPROVE", version=1, by=moderator, at=timezone.now())
    complaint = {"reason": "HATE", "detail": "Voyez vous-mêmes.", "email": COMPLAINED}
    answers.append(reader.post(reverse("report", args=[posted.public_id]), complaint))
    assert [answer.status_code for answer in answers] == [303, 422, 200]
    assert Report.objects.get().email == COMPLAINED
    # What a reader has just typed comes back to that reader alone, in an answer that nobody keeps.
    assert "no-store" in answers[1]["Cache-Control"]
    assert not told_in(answers[0]["Location"] + answers[2].content.decode())
    here = article.get_absolute_url()
    numbers = Comment.objects.values_list("public_id", flat=True)
    own = [f"/comments/{number}/{page}" for number in numbers for page in ("", "report/", "following/")]
    ways = ["", "?posted=1", "?sort=oldest", f"?reply={posted.public_id}", f"?at={posted.public_id}", "comments/key"]
    return [
        "/",
        f"/comments/counts?articles={article.slug}",
        "/sections/ville/",
        "/feed/",
        f"{here}comments/feed/",
        *(here + way for way in ways),
        *own,
        "/rien/",
    ]


def test_no_public_answer_tells_it(addresses):
    for address in addresses:
        answer = Client().get(address)
        whole = answer.content.decode() + repr(sorted(answer.items())) + str(answer.cookies)
        assert told_in(whole) == set(), address


def test_no_log_line_tells_it(addresses, logged, article, signed_in, moderator, settings):
    for address in addresses:
        Client().get(address)
    url = reverse("submit_comment", args=[article.slug])
    sent = {"author_name": "Zoé", "email": POSTED, "text": "x" * 6000}
    foreign = {"Origin": "https://elsewhere.example"}
    assert Client().post(url, sent).status_code == 422
    assert Client().post(url, sent, headers=foreign).status_code == 403
    settings.COMMENTS = settings.COMMENTS | {"LIMIT_SUBMIT_PER_ADDRESS": (0, 60)}
    assert Client().post(url, sent | {"text": "Encore."}).status_code == 429
    signed_in(moderator).get(reverse("desk"), {"queue": "approved"})
    lines = [
        f"{record.name} {record.getMessage()} {record.exc_text or ''}"
        for record in logged.records
        if not record.name.startswith("django.db")
    ]
    assert lines, "refusals are logged"
    assert [line for line in lines if told_in(line)] == []


def test_no_log_line_of_a_refusal_by_the_database_tells_it(addresses, settings):
    """PostgreSQL tells the row that it refuses; SQLite the constraint alone."""
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        add_rows(Reader, ("email", "first_seen_at"), [(POSTED.lower(), NOON)])
    whole = "".join(traceback.format_exception(refused.value))
    assert bool(told_in(whole)) == (connection.vendor == "postgresql")
    line = settings.LOGGING["formatters"]["line"]
    formatter = WithoutValues(line["format"], style=line["style"])
    logged = formatter.formatException((type(refused.value), refused.value, refused.value.__traceback__))
    assert told_in(logged) == set()
    assert "IntegrityError" in logged and "The above exception was" in logged
    assert line["()"] == "newsroom.logs.WithoutValues"


def test_no_cache_entry_and_no_limit_key_tells_it(addresses):
    """A table of counts or copies is read by other people than the table of readers."""
    for address in addresses:
        Client().get(address)
    kept = []
    with connection.cursor() as cursor:
        for table in ("newsroom_cache", "comments_limitcount", "django_session"):
            cursor.execute(f"SELECT * FROM {table}")
            kept += [repr(row) for row in cursor.fetchall()]
    assert any("comments" not in row for row in kept), "something is counted"
    for row in kept:
        assert told_in(row) == set()
    for backend in caches.all(initialized_only=True):
        assert told_in(repr(getattr(backend, "_cache", ""))) == set()
    reporters = Report.objects.values_list("reporter", flat=True)
    assert told_in(repr(list(reporters))) == set(), "a reporter's mark is keyed: nobody can hash an address to it"


def test_no_address_of_a_staff_page_tells_it(addresses, signed_in, admin, article):
    """Addresses stand in histories, in logs of proxies and in the Referer."""
    browser = signed_in(admin)
    reader, comment = Reader.objects.first(), Comment.objects.first()
    pages = [
        f"{reverse('desk')}?queue=approved",
        f"{reverse('desk')}?queue=reported",
        reverse("editor_articles"),
        reverse("editor_thread", args=[article.slug]),
        *(reverse(f"admin:comments_{name}_changelist") for name in ("comment", "report", "reader", "discussion")),
        reverse("admin:comments_reader_change", args=[reader.pk]),
        reverse("admin:comments_comment_change", args=[comment.pk]),
    ]
    seen = False
    for url in pages:
        answer = browser.get(url)
        assert answer.status_code == 200
        assert told_in(repr(sorted(answer.items()))) == set()
        page = BeautifulSoup(answer.content, "lxml")
        seen = seen or bool(told_in(page.get_text()))
        for tag in page.find_all(["a", "form", "img", "link", "script"]):
            leads = " ".join(str(tag.get(name, "")) for name in ("href", "src", "action", "hx-get", "hx-post"))
            assert told_in(leads) == set(), f"{url}: {leads}"
    assert seen, "the staff screens that need it show it"


def test_a_page_about_a_reader_opens_from_the_list_of_readers(addresses, signed_in, admin):
    page = BeautifulSoup(signed_in(admin).get(reverse("admin:comments_reader_changelist")).content, "lxml")
    for link in page.select(".field-comment_count a"):
        listed = BeautifulSoup(signed_in(admin).get(link["href"]).content, "lxml")
        assert len(listed.select("#result_list tbody tr")) == int(link.get_text())
