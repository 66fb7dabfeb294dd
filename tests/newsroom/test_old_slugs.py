"""An article's old slugs lead to it; a slug that leads nowhere, or to what is hidden, is a missing page."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from newsroom.models import Article, OldSlug
from newsroom.pages import SHARED

pytestmark = pytest.mark.django_db


@pytest.fixture
def old(article: Article) -> OldSlug:
    return OldSlug.objects.create(slug="ancien-titre", article=article)


@pytest.mark.parametrize("below", ["", "comments/feed/", "comments/key"])
@pytest.mark.parametrize("query", ["", "?sort=oldest&at=3", "?q=%C3%A9%20b&utm=%2F%2Fe.example"])
def test_every_page_of_the_article_is_led_on_with_its_query(article, old, below, query):
    answer = Client().get(f"/articles/ancien-titre/{below}{query}")
    assert (answer.status_code, answer.url) == (301, f"{article.get_absolute_url()}{below}{query}")
    assert answer["Cache-Control"] == SHARED and not answer.cookies
    assert answer["X-Content-Type-Options"] == "nosniff" and answer["X-Frame-Options"] == "DENY"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert Client().head(f"/articles/ancien-titre/{below}").status_code == 301


def test_a_post_is_not_led_on_and_nothing_is_written(old):
    post = {"author_name": "Zoé", "email": "z@example.org", "text": "Bonjour à tous."}
    assert Client().post("/articles/ancien-titre/comments/", post).status_code == 404


def test_an_article_that_is_not_on_the_site_is_as_missing_as_any(article, old):
    Article.objects.update(is_published=False)
    hidden, missing = Client().get("/articles/ancien-titre/"), Client().get("/articles/jamais-vu/")
    assert (hidden.status_code, hidden.content) == (missing.status_code, missing.content)
    # Expires holds the second in which it was asked.
    of_its_moment = {"ETag", "Expires"}
    told, other = ({k: v for k, v in one.items() if k not in of_its_moment} for one in (hidden, missing))
    assert told == other


def test_hidden_comments_change_nothing_of_the_redirect(old, write, publish):
    def answered():
        answer = Client().get("/articles/ancien-titre/?at=1")
        return answer.status_code, answer.content, sorted(answer.items())

    before = answered()
    write("Attend."), publish("Visible.")
    assert answered() == before


def test_the_article_that_stands_there_is_found_first(article, section):
    other = Article.objects.create(
        slug="autre", source_key="autre", headline="Autre", section=section, published_at=article.published_at
    )
    OldSlug.objects.create(slug=article.slug, article=other)
    assert Client().get(article.get_absolute_url()).status_code == 200


@pytest.mark.parametrize(
    "path", ["//e.example/x/", "/articles/ancien-titre", "/sections/ancien-titre/", "/ancien-titre/"]
)
def test_other_addresses_are_not_looked_at(old, path):
    assert Client().get(path).status_code in (301, 404)
    assert "pont-des-tanneurs" not in Client().get(path).get("Location", "")


def test_an_administrator_adds_old_slugs_and_changes_none(article, old, admin, signed_in):
    from tests.hostile import parsed

    page = parsed(signed_in(admin).get(reverse("admin:newsroom_article_change", args=[article.pk])).content)
    assert page.select_one("[name=old_slugs-TOTAL_FORMS]")
    assert "ancien-titre" in page.select_one("#old_slugs-group").get_text()
    assert not page.select("#old_slugs-group [name=old_slugs-0-DELETE]")
