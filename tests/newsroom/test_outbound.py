"""The one outbound client: whom it talks to, how much it takes, how long it waits."""

from __future__ import annotations

import gzip
import ipaddress
import ssl
import time

import pytest

from newsroom.outbound import NotFetched, Visit, robots, vetting
from newsroom.outbound.exchange import exchange
from tests.newsroom.elsewhere import CERTIFICATE, answer, dripping, leading_to, packed

pytest_plugins = ["tests.newsroom.elsewhere"]

PRIVATE = [
    "127.0.0.1", "127.9.9.9", "0.0.0.0", "0.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1",
    "169.254.169.254", "100.64.0.1", "192.0.0.8", "192.0.2.1", "198.18.0.1", "198.51.100.7", "203.0.113.9",
    "224.0.0.1", "239.255.255.250", "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "fe80::1",
    "fe80::1%eth0", "fec0::1", "fc00::1", "fd12:3456::1", "ff02::1", "2002:7f00:1::", "2002:a9fe:a9fe::",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "64:ff9b::7f00:1", "64:ff9b::a00:1", "64:ff9b:1::1", "2001:db8::1",
    "100::1",
]  # fmt: skip
PUBLIC = ["93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "::ffff:8.8.8.8", "64:ff9b::808:808"]


@pytest.mark.parametrize("number", PRIVATE)
def test_a_number_that_is_not_everybodys_is_refused(number):
    assert not vetting.is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize("number", PUBLIC)
def test_a_number_of_the_internet_is_not(number):
    assert vetting.is_public(ipaddress.ip_address(number))


@pytest.mark.parametrize(
    "address",
    [
        "", "courrier.example", "//courrier.example/", "ftp://courrier.example/", "file:///etc/passwd", "gopher://x/",
        "javascript:alert(1)", "http://", "http:///page", "http://:80/", "http://user@courrier.example/",
        "http://user:secret@courrier.example/", "http://courrier.example:22/", "http://courrier.example:6379/",
        "http://courrier.example:99999/", "http://[::1", "http://a" + "b" * 3000, "http://\ud800.example/",
        "http://" + "a" * 70 + ".example/",
    ],
)  # fmt: skip
def test_what_is_no_web_address_is_refused_before_anything_is_asked(address, names):
    with pytest.raises(NotFetched):
        Visit().fetch(address)
    assert names["asked"] == []


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "0177.0.0.1", "127.1", "localhost", "[::1]"])
def test_every_way_to_write_this_machine_is_this_machine(host):
    with pytest.raises(NotFetched, match=r"network|réseau"):
        Visit().fetch(f"http://{host}/")


def test_a_page_is_fetched_whole_with_a_plain_agent(elsewhere, settings):
    settings.SITE_URL = "https://www.journal.example"
    elsewhere.pages["/page?a=é"] = elsewhere.pages["/page?a=%C3%A9"] = "<p>Bonjour.</p>"
    got = Visit().fetch(elsewhere.address("/page?a=é#bas"))
    assert (got.status, got.kind, got.data) == (200, "text/html", b"<p>Bonjour.</p>")
    assert got.address == elsewhere.address("/page?a=%C3%A9")
    asked = dict(elsewhere.asked)["/page?a=%C3%A9"]
    assert asked["Host"] == f"courrier.example:{elsewhere.port}"
    assert asked["User-Agent"] == f"newsroom-comments/{settings.RELEASE} (+https://www.journal.example)"
    assert not {"Cookie", "Authorization", "Referer"} & set(asked)


def test_the_name_is_asked_once_and_its_number_connected_to(elsewhere, names):
    """A name that changes its number between the look and the connection gains nothing: it is not asked again."""
    elsewhere.pages["/"] = "ok"
    target = vetting.target_of(elsewhere.address("/"))
    exchange(target, headers={}, largest=100, deadline=time.monotonic() + 5)
    assert names["asked"] == ["courrier.example"]


@pytest.mark.parametrize("numbers", [["10.0.0.1"], ["93.184.216.34", "10.0.0.1"], ["169.254.169.254"], []])
def test_a_name_with_one_private_number_is_refused(names, numbers):
    names["interne.example"] = numbers
    with pytest.raises(NotFetched):
        Visit().fetch("http://interne.example/")


def test_redirects_are_followed_and_each_is_looked_at_anew(elsewhere, names):
    names["interne.example"] = ["192.168.0.1"]
    elsewhere.pages |= {
        "/old": leading_to("/new", status=301),
        "/new": leading_to(elsewhere.address("/page", host="www.courrier.example")),
        "/page": "here",
        "/inside": leading_to("http://interne.example/"),
        "/file": leading_to("file:///etc/passwd"),
        "/metadata": leading_to("http://169.254.169.254/latest/meta-data/"),
        "/port": leading_to("http://courrier.example:22/"),
        "/circle": leading_to("/circle"),
        "/nowhere": leading_to(""),
    }
    got = Visit().fetch(elsewhere.address("/old"))
    assert (got.data, got.address) == (b"here", elsewhere.address("/page", host="www.courrier.example"))
    names["169.254.169.254"] = ["169.254.169.254"]
    for path in ("/inside", "/file", "/metadata", "/port", "/circle"):
        with pytest.raises(NotFetched):
            Visit().fetch(elsewhere.address(path))


def test_more_than_the_limit_is_refused_however_it_comes(elsewhere):
    def without_length(handler):
        handler.send_response(200)
        handler.send_header("Connection", "close")
        handler.end_headers()
        handler.wfile.write(b"a" * 200_000)
        handler.close_connection = True

    elsewhere.pages |= {
        "/large": b"a" * 100_001,
        "/just": b"a" * 100_000,
        "/endless": without_length,
        "/packed": packed(b"a" * 100_000),
        "/bomb": packed(b"\0" * 50_000_000),
        "/lies": lambda handler: answer(handler, b"no gzip", Content_Encoding="gzip"),
        "/cut": lambda handler: answer(handler, gzip.compress(b"abc" * 1000)[:-9], Content_Encoding="gzip"),
        "/brotli": lambda handler: answer(handler, b"abc", Content_Encoding="br"),
    }
    for path in ("/just", "/packed"):
        assert Visit().fetch(elsewhere.address(path), largest=100_000).data == b"a" * 100_000
    started = time.thread_time()
    for path in ("/large", "/endless", "/bomb", "/lies", "/cut", "/brotli"):
        with pytest.raises(NotFetched):
            Visit().fetch(elsewhere.address(path), largest=100_000)
    assert time.thread_time() - started < 1


def test_a_server_that_drips_is_left_after_the_seconds(elsewhere):
    elsewhere.pages["/drip"] = dripping
    started = time.monotonic()
    with pytest.raises(NotFetched, match=r"too long|trop de temps"):
        Visit().fetch(elsewhere.address("/drip"), seconds=0.7)
    assert time.monotonic() - started < 2.5


def test_a_resolver_that_sleeps_is_left_too(names, monkeypatch):
    monkeypatch.setattr(vetting.socket, "getaddrinfo", lambda *_a, **_k: time.sleep(3) or [])
    started = time.monotonic()
    with pytest.raises(NotFetched):
        Visit().fetch("http://courrier.example/", seconds=0.3)
    assert time.monotonic() - started < 1.5


def test_what_is_no_answer_is_a_sentence(elsewhere, names, monkeypatch):
    def garbage(handler):
        handler.wfile.write(b"\x00\xff not http\r\n\r\n")
        handler.close_connection = True

    def silence(handler):
        handler.close_connection = True

    def headers_without_end(handler):
        handler.send_response(200)
        for number in range(300):
            handler.send_header(f"X-{number}", "a")
        handler.end_headers()

    elsewhere.pages |= {"/garbage": garbage, "/silence": silence, "/headers": headers_without_end}
    for path in ("/garbage", "/silence", "/headers", "/missing"):
        with pytest.raises(NotFetched) as refused:
            Visit().fetch(elsewhere.address(path), seconds=5)
        assert str(refused.value).endswith(".")
    port = elsewhere.port
    elsewhere.close()
    with pytest.raises(NotFetched):
        Visit().fetch(f"http://courrier.example:{port}/", seconds=2)


def test_an_unchanged_answer_is_told_as_such(elsewhere):
    def conditional(handler):
        if handler.headers.get("If-None-Match") == '"a"':
            handler.send_response(304)
            handler.end_headers()
        else:
            answer(handler, "one", ETag='"a"', Last_Modified="Sun, 22 Nov 2026 10:00:00 GMT")

    elsewhere.pages["/feed"] = conditional
    first = Visit().fetch(elsewhere.address("/feed"))
    assert (first.etag, first.last_modified) == ('"a"', "Sun, 22 Nov 2026 10:00:00 GMT")
    again = Visit().fetch(elsewhere.address("/feed"), headers={"If-None-Match": first.etag})
    assert (again.status, again.data) == (304, b"")


class TestCertificates:
    def test_the_host_is_named_and_its_certificate_must_be_its_own(self, elsewhere_by_tls, monkeypatch):
        known = ssl.create_default_context(cafile=CERTIFICATE)
        monkeypatch.setattr(ssl, "create_default_context", lambda: known)
        elsewhere_by_tls.pages["/"] = "safe"
        assert Visit().fetch(elsewhere_by_tls.address("/", scheme="https")).data == b"safe"
        assert set(elsewhere_by_tls.named) == {"courrier.example"}

    def test_another_hosts_certificate_is_refused(self, elsewhere_by_tls, names, monkeypatch):
        known = ssl.create_default_context(cafile=CERTIFICATE)
        monkeypatch.setattr(ssl, "create_default_context", lambda: known)
        names["autre.example"] = ["127.0.0.1"]
        with pytest.raises(NotFetched, match="certificat"):
            Visit().fetch(elsewhere_by_tls.address("/", host="autre.example", scheme="https"))

    def test_one_that_nobody_vouches_for_is_refused(self, elsewhere_by_tls):
        with pytest.raises(NotFetched, match="certificat"):
            Visit().fetch(elsewhere_by_tls.address("/", scheme="https"))
        assert elsewhere_by_tls.asked == []


class TestRobots:
    def test_a_page_that_robots_txt_keeps_back_is_not_asked_for(self, elsewhere):
        elsewhere.pages |= {"/robots.txt": "User-agent: *\nDisallow: /archives", "/archives/1": "x", "/une": "y"}
        visit = Visit()
        with pytest.raises(NotFetched, match=r"robots\.txt"):
            visit.fetch(elsewhere.address("/archives/1"))
        assert visit.fetch(elsewhere.address("/une")).data == b"y"
        assert [path for path, _headers in elsewhere.asked] == ["/robots.txt", "/une"]

    def test_a_redirect_is_no_way_around_it(self, elsewhere):
        elsewhere.pages |= {"/robots.txt": "User-agent: *\nDisallow: /b", "/a": leading_to("/b"), "/b": "x"}
        with pytest.raises(NotFetched, match=r"robots\.txt"):
            Visit().fetch(elsewhere.address("/a"))

    def test_where_it_cannot_be_read_nothing_is_and_where_there_is_none_everything(self, elsewhere):
        elsewhere.pages["/une"] = "y"
        assert Visit().fetch(elsewhere.address("/une")).data == b"y"
        elsewhere.pages["/robots.txt"] = lambda handler: answer(handler, "", status=503)
        with pytest.raises(NotFetched, match=r"robots\.txt"):
            Visit().fetch(elsewhere.address("/une"))

    @pytest.mark.parametrize(
        ("text", "path", "may"),
        [
            ("", "/a", True),
            ("User-agent: *\nDisallow:", "/a", True),
            ("User-agent: *\nDisallow: /", "/a", False),
            ("User-agent: other\nDisallow: /", "/a", True),
            ("User-agent: Newsroom-Comments\nDisallow: /a\nUser-agent: *\nDisallow: /", "/b", True),
            ("User-agent: newsroom-comments/9\nUser-agent: x\nDisallow: /a", "/a", False),
            ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b/c", True),
            ("User-agent: *\nAllow: /a\nDisallow: /a/b", "/a/b", False),
            ("User-agent: *\nDisallow: /a\nAllow: /a", "/a", True),
            ("User-agent: *\nDisallow: /*?print=", "/une?print=1", False),
            ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf", False),
            ("User-agent: *\nDisallow: /*.pdf$", "/a.pdf?x", True),
            ("User-agent: *\nDisallow: /a # a note", "/a", False),
            ("\ufeffgarbage\nUSER-AGENT:*\nDISALLOW:/a", "/a", False),
            ("User-agent: *\nDisallow: /" + "*a" * 900, "/" + "a" * 1900, False),
        ],
    )
    def test_rules_are_read_as_rfc_9309_says(self, text, path, may):
        started = time.thread_time()
        assert robots.rules_of(text).allow(path) is may
        assert time.thread_time() - started < 0.5
