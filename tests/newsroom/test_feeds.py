from __future__ import annotations

from datetime import timedelta

from lxml import etree

from tests.conftest import NOON, make_article

ATOM = {"a": "http://www.w3.org/2005/Atom"}


def test_a_feed_reader_gets_the_latest_articles_with_absolute_links(reader, article, section, settings):
    settings.SITE_URL = "https://www.example.org"
    newer = make_article(section, slug="halles", headline="Les halles & le marché", published_at=NOON)
    response = reader.get("/feed/")
    feed = etree.fromstring(response.content)
    assert response["Content-Type"].startswith("application/atom+xml")
    assert [title.text for title in feed.findall("a:entry/a:title", ATOM)] == [newer.headline, article.headline]
    links = [link.get("href") for link in feed.findall(".//a:link", ATOM)]
    assert f"https://www.example.org{newer.get_absolute_url()}" in links
    assert all(link.startswith("https://www.example.org/") for link in links)


def test_the_feed_tells_who_has_it_that_nothing_is_new(reader, article):
    tag = reader.get("/feed/")["ETag"]
    assert reader.get("/feed/", headers={"If-None-Match": tag}).status_code == 304
    article.headline = "Un titre corrigé"
    article.save()
    assert reader.get("/feed/", headers={"If-None-Match": tag}).status_code == 200


def test_an_empty_feed_does_not_tell_the_time(reader, db):
    assert b"1970-01-01T00:00:00" in reader.get("/feed/").content


def test_the_feed_costs_one_query_however_many_articles(reader, section, django_assert_max_num_queries):
    for number in range(40):
        make_article(section, slug=f"a-{number}", published_at=NOON - timedelta(hours=number))
    with django_assert_max_num_queries(1):
        feed = etree.fromstring(reader.get("/feed/").content)
    assert len(feed.findall("a:entry", ATOM)) == 30
