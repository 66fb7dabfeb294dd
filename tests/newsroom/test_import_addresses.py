"""Addresses, lists of them, feeds that are followed and feeds that are watched, through the one client."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import translation

from comments.models import Comment
from newsroom.importers import addresses
from newsroom.models import Article, ImportRun, Section, WatchedFeed
from tests.newsroom.elsewhere import answer
from tests.newsroom.exports import item, post, rss
from tests.newsroom.exports import wxr as export

pytest_plugins = ["tests.newsroom.elsewhere"]
pytestmark = pytest.mark.django_db
PAGES = Path(__file__).parent / "fixtures" / "pages"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


def run(command: str, *args: object, **options: object) -> tuple[str, int]:
    out = io.StringIO()
    try:
        call_command(command, *map(str, args), stdout=out, **options)
    except SystemExit as end:
        return out.getvalue(), int(end.code or 0)
    return out.getvalue(), 0


def page_at(elsewhere, path: str, *, text: str = "Le bac repart lundi matin.", title: str = "Le bac repart") -> str:
    here = elsewhere.address(path)
    elsewhere.pages[path] = f"""<html lang="fr"><head><link rel="canonical" href="{here}">
      <meta property="og:title" content="{title}">
      <meta property="article:published_time" content="2026-11-10T09:44:00+01:00"></head>
      <body><article><h1>{title}</h1><p>{text}</p></article></body></html>"""
    return here


def test_an_address_and_a_list_of_them(elsewhere, tmp_path):
    one, two = page_at(elsewhere, "/1"), page_at(elsewhere, "/2", title="Deux")
    assert run("import_articles", one)[1] == 0
    listed = tmp_path / "addresses.txt"
    listed.write_text(f"\ufeff{one}\n# a remark\n\n{two}\nnot an address\n{elsewhere.address('/absent')}\n")
    out, status = run("import_articles", listed, format="url")
    assert status == 1 and "new 1, updated 0, unchanged 1, refused 2" in out
    assert "line 5" in out and "404" in out
    kept = ImportRun.objects.first()
    assert (kept.new_count, kept.unchanged_count, kept.refused_count, kept.by) == (1, 1, 2, None)
    assert kept.state == "DONE" and kept.remarks.filter(line=5).exists()


def test_a_dry_run_says_the_same_and_writes_nothing(elsewhere):
    page_at(elsewhere, "/1")
    out, status = run("import_articles", elsewhere.address("/1"), dry_run=True)
    assert status == 0 and "new 1, updated 0, unchanged 0, refused 0" in out
    assert not Article.objects.exists() and not ImportRun.objects.exists() and not Section.objects.exists()


def test_a_changed_article_is_renewed_and_its_discussion_is_not_touched(elsewhere, publish):
    here = page_at(elsewhere, "/1", text="Long. " * 50)
    run("import_articles", here)
    article = Article.objects.get(canonical_url=here)
    publish("Merci.", under=article)
    before = list(Comment.objects.values()), article.slug
    old_page = Client().get(article.get_absolute_url())
    page_at(elsewhere, "/1", text="Court.", title="Un autre titre")
    out, _status = run("import_articles", here)
    article.refresh_from_db()
    assert (list(Comment.objects.values()), article.slug) == before
    assert article.headline == "Un autre titre" and article.body == "<p>Court.</p>"
    assert "warning" in out and "shorter" in out and "6 characters instead of 300" in out
    new_page = Client().get(article.get_absolute_url())
    assert new_page["ETag"] != old_page["ETag"] and "Court." in new_page.content.decode()


def test_a_page_speaks_for_its_own_site_alone(elsewhere):
    own = page_at(elsewhere, "/1")
    elsewhere.pages["/evil"] = elsewhere.pages["/1"].replace(own, "https://www.lemonde.example/une")
    run("import_articles", elsewhere.address("/evil"))
    assert Article.objects.get().source_key == elsewhere.address("/evil")
    assert addresses.own("https://www.e.example/a", fetched_from="https://amp.e.example/a") == "https://www.e.example/a"


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "application/zip"])
def test_what_is_no_page_is_refused_by_its_kind(elsewhere, kind):
    elsewhere.pages["/x"] = lambda handler: answer(handler, b"abc", Content_Type=kind)
    out, status = run("import_articles", elsewhere.address("/x"))
    assert status == 1 and kind in out


def test_a_followed_feed_brings_the_pages(elsewhere):
    link = page_at(elsewhere, "/1", text="Le texte entier de la page.")
    gone = elsewhere.address("/gone")
    elsewhere.pages["/feed"] = rss(item(1, link=link, body="") + item(2, link=gone, body="")).decode()
    out, status = run("import_articles", elsewhere.address("/feed"), follow=True)
    assert status == 1 and "new 1" in out and gone in out
    article = Article.objects.get()
    assert article.body == "<p>Le texte entier de la page.</p>"
    assert (article.author_line, article.section.name) == ("Jeanne Aubin", "Ville")


class TestWatchedFeeds:
    @pytest.fixture
    def feed(self, elsewhere) -> WatchedFeed:
        return WatchedFeed.objects.create(address=elsewhere.address("/feed"))

    def test_each_is_read_and_asked_again_only_for_what_changed(self, elsewhere, feed):
        asked = []

        def conditional(handler):
            asked.append(handler.headers.get("If-None-Match"))
            if handler.headers.get("If-None-Match") == '"1"':
                handler.send_response(304)
                handler.end_headers()
            else:
                answer(handler, rss(item(1)), Content_Type="application/rss+xml", ETag='"1"')

        elsewhere.pages["/feed"] = conditional
        assert "new 1" in run("refresh_feeds")[0]
        assert "new 0, updated 0, unchanged 0" in run("refresh_feeds")[0]
        assert asked == [None, '"1"'] and ImportRun.objects.count() == 1
        feed.refresh_from_db()
        assert feed.refreshed_at and not feed.failure

    def test_a_teaser_never_overwrites_what_its_page_brought(self, elsewhere, feed):
        link = page_at(elsewhere, "/1", text="Le texte entier de la page.")
        elsewhere.pages["/feed"] = rss(item(1, link=link, body="<p>Début…</p>")).decode()
        WatchedFeed.objects.update(follows_entries=True)
        run("refresh_feeds")
        reads = [path for path, _headers in elsewhere.asked].count("/1")
        assert "unchanged 1" in run("refresh_feeds")[0]
        assert Article.objects.get().body == "<p>Le texte entier de la page.</p>"
        assert [path for path, _headers in elsewhere.asked].count("/1") == reads == 1

    def test_one_that_fails_says_why_and_stops_no_other(self, elsewhere, feed):
        WatchedFeed.objects.create(address=elsewhere.address("/page"))
        WatchedFeed.objects.create(address=elsewhere.address("/off"), is_active=False)
        elsewhere.pages |= {"/feed": rss(item(1)).decode(), "/page": "<p>no feed</p>", "/off": rss(item(9)).decode()}
        out, status = run("refresh_feeds")
        assert status == 1 and "new 1" in out and "refused 1" in out
        assert "RSS" in WatchedFeed.objects.get(address__endswith="/page").failure
        assert Article.objects.count() == 1


def test_an_export_of_wordpress_brings_old_slugs_along(tmp_path, client):
    (tmp_path / "export.xml").write_bytes(export(post(1)))
    assert "new 1" in run("import_articles", tmp_path / "export.xml")[0]
    assert "unchanged 1" in run("import_articles", tmp_path / "export.xml")[0]
    article = Article.objects.get()
    assert article.slug == "bac-1"
    for old in ("ancien-bac-1", "le-bac-1"):
        assert client.get(f"/articles/{old}/").url == article.get_absolute_url()
    (tmp_path / "other.xml").write_bytes(export(post(2).replace("bac-2", "ancien-bac-1").replace("le-bac", "un-bac")))
    run("import_articles", tmp_path / "other.xml")
    assert Article.objects.exclude(pk=article.pk).get().slug == "ancien-bac-1-2", "an old slug is taken"


def test_a_file_that_lies_about_its_kind_is_refused_by_name(tmp_path):
    (tmp_path / "a.html").write_bytes(rss(item(1)))
    (tmp_path / "b.txt").write_bytes(b"PK\x03\x04zip")
    out, status = run("import_articles", tmp_path)
    assert status == 1 and "feed" in out and "ZIP" in out and not Article.objects.exists()
