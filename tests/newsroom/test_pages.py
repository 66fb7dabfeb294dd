"""Front page, section page, article page: what readers see, and what copies of it may be kept."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from bs4 import BeautifulSoup
from django.template import Context, Template
from django.urls import reverse
from django.utils import translation

from comments.models import Discussion
from newsroom.models import Article
from newsroom.pages import SHARED
from newsroom.templatetags import site as tags
from tests.conftest import NOON, make_article

MORNING = datetime(2026, 9, 13, 7, 44, tzinfo=UTC)  # 9:44 in Paris


@pytest.fixture
def url(article) -> str:
    return article.get_absolute_url()


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "lxml")


def test_the_front_page_shows_the_latest_first_with_their_visible_comments(reader, article, section, publish, write):
    newer = make_article(section, slug="halles", headline="Les halles", published_at=NOON)
    publish()
    publish("Une autre voix.")
    write("Attend encore.")
    page = soup(reader.get("/"))
    assert [link["href"] for link in page.select("article.teaser h2 a")] == [
        newer.get_absolute_url(),
        article.get_absolute_url(),
    ]
    assert [" ".join(link.get_text().split())[0] for link in page.select(".teaser-foot a")] == ["2"]


def test_an_unpublished_article_is_nowhere(reader, article, url):
    Article.objects.filter(pk=article.pk).update(is_published=False)
    assert reader.get(url).status_code == 404
    for page in ("/", "/sections/ville/", "/feed/"):
        assert article.headline not in reader.get(page).content.decode()


def test_a_section_shows_its_own_articles_only(reader, article):
    other = make_article(None, slug="ailleurs", headline="Ailleurs")
    page = soup(reader.get("/sections/ville/"))
    assert [link["href"] for link in page.select("article.teaser h2 a")] == [article.get_absolute_url()]
    assert other.headline not in page.get_text()
    assert reader.get("/sections/nulle-part/").status_code == 404


def test_older_articles_follow_without_gap_or_double(reader, section):
    for number in range(30):
        # Pairs share their moment: the order must still be one.
        make_article(section, slug=f"a-{number}", published_at=NOON - timedelta(hours=number // 2))
    seen, address = [], "/"
    while address:
        page = soup(reader.get(address))
        seen += [link["href"] for link in page.select("article.teaser h2 a")]
        older = page.select_one(".older a")
        address = f"/{older['href']}" if older else ""
    assert len(seen) == len(set(seen)) == 30
    assert seen == [one.get_absolute_url() for one in Article.objects.newest_first()]
    assert reader.get("/?after=nulle-part").status_code == 404


@pytest.mark.parametrize("address", ["/", "/sections/ville/"])
def test_lists_cost_the_same_queries_however_long(reader, section, address, publish, django_assert_max_num_queries):
    publish()
    with django_assert_max_num_queries(4):
        reader.get(address)
    for number in range(20):
        publish(under=make_article(section, slug=f"b-{number}"))
    with django_assert_max_num_queries(4):
        reader.get(address)


def test_an_article_costs_seven_queries_when_it_is_made_and_one_when_it_is_kept(
    reader, publish, url, django_assert_max_num_queries, django_assert_num_queries
):
    """However many comments: its state, the article, its discussion, the menu, branches, answers, its state again."""
    top = publish()
    with django_assert_max_num_queries(7):
        reader.get(url)
    for number in range(12):
        publish(f"Réponse {number}", parent=top)
        publish(f"Branche {number}")
    with django_assert_num_queries(7):
        assert reader.get(url).status_code == 200
    with django_assert_num_queries(1):
        assert reader.get(url).status_code == 200


@pytest.mark.parametrize("address", ["/", "/sections/ville/", "/articles/pont-des-tanneurs/", "/feed/"])
def test_a_public_page_knows_nobody(reader, signed_in, moderator, approved, address):
    """Promise 9: the same bytes for all, no cookie, and no header that says a cookie was read."""
    anonymous = reader.get(address)
    staff = signed_in(moderator).get(address)
    assert anonymous.content == staff.content
    for response in (anonymous, staff):
        assert response["Cache-Control"] == SHARED
        assert "Cookie" not in response.get("Vary", "")
        assert not response.cookies
    text = anonymous.content.decode()
    assert "csrfmiddlewaretoken" not in text
    assert "nonce" not in anonymous["Content-Security-Policy"] + text


@pytest.mark.parametrize("address", ["/", "/articles/pont-des-tanneurs/"])
def test_who_holds_the_same_copy_is_told_so(reader, approved, address):
    first = reader.get(address)
    again = reader.get(address, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again["ETag"] == first["ETag"]
    assert again["Cache-Control"] == SHARED


def test_a_304_of_an_article_renders_nothing(reader, approved, url, django_assert_num_queries):
    tag = reader.get(url)["ETag"]
    with django_assert_num_queries(1):
        assert reader.get(url, headers={"If-None-Match": tag}).status_code == 304


def test_each_change_a_reader_would_see_changes_the_tag(reader, article, url, approved, pending, take):
    tags_seen = [reader.get(url)["ETag"]]

    def moved() -> bool:
        tags_seen.append(reader.get(url)["ETag"])
        return len(set(tags_seen)) == len(tags_seen)

    take(pending, "APPROVE")
    assert moved()
    Article.objects.filter(pk=article.pk).update(headline="Un autre titre")
    assert moved()
    Discussion.objects.update(closed_at=NOON)
    assert moved()


def test_a_comment_that_waits_changes_nothing(reader, url, approved, write):
    before = reader.get(url)
    write("Encore une voix, qui attend.")
    after = reader.get(url)
    assert (after["ETag"], after.content) == (before["ETag"], before.content)


def test_an_unknown_parameter_changes_nothing(reader, url, approved):
    plain, tracked = reader.get(url), reader.get(f"{url}?utm_source=x&fbclid=1")
    assert (plain["ETag"], plain.content) == (tracked["ETag"], tracked.content)


def test_a_new_release_renews_every_kept_copy(reader, url, approved, settings):
    before = reader.get(url)["ETag"]
    settings.RELEASE = "9.9.9"
    assert reader.get(url)["ETag"] != before


def test_search_engines_read_the_article_and_its_count(reader, article, url, approved, settings):
    settings.SITE_URL = "https://www.example.org"
    page = soup(reader.get(url))
    data = json.loads(page.select_one('script[type="application/ld+json"]').string)
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == article.headline
    assert data["commentCount"] == 1
    assert data["url"] == page.select_one('link[rel="canonical"]')["href"] == f"https://www.example.org{url}"


def test_search_engines_are_told_what_is_for_subscribers(reader, article, url):
    def told() -> dict[str, object]:
        return json.loads(soup(reader.get(url)).select_one('script[type="application/ld+json"]').string)

    assert "isAccessibleForFree" not in told()
    Article.objects.filter(pk=article.pk).update(is_paywalled=True)
    assert told()["isAccessibleForFree"] is False


def test_a_headline_cannot_end_the_data_block(reader, section):
    hostile = '</script><script>alert(1)</script><!--"'
    page = soup(reader.get(make_article(section, slug="hostile", headline=hostile).get_absolute_url()))
    data = json.loads(page.select_one('script[type="application/ld+json"]').string)
    assert data["headline"] == hostile
    assert not [
        script for script in page.select("script") if "alert" in (script.string or "") and not script.get("type")
    ]


def test_a_thread_shows_readers_text_as_text(reader, url, publish):
    publish("<b>gras</b> & <script>alert(1)</script>\n\nhttp://exemple.org", name="<i>Zoé</i>")
    comment = soup(reader.get(url)).select_one("#comments article.comment")
    assert comment.select_one(".comment-name").get_text() == "<i>Zoé</i>"
    assert "<b>gras</b> & <script>alert(1)</script>" in comment.select_one(".comment-text").get_text()
    assert not comment.select(".comment-text a, .comment-text b, script")


def test_a_gone_comment_leaves_a_place_without_name_text_id_or_link(reader, url, publish, take):
    top = publish("Un texte qui partira.", name="Celle qui part")
    answer = publish("Je vous réponds.", parent=top)
    take(top, "REJECT")
    page = soup(reader.get(url))
    gone = page.select_one(".comment-gone")
    assert gone is not None
    assert not gone.find_all(["a", "time"])
    assert not gone.has_attr("id")
    assert str(top.public_id) not in str(page)
    assert "Celle qui part" not in str(page)
    assert page.select_one(f"#comment-{answer.public_id}")


def test_public_ids_are_whole_numbers_in_every_language(reader, url, approved, settings):
    settings.USE_THOUSAND_SEPARATOR = True
    assert soup(reader.get(url)).select_one(f"#comment-{approved.public_id}")


def test_a_reader_without_scripts_is_told_whom_the_form_answers(reader, url, approved):
    page = soup(reader.get(f"{url}?reply={approved.public_id}"))
    assert page.select_one("#ecrire [name=parent]")["value"] == str(approved.public_id)
    assert approved.shown_name in page.select_one("#ecrire h3").get_text()


def test_after_posting_the_thanks_come_first(reader, url, approved):
    section = soup(reader.get(f"{url}?posted=1")).select_one("#comments")
    assert len(section.select("[role=status]")) == 1
    assert not section.select_one("form")
    assert section.find(id="merci").find_next(id="comments-title")


def test_a_closed_discussion_is_read_and_reported_but_not_written_to(reader, url, approved):
    Discussion.objects.update(closed_at=NOON)
    section = soup(reader.get(url)).select_one("#comments")
    assert section.select_one(".banner-notice")
    assert section.select_one(f'a[href="{reverse("report", args=[approved.public_id])}"]')
    assert not section.select("form, [data-reply]")


def test_every_field_of_the_form_says_what_it_is(reader, url, approved):
    form = soup(reader.get(url)).select_one("#ecrire form")
    for field in form.select("input:not([type=hidden]), textarea"):
        assert form.select_one(f'label[for="{field["id"]}"]'), field
    trap = form.select_one("[name=website]")
    assert (trap["tabindex"], trap["autocomplete"], trap.parent["aria-hidden"]) == ("-1", "off", "true")


def test_a_mistake_stands_beside_its_field_and_what_was_typed_is_kept(reader, article, url):
    response = reader.post(
        reverse("submit_comment", args=[article.slug]),
        {"author_name": "Zoé", "email": "pas-une-adresse", "text": "Ce que j’avais à dire."},
    )
    assert response.status_code == 422
    assert "no-store" in response["Cache-Control"]
    form = soup(response).select_one("#ecrire form")
    field = form.select_one("[name=email]")
    assert (field["value"], field["aria-invalid"]) == ("pas-une-adresse", "true")
    described = field["aria-describedby"].split()
    assert all(form.find(id=name) for name in described)
    assert any("invalid-feedback" in form.find(id=name).get("class", []) for name in described)
    assert form.select_one("textarea").get_text().strip() == "Ce que j’avais à dire."


def test_pages_hold_no_inline_script_style_or_foreign_address(reader, url, approved):
    for address in ("/", url, reverse("report", args=[approved.public_id]), "/accounts/login/"):
        page = soup(reader.get(address))
        assert not [
            script for script in page.select("script:not([src])") if script.get("type") != "application/ld+json"
        ]
        assert not page.select("style, [style]")
        assert not [name for tag in page.find_all(True) for name in tag.attrs if re.fullmatch(r"on[a-z]+", name)]
        loaded = page.select("script[src], img[src], link[rel=stylesheet], link[rel=icon]")
        assert all((tag.get("src") or tag["href"]).startswith("/") for tag in loaded)


@pytest.mark.parametrize(
    ("language", "moment", "day", "clock"),
    [
        ("fr", "13 septembre 2026 à 9 h 44", "13 septembre 2026", "9 h 44"),
        ("en", "13 September 2026 at 09:44", "13 September 2026", "09:44"),
    ],
)
def test_times_are_written_as_each_language_writes_them(language, moment, day, clock):
    with translation.override(language):
        said = [tags.moment(MORNING), tags.day(MORNING), tags.clock(MORNING)]
    assert [words.replace("\u00a0", " ") for words in said] == [moment, day, clock]


def test_the_first_of_a_month_is_an_ordinal_in_french():
    with translation.override("fr"):
        assert tags.day(datetime(2026, 9, 1, 12, tzinfo=UTC)).startswith("1er")


def test_a_time_element_holds_the_moment_for_machines():
    shown = Template("{% time at 'clock' %}").render(Context({"at": MORNING}))
    assert 'datetime="2026-09-13T09:44:00+02:00"' in shown


def test_no_line_of_a_french_paragraph_begins_with_a_colon():
    body = '<h2>Un titre : court</h2><p>Il dit : « 14 000 ! » <a href="/?a=1 ;b">lire ?</a></p>'
    held = '<h2>Un titre : court</h2><p>Il dit~: «~14~000~!~» <a href="/?a=1 ;b">lire~?</a></p>'.replace("~", "\u00a0")
    assert tags.typeset(body, "fr") == held
    assert tags.typeset(body, "en") == body
