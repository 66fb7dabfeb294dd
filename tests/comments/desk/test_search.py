"""Search, filters in the address bar, views kept by name."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from comments import saved_views
from comments.filters import Filters
from comments.models import SavedView
from comments.search import forget_all
from comments.views.desk.search import PAGE, excerpt
from tests.comments.desk.cast import HOSTILE, at_desk, queries, soup, words
from tests.conftest import NOON, make_article

SEARCH, VIEWS = "/moderation/search/", "/moderation/views/"


@pytest.fixture(autouse=True)
def _nothing_asked_yet(db):
    forget_all()


def found(desk, asked: str) -> list[str]:
    answer = desk.post(SEARCH, {"q": asked}, follow=True)
    assert answer.status_code == 200
    return [one.get_text().strip() for one in soup(answer).select(".found-text")]


def test_words_are_found_in_every_state_without_accents(desk, write, take):
    pending, rejected = write("La péniche est à quai."), write("Une PENICHE de trop.")
    take(rejected, "REJECT")
    write("Rien à voir.")
    assert set(found(desk, "peniche")) == {pending.text, rejected.text}
    assert found(desk, "peniche status:rejected") == [rejected.text]
    assert found(desk, "peniche -trop") == [pending.text]
    assert found(desk, '"est à quai"') == [pending.text]


def test_each_result_says_its_state_and_article_and_leads_to_the_comment(desk, pending):
    page = desk.get(SEARCH, {"q": "dix-huit"})
    row = words(page, ".found-rows li")
    assert "Pending" in row and "Yannick L." in row and "Le pont des Tanneurs" in row
    assert soup(page).select_one(".found-text a")["href"] == f"/moderation/?comment={pending.public_id}"


def test_an_email_finds_its_readers_comments_and_stands_in_no_address(desk, pending, write):
    write("D’une autre.", email="autre@example.org")
    answer = desk.post(SEARCH, {"q": " Yannick@Example.org douze "})
    assert answer.status_code == 303
    assert answer["Location"] == f"{SEARCH}?q=douze&reader={pending.reader_id}"
    page = desk.get(answer["Location"])
    assert [one.get_text().strip() for one in soup(page).select(".found-text")] == [pending.text]
    links = [tag["href"] for tag in soup(page).select("[href]")]
    assert not [link for link in links if "yannick" in link.lower()]
    assert "No reader has this e-mail." in words(desk.post(SEARCH, {"q": "nemo@example.org"}))
    refused = desk.get(SEARCH, {"q": "yannick@example.org"})
    assert "it must stand in no address" in words(refused) and "yannick@" not in words(refused)


def test_results_go_on_where_they_ended(desk, write):
    for number in range(PAGE + 3):
        write(f"Péniche numéro {number}.")
    first = soup(desk.get(SEARCH, {"q": "péniche"}))
    more = soup(desk.get(first.select_one(".pager-next")["href"]))
    texts = [one.get_text().strip() for page in (first, more) for one in page.select(".found-text")]
    assert len(texts) == len(set(texts)) == PAGE + 3 and not more.select(".pager-next")


@pytest.mark.parametrize("nonsense", ["", " ", '"', "-", "status:", "a AND (", "%", "NEAR(", "é" * 900])
def test_nonsense_finds_nothing_and_breaks_nothing(desk, pending, nonsense):
    assert found(desk, nonsense) == []
    assert desk.get(SEARCH, {"q": "dix", "after": nonsense, "reader": nonsense}).status_code == 200


@pytest.mark.parametrize("asked", ["before:hier", "status:nonsense", "avant:2026-13-40"])
def test_what_cannot_be_understood_is_named(desk, pending, asked):
    assert asked in words(desk.get(SEARCH, {"q": f"carte {asked}"}), ".nothing p")
    assert "2026-09-30" not in words(desk.get(SEARCH, {"q": "rien de tel"}), ".nothing p")


def test_the_excerpt_shows_the_place_that_was_found():
    text = "début " * 60 + "péniche " + "fin " * 90
    shown = excerpt(text, "péniche")
    assert "péniche" in shown and shown.startswith("…") and shown.endswith("…") and len(shown) < 250
    assert excerpt("Court.", "absent") == "Court."


def test_the_queries_of_a_search_are_fixed(desk, write):
    write("Péniche."), write("Péniche encore.")
    before = queries(desk, SEARCH + "?q=péniche")
    for number in range(15):
        write(f"Péniche numéro {number}.")
    assert queries(desk, SEARCH + "?q=péniche") == before <= 10


def test_what_people_wrote_is_shown_as_text(desk, write):
    write(HOSTILE, name=HOSTILE[:60])
    page = soup(desk.get(SEARCH, {"q": "alert"}))
    assert page.select(".found-text") and not page.select("main script, main img")


def test_only_who_decides_searches(client, editor, stranger):
    assert client.get(SEARCH).status_code == client.post(SEARCH).status_code == 302
    for nobody in (editor, stranger):
        assert at_desk(nobody).get(SEARCH).status_code == at_desk(nobody).post(SEARCH).status_code == 403
    assert not soup(at_desk(editor).get("/moderation/articles/")).select(".staff-search")


# ── Filters ──────────────────────────────────────────────────────────────


def test_every_filter_has_its_field_and_keeps_what_was_asked(desk, article):
    asked = {
        "section": "ville", "article": article.slug, "language": "fr", "waiting": "60", "first_time": "1",
        "rule": "links", "reason": "SPAM", "link": "1", "decided_by": "mona", "ground": "HATE",
        "since": "2026-11-01", "until": "2026-11-30", "q": "quai", "order": "newest",
    }  # fmt: skip
    form = soup(desk.get("/moderation/", {"queue": "pending"} | asked)).select_one("form.filters")
    kept = {
        field["name"]: field["value"] for field in form.select("input[checked], input[type=date], input[type=search]")
    }
    kept |= {field.parent["name"]: field["value"] for field in form.select("option[selected]")}
    assert kept == asked
    assert set(asked) == set(Filters.__dataclass_fields__)


def test_each_filter_that_is_on_is_a_chip_that_takes_it_off(desk):
    page = soup(desk.get("/moderation/?queue=pending&rule=links&rule=shouting&waiting=60&since=2026-11-01"))
    chips = {chip.find(string=True).strip(): chip["href"] for chip in page.select(".active-filters .chip")}
    assert set(chips) == {"Links", "Capital letters", "Waiting for more than 1 hour", "Since 1\u00a0November 2026"}
    assert chips["Links"] == "/moderation/?queue=pending&waiting=60&rule=shouting&since=2026-11-01"
    assert not soup(desk.get("/moderation/?queue=pending")).select(".active-filters")


def test_the_list_shows_what_passes_and_offers_to_act_on_it(desk, write, section):
    other = make_article(section, slug="lignes", headline="Lignes 4 et 7")
    here, there = write("Ici."), write("Ailleurs.", under=other)
    page = soup(desk.get("/moderation/?queue=pending&article=lignes&layout=list"))
    assert page.find(id=f"card-{there.public_id}") and not page.find(id=f"card-{here.public_id}")
    link = page.select_one(".active-filters a[href*='bulk/all']")
    assert "Act on the 1 that matches" in " ".join(link.get_text().split())
    assert "Decide on 1 comment" in words(desk.get(link["href"]), "h1")


# ── Views ────────────────────────────────────────────────────────────────


def keep(desk, name: str = "Longues attentes", **more: str):
    return desk.post(VIEWS, {"name": name, "queue": "pending", "filters": "waiting=60"} | more)


def test_a_view_is_kept_by_name_with_its_size(desk, write, colleague):
    write("Vieux.", ago=timedelta(hours=5)), write("Neuf.", ago=timedelta(minutes=5))
    assert keep(desk)["Location"] == "/moderation/?queue=pending&waiting=60"
    assert "Longues attentes 1" in words(desk.get("/moderation/"), ".views")
    assert "Longues attentes" not in words(at_desk(colleague).get("/moderation/"), ".rail")


def test_a_chief_shares_a_view_and_a_moderator_does_not(desk, chief):
    assert keep(desk, is_shared="1").status_code == 403 and not SavedView.objects.exists()
    page = soup(desk.get("/moderation/?queue=pending&waiting=60"))
    assert page.select("#view-name") and not page.select("#view-shared")
    assert keep(at_desk(chief), is_shared="1").status_code == 303
    assert "Longues attentes (shared)" in words(desk.get("/moderation/"), ".views")


def test_a_view_without_a_name_says_so_and_keeps_the_filters(desk):
    answer = keep(desk, name="  ")
    assert answer.status_code == 422 and soup(answer).select_one("[name=filters]")["value"] == "waiting=60"
    assert soup(answer).select_one(".invalid-feedback") and not SavedView.objects.exists()


def test_one_deletes_ones_own_view_only(desk, moderator, chief):
    kept = {"code": "pending", "filters": Filters(waiting=60), "at": NOON}
    mine = saved_views.save_view("À moi", by=moderator, **kept)
    shared = saved_views.save_view("À tous", by=chief, is_shared=True, **kept)
    page = soup(desk.get("/moderation/?queue=pending&waiting=60"))
    assert [form["action"] for form in page.select("form[action*='/views/'][action$='/delete/']")] == [
        reverse("drop_view", args=[mine.pk])
    ]
    assert desk.post(reverse("drop_view", args=[shared.pk])).status_code == 403
    assert desk.post(reverse("drop_view", args=[mine.pk])).status_code == 303
    assert list(SavedView.objects.all()) == [shared]


def test_only_who_decides_keeps_views(client, editor, stranger, moderator):
    view = saved_views.save_view("À moi", code="pending", filters=Filters(), by=moderator, at=NOON)
    for url in (VIEWS, reverse("drop_view", args=[view.pk])):
        assert client.post(url).status_code == 302
        assert at_desk(editor).post(url).status_code == at_desk(stranger).post(url).status_code == 403
        assert at_desk(moderator).get(url).status_code == 405
    assert SavedView.objects.count() == 1
