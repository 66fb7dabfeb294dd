"""The admin's import page: read, looked at beside the original, imported; and the history of what came of it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.urls import reverse
from django.utils import timezone, translation

from newsroom.importers.preparing import AlreadyImported, import_prepared
from newsroom.importers.source import MEBIBYTE
from newsroom.models import Article, ImportRun, Section
from tests.conftest import make_article
from tests.hostile import markup_that_came_through, parsed

pytest_plugins = ["tests.newsroom.elsewhere"]
pytestmark = pytest.mark.django_db

PAGES = Path(__file__).parent / "fixtures" / "pages"
ADD = "/admin/newsroom/importrun/add/"


@pytest.fixture
def desk(admin, signed_in):
    return signed_in(admin)


def upload(name: str = "json-ld.html", data: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, (PAGES / name).read_bytes() if data is None else data)


def line(**fields: object) -> bytes:
    import json

    return json.dumps({"headline": "Un titre", "published_at": "2026-11-10T09:00:00+01:00", **fields}).encode() + b"\n"


def test_a_page_is_shown_beside_its_original_and_imported_when_the_person_says_so(desk, admin):
    answer = desk.post(ADD, {"file": upload()})
    run = ImportRun.objects.get()
    assert (answer.status_code, answer.url) == (302, reverse("admin:newsroom_importrun_preview", args=[run.pk]))
    assert not Article.objects.exists()
    page = parsed(desk.get(answer.url).content)
    left_out = [one.get_text(strip=True) for one in page.select(".original del")]
    assert any("bottes à moitié prix" in words for words in left_out)
    assert not any("mélèze de la vallée" in words for words in left_out)
    assert "mélèze de la vallée" in page.select_one(".read-body").get_text()
    assert "Jeanne Aubin, Marc Tellier" in page.select_one(".facts").get_text()
    done = desk.post(answer.url, {"article": "0"}, follow=True)
    article = Article.objects.get()
    assert article.headline == "La passerelle du moulin rouvre samedi" and article.section.name == "Ville"
    run.refresh_from_db()
    assert (run.state, run.by, run.new_count, run.prepared) == ("DONE", admin, 1, None)
    assert run.ended_at and "json-ld.html" in done.content.decode()


def test_the_history_names_the_format_that_a_command_saw(db, tmp_path):
    (tmp_path / "a.html").write_bytes((PAGES / "json-ld.html").read_bytes())
    (tmp_path / "b.jsonl").write_bytes(line(url="https://e.example/1"))
    call_command("import_articles", str(tmp_path / "a.html"), str(tmp_path / "b.jsonl"), stdout=io.StringIO())
    call_command("import_articles", "--format", "jsonl", str(tmp_path / "b.jsonl"), stdout=io.StringIO())
    assert list(ImportRun.objects.values_list("format", flat=True)) == ["jsonl", "html jsonl"]


def test_what_is_said_at_the_end_counts_what_was_refused_while_reading_too(desk, admin):
    admin.language = "en"
    admin.save()
    desk.post(ADD, {"file": upload("a.jsonl", line(url="https://e.example/1") + b"not json\n{}\n")})
    run = ImportRun.objects.get()
    page = parsed(
        desk.post(reverse("admin:newsroom_importrun_preview", args=[run.pk]), {"article": "0"}, follow=True).content
    )
    run.refresh_from_db()
    assert (run.new_count, run.refused_count) == (1, 2)
    assert "refused 2" in page.select_one(".messagelist .warning").get_text()


def test_an_import_happens_once_however_often_it_is_posted(desk, admin):
    desk.post(ADD, {"file": upload()})
    run = ImportRun.objects.get()
    for _ in range(2):
        desk.post(reverse("admin:newsroom_importrun_preview", args=[run.pk]), {"article": "0"})
    assert (Article.objects.count(), ImportRun.objects.get().new_count) == (1, 1)
    with pytest.raises(AlreadyImported):
        import_prepared(run, chosen={0}, by=admin, at=timezone.now())


def test_what_is_not_ticked_is_left(desk):
    data = line(headline="Un", url="https://e.example/1") + line(headline="Deux", url="https://e.example/2")
    desk.post(ADD, {"file": upload("a.jsonl", data)})
    preview = reverse("admin:newsroom_importrun_preview", args=[ImportRun.objects.get().pk])
    desk.post(preview, {"article": ["1", "x", "99", "-1", "9" * 400]})
    assert [article.headline for article in Article.objects.all()] == ["Deux"]


def test_the_preview_says_what_would_come_of_it(desk, section):
    key = "https://e.example/1"
    make_article(section, slug="ici", source_key=key, canonical_url=key, headline="Un titre", body="<p>" + "a" * 900)
    data = line(url=key, text="Court.") + line(url="https://e.example/2", headline="A" * 400)
    desk.post(ADD, {"file": upload("a.jsonl", data)})
    preview = reverse("admin:newsroom_importrun_preview", args=[ImportRun.objects.get().pk])
    with translation.override("en"):
        page = parsed(desk.get(preview).content)
    first, second = page.select("details.read")
    assert "900" in first.select_one(".errornote").get_text()
    assert second.select_one(".errornote") and not second.select_one("input").has_attr("checked")
    desk.post(preview, {"article": ["0", "1"]})
    run = ImportRun.objects.get()
    assert (run.updated_count, run.refused_count, run.remarks.filter(kind="WARNING").count()) == (1, 1, 1)
    assert Article.objects.get().slug == "ici"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "file"),
        ({"file": upload(), "address": "https://e.example/"}, "file"),
        ({"file": upload("a.html", b"")}, "empty"),
        ({"file": upload("a.html", b"PK\x03\x04 zip")}, "ZIP"),
        ({"file": upload("a.html", b"%PDF-1.7")}, "PDF"),
        ({"file": upload("no-date.html")}, "published"),
        ({"file": upload("a.html", b"<?xml version='1.0'?><rss version='2.0'><channel/></rss>")}, "feed"),
        ({"file": upload("a.jsonl", b"{}\n")}, "headline"),
        ({"file": upload("a.jsonl", line() * 201)}, "200"),
        ({"address": "ftp://e.example/"}, "address"),
        ({"address": "ftps://e.example/passwd"}, "address"),
        ({"address": "http://127.0.0.1/"}, "network"),
        ({"address": "http://169.254.169.254/latest/meta-data/"}, "network"),
        ({"address": "http://e.example:22/"}, "22"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_cannot_be_read_is_told_above_the_form(desk, admin, given, told):
    admin.language = "en"
    admin.save()
    if "file" in given:
        given["file"].seek(0)
    answer = desk.post(ADD, given)
    page = parsed(answer.content)
    assert answer.status_code == 200
    assert told in " ".join(one.get_text() for one in page.select(".errornote, .errorlist"))
    assert not ImportRun.objects.exists() and not Article.objects.exists()


def test_a_page_of_ten_megabytes_may_be_sent_and_a_larger_one_not(desk):
    page = (PAGES / "json-ld.html").read_bytes()
    large = page.replace(b"<body>", b"<body><script>" + b"a=1;" * (9 * MEBIBYTE // 4) + b"</script>")
    assert desk.post(ADD, {"file": upload("large.html", large)}).status_code == 302
    too_large = desk.post(ADD, {"file": upload("large.html", page + b" " * (10 * MEBIBYTE))})
    assert too_large.status_code == 200 and ImportRun.objects.count() == 1
    assert desk.post(ADD, {"file": upload("large.html", b" " * (12 * MEBIBYTE))}).status_code == 413
    desk.logout()
    assert desk.post(ADD, {"file": upload("large.html", large)}).status_code == 413
    desk.cookies["sessionid"] = "x"
    assert desk.post("/admin/newsroom/article/add/", {"file": upload("large.html", large)}).status_code == 413


def test_an_address_is_read_through_the_one_client_with_its_pictures(desk, elsewhere):
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (8, 6)).save(picture, "PNG")
    page = (PAGES / "reportage-figures.html").read_text()
    page = page.replace("https://echo.example/grand-format/nuit", elsewhere.address("/nuit"))
    elsewhere.pages |= {"/nuit": page, "/une.png": picture.getvalue(), "/deux.png": picture.getvalue()}
    answer = desk.post(ADD, {"address": elsewhere.address("/nuit?utm_source=x")})
    assert answer.status_code == 200, "the counter's address is another page of this server"
    answer = desk.post(ADD, {"address": elsewhere.address("/nuit")})
    desk.post(answer.url, {"article": "0"})
    article = Article.objects.get()
    assert article.canonical_url == elsewhere.address("/nuit")
    assert (article.image_width, article.image_height) == (8, 6)
    assert article.body.count("<figure>") == 1 and f'src="/media/{article.image.name}"' in article.body
    assert "absente" not in article.body and "figure:" not in article.body


@pytest.mark.parametrize("who", ["moderator", "chief", "editor", "stranger"])
def test_only_administrators_import(desk, who, request, signed_in):
    desk.post(ADD, {"file": upload()})
    run = ImportRun.objects.get()
    other = signed_in(request.getfixturevalue(who))
    for address in (
        ADD,
        f"/admin/newsroom/importrun/{run.pk}/preview/",
        f"/admin/newsroom/importrun/{run.pk}/remarks/",
    ):
        assert other.get(address).status_code in (302, 403)
        assert other.post(address, {"article": "0"}).status_code in (302, 403, 405)
    assert not Article.objects.exists()


def test_the_refusals_can_be_downloaded_and_no_cell_is_a_formula(desk):
    data = line() + b"{\"=cmd|' /C calc'!A0\": 1}\n" + b"not json\n"
    desk.post(ADD, {"file": upload("=calc.jsonl", data)})
    run = ImportRun.objects.get()
    desk.post(reverse("admin:newsroom_importrun_preview", args=[run.pk]), {"article": "0"})
    answer = desk.get(reverse("admin:newsroom_importrun_remarks", args=[run.pk]))
    assert "attachment" in answer["Content-Disposition"] and "no-store" in answer["Cache-Control"]
    rows = list(csv.reader(io.StringIO(answer.getvalue().decode("utf-8-sig"))))
    assert [row[2] for row in rows[1:]] == ["2", "3"]
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]
    assert ImportRun.objects.get().refused_count == 2


def test_hostile_texts_are_shown_as_text(desk):
    evil = "<img src=x onerror=alert(1)><script>alert(1)</script>\"'><svg/onload=alert(1)>"
    data = line(headline=evil, body=evil + "<p>Texte.</p>", standfirst=evil, author=evil, section=evil[:70], text=evil)
    desk.post(ADD, {"file": upload("<b>evil.jsonl", data + b'{"' + evil.replace('"', "").encode() + b'": 1}\n')})
    run = ImportRun.objects.get()
    places = [
        reverse("admin:newsroom_importrun_preview", args=[run.pk]),
        reverse("admin:newsroom_importrun_change", args=[run.pk]),
        reverse("admin:newsroom_importrun_changelist"),
    ]
    for place in places:
        assert markup_that_came_through(parsed(desk.get(place).content)) == []
    desk.post(places[0], {"article": "0"})
    for place in (*places[1:], Article.objects.get().get_absolute_url(), reverse("admin:newsroom_article_changelist")):
        assert markup_that_came_through(parsed(desk.get(place).content)) == []
    assert Section.objects.get().name.startswith("<img")


def test_what_nobody_imported_is_forgotten_after_two_days(desk):
    desk.post(ADD, {"file": upload()})
    old = ImportRun.objects.get()
    ImportRun.objects.update(started_at=timezone.now() - timedelta(days=3))
    desk.post(ADD, {"file": upload("amp.html")})
    old.refresh_from_db()
    assert old.prepared is None
    answer = desk.get(reverse("admin:newsroom_importrun_preview", args=[old.pk]))
    assert answer.status_code == 302 and old.state == "PREPARED"
