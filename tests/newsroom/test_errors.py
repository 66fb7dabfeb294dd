"""What is refused, and with which page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import path

from newsroom import urls
from newsroom.views import errors


def _broken(request):
    raise RuntimeError("something in the engine")


class _Sitemap:
    urlpatterns = [path("broken/", _broken), *urls.urlpatterns]
    handler400, handler403, handler404, handler500 = (
        urls.handler400,
        urls.handler403,
        urls.handler404,
        urls.handler500,
    )


@pytest.mark.parametrize("status", sorted(errors.WORDS))
def test_each_error_has_one_design_and_a_way_out(rf, db, status):
    page = errors.error_page(rf.get("/"), status=status)
    text = page.content.decode()
    assert page.status_code == status
    assert str(status) in text
    assert 'class="error-ways"' in text
    assert 'href="/"' in text
    assert "no-store" in page["Cache-Control"]


def test_a_missing_page_answers_in_the_sites_design(client, db):
    page = client.get("/nulle-part/")
    assert page.status_code == 404
    assert "error-ways" in page.content.decode()


def test_a_broken_page_answers_without_the_database(settings, django_assert_num_queries, db):
    settings.ROOT_URLCONF = _Sitemap
    client = Client(raise_request_exception=False)
    with django_assert_num_queries(0):
        page = client.get("/broken/")
    assert page.status_code == 500
    assert "error-ways" in page.content.decode()
    assert "engine" not in page.content.decode()


@pytest.mark.parametrize(
    "address",
    ["/articles/a%00b/", "/?after=%00", "/%FF%FE/", "/?after=%FF", "/articles/x/?sort=a%00"],
)
def test_an_address_that_is_no_text_is_refused(client, db, address):
    before, _, query = address.partition("?")
    page = client.get(before, QUERY_STRING=query) if query else client.get(address)
    assert page.status_code == 400
    assert "error-ways" in page.content.decode()


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"text=" + b"a" * 70_000, "application/x-www-form-urlencoded", 413),
        (b"&".join(b"f%d=1" % n for n in range(60)), "application/x-www-form-urlencoded", 400),
        (b"text=a%00b", "application/x-www-form-urlencoded", 400),
        (b"text=a\x00b", "application/x-www-form-urlencoded", 400),
        (b"text=%ff%fe", "application/x-www-form-urlencoded", 400),
        (b"text=\xff\xfe", "application/x-www-form-urlencoded", 400),
        (b"\xff\xfe", "application/json", 400),
        (b"[" * 60_000, "application/json", 422),
        (b"no boundary", "multipart/form-data", 400),
        (b"nothing like it", "multipart/form-data; boundary=x", 422),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\x00b\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n\xff\xfe\r\n--x--\r\n',
            "multipart/form-data; boundary=x",
            400,
        ),
        (
            b"".join(b'--x\r\nContent-Disposition: form-data; name="f%d"\r\n\r\n1\r\n' % n for n in range(60))
            + b"--x--\r\n",
            "multipart/form-data; boundary=x",
            400,
        ),
        (b"text=a", "application/x-www-form-urlencoded; charset=utf-16", 400),
        (b"text=a", "application/x-www-form-urlencoded; charset=klingon", 400),
        (b"text=a", "application/x-www-form-urlencoded; charset=base64", 400),
    ],
)
def test_a_malformed_post_is_refused_and_never_breaks(client, article, body, kind, status):
    page = client.generic("POST", f"/articles/{article.slug}/comments/", body, content_type=kind)
    assert page.status_code == status


def test_fifty_fields_are_still_read(client, article):
    fields = {f"f{number}": "1" for number in range(50)}
    assert client.post(f"/articles/{article.slug}/comments/", fields).status_code == 422


def test_staff_may_send_more(client, admin):
    client.force_login(admin)
    body = b"note=" + b"a" * 100_000
    form = "application/x-www-form-urlencoded"
    assert client.post("/moderation/nothing/here/", body, content_type=form).status_code == 404
    assert client.post("/moderation/nothing/here/", body * 11, content_type=form).status_code == 413


def test_staff_send_pictures_but_no_nul_in_words(client, admin):
    client.force_login(admin)
    part = b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    picture = part % (b"image", b'; filename="a.png"', b"\x89PNG\x00\xff")
    for words, status in ((b"legende", 404), (b"leg\x00ende", 400)):
        body = picture + part % (b"caption", b"", words) + b"--x--\r\n"
        sent = client.generic("POST", "/moderation/nothing/here/", body, content_type="multipart/form-data; boundary=x")
        assert sent.status_code == status


def test_a_probe_hears_whether_the_database_answers(client, db, monkeypatch):
    assert (client.get("/healthz").status_code, client.get("/healthz").content) == (200, b"ok\n")

    def down() -> None:
        raise OSError("no route to the database")

    with monkeypatch.context() as without_database:
        without_database.setattr("newsroom.views.health.connection.cursor", down)
        assert client.get("/healthz").status_code == 503


def test_a_foreign_host_is_refused(client, db):
    assert client.get("/", headers={"Host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize("asked", ["post", "put", "delete"])
def test_a_page_that_takes_no_form_says_so_in_the_sites_design(client, article, asked):
    page = getattr(client, asked)(article.get_absolute_url())
    assert page.status_code == 405
    assert page["Allow"] == "GET, HEAD"
    assert "error-ways" in page.content.decode()


def test_who_asks_by_the_address_of_a_form_is_told_in_their_language(client, pending, moderator):
    moderator.language = "en"
    moderator.save()
    client.force_login(moderator)
    address = f"/moderation/comments/{pending.public_id}/decide/"
    page = client.get(address)
    assert (page.status_code, page["Allow"]) == (405, "POST")
    assert "This address only takes what its own page sends." in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert client.head(address).status_code == 405
