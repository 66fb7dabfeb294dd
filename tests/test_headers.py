"""What every answer says to the browser and to caches, and how input that is no input is refused."""

from __future__ import annotations

import time

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.pages import SHARED

# Nothing inline, nothing from elsewhere, no frame around us. `data:` pictures are those of style sheets.
POLICY = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
PUBLIC = [
    "front",
    "section",
    "article",
    "article, newest",
    "feed",
    "comments_feed",
    "counts",
    "comment",
    "following",
    "report",
]
# Answered to one visitor, or about nothing: nobody keeps it.
UNKEPT = ["key", "missing", "healthz", "sign-in", "landing"]
STAFF = [
    "desk",
    "editor_articles",
    "editor_thread",
    "admin:index",
    "admin:newsroom_importrun_add",
    "admin:comments_comment_changelist",
]


@pytest.fixture
def address(article, approved):
    """Where each name leads."""
    number, here = approved.public_id, article.get_absolute_url()
    own = {
        "front": "/",
        "section": "/sections/ville/",
        "article": here,
        "article, newest": f"{here}?sort=newest&utm_source=x",
        "feed": "/feed/",
        "comments_feed": f"{here}comments/feed/",
        "counts": f"/comments/counts?articles={article.slug},rien",
        "comment": f"/comments/{number}/",
        "following": f"/comments/{number}/following/",
        "report": f"/comments/{number}/report/",
        "key": f"{here}comments/key",
        "missing": "/articles/rien/",
        "healthz": "/healthz",
        "sign-in": reverse("account_login"),
        "landing": reverse("account_landing"),
        "editor_thread": reverse("editor_thread", args=[article.slug]),
    }
    return lambda name: own.get(name) or reverse(name)


def policy(answer) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in answer["Content-Security-Policy"].split(";") if part.strip()]
    return {name: value for name, _space, value in parts}


@pytest.mark.parametrize("name", [*PUBLIC, *UNKEPT, *STAFF])
def test_every_page_is_fenced_in(address, signed_in, admin, name):
    browser = signed_in(admin) if name in STAFF else Client()
    answer = browser.get(address(name))
    assert policy(answer) == POLICY
    assert {header: answer[header] for header in EVERYWHERE} == EVERYWHERE
    assert "Content-Security-Policy-Report-Only" not in answer


@pytest.mark.parametrize("name", PUBLIC)
class TestPublicPages:
    def test_two_visitors_get_the_same_bytes(self, address, signed_in, admin, name):
        plain = Client().get(address(name))
        known = signed_in(admin)
        known.cookies["sessionid2"] = "x"
        languages = {"Accept-Language": "en", "User-Agent": "other", "X-Forwarded-For": "192.0.2.7", "DNT": "1"}
        other = known.get(address(name), headers=languages)
        assert plain.content == other.content
        assert sorted(plain.items()) == sorted(other.items())

    def test_no_cookie_is_set_or_looked_at(self, address, name):
        answer = Client().get(address(name))
        assert not answer.cookies
        assert "Set-Cookie" not in answer
        assert "cookie" not in answer.get("Vary", "").lower()
        assert "accept-language" not in answer.get("Vary", "").lower()

    def test_a_shared_copy_lives_one_second_and_is_asked_for_again(self, address, name):
        answer = Client().get(address(name))
        assert answer["Cache-Control"] == SHARED == "public, max-age=0, s-maxage=1, must-revalidate"
        assert "Expires" not in answer
        assert "Last-Modified" not in answer, "a date tells one second from the next, a tag tells one page from another"

    def test_who_holds_the_same_copy_is_told_so(self, address, name):
        if name == "comment":
            pytest.skip("a permalink is a way, not a page: it has no tag")
        first = Client().get(address(name))
        for held in (first["ETag"], f'"x", {first["ETag"]}', first["ETag"].removeprefix("W/"), "*"):
            again = Client().get(address(name), headers={"If-None-Match": held})
            assert (again.status_code, again.content) == (304, b"")
            assert again["ETag"] == first["ETag"]
            assert again["Cache-Control"] == first["Cache-Control"]
        assert Client().get(address(name), headers={"If-None-Match": '"x"'}).status_code == 200


@pytest.mark.parametrize("name", [*UNKEPT, *STAFF])
def test_what_is_somebodys_own_is_kept_by_nobody(address, signed_in, admin, name):
    browser = signed_in(admin) if name in STAFF or name == "landing" else Client()
    answer = browser.get(address(name))
    assert "no-store" in answer["Cache-Control"]
    assert "public" not in answer["Cache-Control"]


def test_what_one_reader_is_answered_is_kept_by_nobody(article, approved):
    """A form with its mistakes, the form's part, the thanks for a report, a refusal."""
    form = reverse("submit_comment", args=[article.slug])
    complaint = reverse("report", args=[approved.public_id])
    answers = [
        Client().post(form, {}),
        Client().post(form, {}, headers={"HX-Request": "true"}),
        Client().post(form, {}, headers={"Origin": "https://elsewhere.example"}),
        Client().post(complaint, {}),
        Client().post(complaint, {"reason": "SPAM"}),
    ]
    assert [answer.status_code for answer in answers] == [422, 422, 403, 422, 200]
    for answer in answers:
        assert "no-store" in answer["Cache-Control"]
        assert not answer.cookies


def test_a_hidden_comments_404_is_kept_by_nobody(pending):
    """Or its permalink would answer 404 for a while after it was approved."""
    for page in ("", "report/", "following/"):
        assert "no-store" in Client().get(f"/comments/{pending.public_id}/{page}")["Cache-Control"]


# ── Input that is no input ────────────────────────────────────────────────
FORM, MULTIPART = "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"
PART = b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n'


def parts(*fields: tuple[bytes, bytes], end: bytes = b"--x--\r\n") -> bytes:
    return b"".join(PART % field for field in fields) + end


BODIES = {
    "65 KiB": (b"text=" + b"a" * 65 * 1024, FORM, {413}),
    "1 MiB of JSON": (b"[" * 1024 * 1024, "application/json", {413}),
    "JSON 60,000 deep": (b"[" * 60_000, "application/json", {400, 422}),
    "51 fields": (b"&".join(b"f%d=1" % n for n in range(51)), FORM, {400}),
    "51 parts": (parts(*((b"f%d" % n, b"1") for n in range(51))), MULTIPART, {400}),
    "51 empty fields": (b"&" * 51, FORM, {400}),
    "NUL": (b"text=a\0b", FORM, {400}),
    "NUL in percents": (b"text=a%00b", FORM, {400}),
    "NUL in a field's name": (b"te%00xt=a", FORM, {400}),
    "NUL in a part": (parts((b"text", b"a\0b")), MULTIPART, {400}),
    "NUL in a part's name": (parts((b"te\0xt", b"a")), MULTIPART, {400}),
    "invalid UTF-8": (b"text=\xff\xfe", FORM, {400}),
    "invalid UTF-8 in percents": (b"text=%ff%fe", FORM, {400}),
    "invalid UTF-8 in a part": (parts((b"text", b"\xff\xfe")), MULTIPART, {400}),
    "a lone surrogate": (b"text=%ed%a0%80", FORM, {400}),
    "no boundary": (b"text", "multipart/form-data", {400}),
    "an endless boundary": (b"text", "multipart/form-data; boundary=" + "a" * 5000, {400, 422}),
    "a part that does not end": (parts((b"text", b"a" * 1000), end=b""), MULTIPART, {400, 422}),
    "a header that does not end": (b"--x\r\nContent-Disposition: " + b"a" * 60_000, MULTIPART, {400, 422}),
    "a file": (
        b'--x\r\nContent-Disposition: form-data; name="text"; filename="../../x"\r\n\r\nabc\r\n--x--\r\n',
        MULTIPART,
        {400, 422},
    ),
    "base64 that is none": (
        b'--x\r\nContent-Disposition: form-data; name="a"\r\nContent-Transfer-Encoding: base64\r\n\r\n!\r\n--x--\r\n',
        MULTIPART,
        {400, 422},
    ),
    "a foreign charset": (b"text=a", f"{FORM}; charset=utf-7", {400, 422}),
    "a charset that is none": (b"text=a", f"{FORM}; charset=\xe9", {400, 422}),
    "no type": (b"text=a", "", {400, 422}),
}


def in_time(ask) -> int:
    """The status, answered within half a second of work (invariants.md); a busy machine is not the page's fault."""
    started = time.thread_time()
    answer = ask()
    assert time.thread_time() - started < 0.5
    assert answer.status_code < 500
    assert policy(answer) == POLICY
    return answer.status_code


@pytest.mark.parametrize("case", BODIES)
@pytest.mark.parametrize("name", ["submit_comment", "report"])
def test_a_malformed_post_is_refused_at_once(article, approved, name, case):
    body, kind, statuses = BODIES[case]
    url = reverse(name, args=[article.slug if name == "submit_comment" else approved.public_id])
    browser = Client(raise_request_exception=False)
    browser.get(article.get_absolute_url())
    assert in_time(lambda: browser.generic("POST", url, body, content_type=kind)) in statuses
    assert article.discussion.comments.count() == 1
    assert not approved.reports.exists()


@pytest.mark.parametrize("case", BODIES)
@pytest.mark.parametrize("name", ["desk acts", "sign-in", "admin"])
def test_a_malformed_post_to_the_staff_breaks_nothing(article, pending, signed_in, admin, name, case):
    body, kind, _statuses = BODIES[case]
    url = {
        "desk acts": reverse("decide", args=[pending.public_id]),
        "sign-in": reverse("account_login"),
        "admin": reverse("admin:comments_comment_changelist"),
    }[name]
    browser = signed_in(admin) if name != "sign-in" else Client()
    browser.raise_request_exception = False
    assert in_time(lambda: browser.generic("POST", url, body, content_type=kind)) < 500
    pending.refresh_from_db()
    assert pending.is_pending


BAD = ["%00", "a%00b", "%ff%fe", "%ed%a0%80", "%c0%80"]


@pytest.mark.parametrize("bad", BAD)
def test_an_address_that_is_no_text_is_refused_at_once(article, approved, signed_in, admin, bad):
    here = article.get_absolute_url()
    for path in (f"/{bad}", f"/articles/{bad}/", f"/comments/{bad}/", f"/moderation/articles/{bad}/", f"/admin/{bad}/"):
        assert in_time(lambda path=path: Client(raise_request_exception=False).get(path)) == 400, path
    for path in ("/", here, f"/comments/{approved.public_id}/report/", "/moderation/", "/admin/", "/accounts/login/"):
        for query in (f"after={bad}", f"{bad}=1", f"next=/{bad}"):
            browser = Client(raise_request_exception=False)
            assert in_time(lambda b=browser, p=path, q=query: b.get(p, QUERY_STRING=q)) == 400, f"{path}?{query}"


def test_a_query_of_too_many_fields_is_refused_at_once(article):
    query = "&".join(f"f{number}=1" for number in range(2000))
    assert in_time(lambda: Client().get(article.get_absolute_url(), QUERY_STRING=query)) == 400


@pytest.mark.parametrize(
    "headers",
    [
        {"If-None-Match": 'W/"' + "a" * 5000},
        {"If-None-Match": "\xff\xfe"},
        {"If-Modified-Since": "not a date"},
        {"Cookie": "sessionid=\xff; =; a\0b"},
        {"Cookie": "sessionid=" + "a" * 5000},
        {"X-Forwarded-For": "999.999.999.999, ::1%eth0, \xff"},
        {"Accept-Language": "x" * 5000},
        {"HX-Request": "true", "HX-Current-URL": "http://[::1"},
        {"HX-Request": "true", "HX-Current-URL": "%ff", "HX-Current-URL-URI-AutoEncoded": "true"},
        {"Referer": "http://[::1"},
        {"Origin": "http://[::1"},
        {"Sec-Fetch-Site": "\xff"},
        {"Content-Type": "text/\xff"},
        {"Content-Length": "-1"},
        {"Content-Length": "x"},
    ],
    ids=lambda headers: " ".join(f"{name}={value[:12]!r}" for name, value in headers.items()),
)
def test_a_malformed_header_breaks_nothing(article, approved, moderator, signed_in, headers):
    for browser in (Client(raise_request_exception=False), signed_in(moderator)):
        browser.raise_request_exception = False
        for url in (article.get_absolute_url(), f"/comments/{approved.public_id}/following/", "/moderation/"):
            in_time(lambda url=url, browser=browser: browser.get(url, headers=headers))
        form = reverse("submit_comment", args=[article.slug])
        in_time(lambda browser=browser: browser.post(form, {"text": "a"}, headers=headers))
        deciding = reverse("decide", args=[approved.public_id])
        in_time(lambda browser=browser: browser.post(deciding, {"action": "x"}, headers=headers))
