"""Moments on the first and last days of all: in some zone they are no day, so nobody can be shown them."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.contrib import admin as django_admin
from django.urls import reverse
from django.utils import timezone

from newsroom.archive import Misfit, take_article
from newsroom.importers import FORMATS
from newsroom.importers.article import foresee, save_article
from newsroom.importers.imported import ImportedArticle
from newsroom.importers.source import RefusedArticle
from newsroom.models import Article
from tests.newsroom.exports import item, post, rss, wxr
from tests.newsroom.saved_page import COMMENTS, page, source
from tests.newsroom.test_import_html import TOLD, saved

EDGES = [
    "9999-12-31T23:59:59Z",
    "9999-12-31T23:59:59-14:00",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "0001-01-01T00:00:00",
]
AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


def told(format, data):
    try:
        return list(FORMATS[format](source(data)))
    except RefusedArticle:
        return []


def articles(format, data):
    return [one for one in told(format, data) if isinstance(one, ImportedArticle)]


@pytest.mark.parametrize("edge", EDGES)
def test_a_line_at_the_edge_of_time_is_refused(edge):
    line = {"headline": "Un", "published_at": "2026-11-10T09:44:00Z", "body": "<p>Deux</p>"}
    assert articles("jsonl", json.dumps(line))
    assert not articles("jsonl", json.dumps(line | {"published_at": edge}))
    assert not articles("jsonl", json.dumps(line | {"updated_at": edge}))


@pytest.mark.parametrize("edge", EDGES)
def test_a_web_page_at_the_edge_of_time_is_refused(edge):
    assert not articles("html", saved(told=TOLD | {"datePublished": edge, "mainEntityOfPage": ""}))
    (article,) = articles("html", saved(told=TOLD | {"dateModified": edge}))
    assert article.updated_at is None


@pytest.mark.parametrize(
    "words", ["le 31/12/9999 à 23h59", "le 1er janvier 0001", "le 0001-01-01 à 0h00", "31 décembre 9999"]
)
def test_words_at_the_edge_of_time_are_refused(words):
    (mark,) = articles("html", saved(told={}, before="<p>Publié le 10/11/2026 à 9h44</p>"))
    assert mark.published_at.year == 2026
    assert not articles("html", saved(told={}, before=f"<p>Publié {words}</p>"))
    assert not articles("page", page(date=f"[Article publié {words}]", comments=[]))
    assert not articles("page", page(date=f"[Article publié {words}]"))


@pytest.mark.parametrize("update", ["à 10h", "le 14/11/9999 à 10h", "le 14 mars à 10h", "le 31/12/9999"])
def test_an_update_at_the_edge_of_time_is_refused(update):
    for day in ("31/12/9999", "13/11/9999"):
        assert not articles("page", page(date=f"[Article publié le {day} à 23h00 et mis à jour {update}]", comments=[]))


@pytest.mark.parametrize("day", ["31/12/9999", "01/01/0001"])
def test_a_comment_below_at_the_edge_of_time_does_not_cost_the_article(day):
    name, _when, text = COMMENTS[0]
    (article,) = articles("page", page(comments=[(name, f"{day} à 8:33", text)]))
    assert article.published_at.year == 2026


@pytest.mark.parametrize("edge", ["9999-12-31 23:59:59", "0001-01-01 00:00:00"])
def test_a_post_at_the_edge_of_time_is_refused(edge):
    data = wxr(post(1).replace("2026-11-10 09:44:00", edge).replace("2026-11-10 08:44:00", edge) + post(2)).decode()
    assert [one.slug for one in articles("wxr", data)] == ["bac-2"]


@pytest.mark.parametrize("edge", ["Fri, 31 Dec 9999 23:59:59 +0000", "Mon, 01 Jan 0001 00:00:00 +0000", EDGES[0]])
def test_an_entry_at_the_edge_of_time_is_refused(edge):
    data = rss(item(1).replace("Tue, 10 Nov 2026 09:44:00 +0100", edge) + item(2)).decode()
    assert [one.canonical_url for one in articles("feed", data)] == ["https://echo.example/a/2"]


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["published_at", "updated_at"])
@pytest.mark.parametrize("edge", [datetime.max.replace(tzinfo=UTC), datetime.min.replace(tzinfo=UTC)])
def test_no_door_lets_the_edge_of_time_in(name, edge):
    given = {"headline": "Un", "published_at": AT, "source_key": "un", "slug": "un"} | {name: edge}
    for door in (foresee, lambda article: save_article(article, at=AT)):
        with pytest.raises(RefusedArticle):
            door(ImportedArticle(**given))
    with pytest.raises(Misfit):
        take_article(given | {"published_at": str(given["published_at"]), name: edge.isoformat()}, at=AT)
    assert not Article.objects.exists()


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "UTC"])
def test_in_every_zone(zone, settings):
    settings.TIME_ZONE = zone
    assert timezone.get_default_timezone_name() == zone
    for edge in EDGES:
        assert not articles("html", saved(told=TOLD | {"datePublished": edge, "mainEntityOfPage": ""}))


@pytest.mark.parametrize("name", ["published_at", "updated_at"])
@pytest.mark.parametrize(("day", "hour"), [("0001-01-01", "00:00:00"), ("9999-12-31", "23:59:59")])
def test_an_administrator_who_types_it_is_told(name, day, hour, article, admin, client):
    client.force_login(admin)
    address = reverse("admin:newsroom_article_change", args=[article.pk])
    page = client.get(address)
    formset = page.context["inline_admin_formsets"][0].formset.management_form
    typed = {f"{formset.prefix}-{field}": value for field, value in formset.initial.items()}
    typed |= {field: value for field, value in page.context["adminform"].form.initial.items() if value}
    moments = {"published_at_0": "2026-11-10", "published_at_1": "09:44:00", "imported_at_0": "2026-11-10"}
    typed |= moments | {"imported_at_1": "09:44:00", "related": "[]", f"{name}_0": day, f"{name}_1": hour}
    answer = client.post(address, typed)
    assert answer.status_code == 200 and list(answer.context["adminform"].form.errors) == [name]
    assert getattr(Article.objects.get(), name) == getattr(article, name)
    typed |= {f"{name}_0": "2026-11-11"}
    assert client.post(address, typed).status_code == 302
    assert getattr(Article.objects.get(), name).year == 2026


DATED = [one for one in django_admin.site._registry.values() if one.date_hierarchy]


@pytest.mark.parametrize("year", ["9999", "10000", "0", "demain"])
@pytest.mark.parametrize("of", DATED, ids=lambda one: one.opts.model_name)
def test_a_year_without_an_end_in_an_address_of_the_admin_leads_back_to_the_list(signed_in, admin, of, year):
    url = reverse(f"admin:{of.opts.app_label}_{of.opts.model_name}_changelist")
    answer = signed_in(admin).get(url, {f"{of.date_hierarchy}__year": year}, follow=True)
    assert answer.status_code == 200
    assert answer.redirect_chain == [(f"{url}?e=1", 302)]
    assert signed_in(admin).get(url, {f"{of.date_hierarchy}__year": "2026"}).status_code == 200


def test_every_list_by_date_is_among_them():
    assert len(DATED) == 7
