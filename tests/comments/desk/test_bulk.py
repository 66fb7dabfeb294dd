"""Several comments decided in one act, after a page that says how many and which; and taken back in one."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from comments import claims
from comments.models import Bulk, Comment, Decision, Status
from tests.comments.desk.cast import HOSTILE, at_desk, queries, soup, words
from tests.conftest import NOON, make_article
from tests.integrity import assert_whole

ALL = "/moderation/bulk/all/"


@pytest.fixture
def many(write, section):
    """Twelve that wait, two of them under another article."""
    other = make_article(section, slug="lignes", headline="Lignes 4 et 7")
    return [write(f"Texte numéro {n}, assez long pour compter.", under=other if n < 2 else None) for n in range(12)]


def confirm(desk, query: str = "?queue=pending") -> dict[str, str]:
    """What the confirmation page would send."""
    form = soup(desk.get(ALL + query)).select_one(".bulk-all-form")
    return {field["name"]: field["value"] for field in form.select("input[type=hidden]")}


def statuses() -> list[str]:
    return sorted(Comment.objects.values_list("status", flat=True))


def test_the_page_says_how_many_in_which_articles_and_shows_ten(desk, many):
    page = desk.get(ALL + "?queue=pending")
    assert "Decide on 12 comments" in words(page, "h1")
    told = words(page, ".bulk-articles")
    assert "Le pont des Tanneurs ferme pour un an 10" in told and "Lignes 4 et 7 2" in told
    assert len(soup(page).select(".found-rows > li")) == 10
    assert statuses() == ["PENDING"] * 12, "looking decides nothing"


def test_only_what_matches_the_filters_is_counted(desk, many):
    assert "Decide on 2 comments" in words(desk.get(ALL + "?queue=pending&article=lignes"), "h1")
    assert "Nothing matches any more." in words(desk.get(ALL + "?queue=pending&article=nulle-part"))


def test_all_that_were_counted_are_rejected_and_one_undo_takes_all_back(desk, many, moderator):
    answer = desk.post("/moderation/bulk/", confirm(desk) | {"action": "REJECT", "ground": "SPAM"}, follow=True)
    assert "12 comments rejected." in words(answer) and statuses() == ["REJECTED"] * 12
    act = Bulk.objects.get()
    assert Decision.objects.filter(bulk=act, moderator=moderator, ground="SPAM").count() == 12
    undone = desk.post(soup(answer).select_one("form[action$='/undo/']")["action"], follow=True)
    assert "12 decisions taken back." in words(undone) and statuses() == ["PENDING"] * 12
    assert_whole()


def test_what_comes_in_or_changes_after_the_count_is_left_out_and_listed(desk, many, write, colleague, chief, take):
    form = confirm(desk)
    late = write("Arrivé après le compte.")
    take(many[3], "APPROVE", by=chief)
    claims.take(many[4], by=colleague, at=NOON)
    page = desk.post("/moderation/bulk/", form | {"action": "REJECT", "ground": "SPAM"})
    left = words(page, ".left-out")
    assert page.status_code == 200 and "2 comments were left out." in words(page)
    assert "approved by Chantal" in left and "Karim is reading this comment." in left
    late.refresh_from_db()
    assert late.is_pending and statuses().count("REJECTED") == 10 and statuses().count("APPROVED") == 1
    assert soup(page).select_one("form[action$='/undo/']")


def test_a_form_sent_twice_is_one_act(desk, many):
    form = confirm(desk) | {"action": "APPROVE"}
    assert desk.post("/moderation/bulk/", form).status_code == 303
    assert desk.post("/moderation/bulk/", form).status_code == 303
    assert Bulk.objects.count() == 1 and Decision.objects.count() == 12


def test_a_rejection_without_a_ground_or_a_flag_without_a_note_changes_nothing(desk, many):
    form = confirm(desk)
    refused = desk.post("/moderation/bulk/", form | {"action": "REJECT"})
    assert refused.status_code == 422 and soup(refused).select_one("details[open] .invalid-feedback")
    assert "Decide on 12 comments" in words(refused, "h1") and not Bulk.objects.exists()
    assert desk.post("/moderation/bulk/", form | {"action": "FLAG", "note": " "}).status_code == 422
    again = {field["name"]: field["value"] for field in soup(refused).select(".bulk-all-form input[type=hidden]")}
    assert desk.post("/moderation/bulk/", again | {"action": "FLAG", "note": "À deux."}).status_code == 303
    assert statuses() == ["FLAGGED"] * 12


def test_a_list_that_was_counted_for_somebody_else_or_by_nobody_is_refused(desk, many, colleague):
    form = confirm(desk) | {"action": "APPROVE"}
    assert at_desk(colleague).post("/moderation/bulk/", form).status_code == 400
    assert desk.post("/moderation/bulk/", form | {"snapshot": form["snapshot"][:-1] + "x"}).status_code == 400
    assert desk.post("/moderation/bulk/", form | {"bulk_id": "x"}).status_code == 400
    assert desk.post("/moderation/bulk/", form | {"action": "UNDO"}).status_code == 400
    with time_machine.travel(NOON + timedelta(hours=13), tick=False):
        assert desk.post("/moderation/bulk/", form).status_code == 400
    assert statuses() == ["PENDING"] * 12


def test_all_that_waits_of_one_reader_is_decided_at_once(desk, many, write):
    other = write("D’une autre.", email="autre@example.org")
    page = desk.get(f"{ALL}?reader={many[0].reader_id}")
    assert "Decide on 12 comments that wait of one reader" in words(page, "h1")
    assert "yannick@" not in page.request["QUERY_STRING"]
    desk.post("/moderation/bulk/", confirm(desk, f"?reader={many[0].reader_id}") | {"action": "APPROVE"})
    other.refresh_from_db()
    assert other.is_pending and statuses().count("APPROVED") == 12
    assert desk.get(f"{ALL}?reader=x").status_code == desk.get(f"{ALL}?alike=123").status_code == 404


def test_more_than_a_thousand_are_cut_and_it_says_so(desk, many, monkeypatch):
    monkeypatch.setattr("comments.bulks.MOST", 5)
    page = desk.get(ALL + "?queue=pending")
    assert "Decide on 5 comments" in words(page, "h1") and "More match" in words(page)


def test_the_act_is_taken_back_by_who_did_it_or_a_chief(desk, many, colleague, chief):
    desk.post("/moderation/bulk/", confirm(desk) | {"action": "APPROVE"})
    act = Bulk.objects.get()
    undo, page = reverse("undo_bulk", args=[act.pk]), reverse("bulk_done", args=[act.pk])
    other = at_desk(colleague)
    assert not soup(other.get(page)).select(f"form[action='{undo}']")
    assert other.post(undo).status_code == 403 and statuses() == ["APPROVED"] * 12
    assert at_desk(chief).post(undo).status_code == 303 and statuses() == ["PENDING"] * 12
    assert "All of it has been taken back." in words(desk.get(page))


def test_what_was_decided_again_since_stays_and_is_listed(desk, many, chief, take):
    desk.post("/moderation/bulk/", confirm(desk) | {"action": "APPROVE"})
    take(many[0], "REJECT", by=chief)
    page = desk.post(reverse("undo_bulk", args=[Bulk.objects.get().pk]))
    assert page.status_code == 200 and "11 decisions taken back." in words(page)
    assert "rejected by Chantal" in words(page, ".left-out")
    many[0].refresh_from_db()
    assert many[0].status == Status.REJECTED


def test_the_queries_of_the_pages_are_fixed(desk, many, write):
    few = queries(desk, ALL + "?queue=pending")
    for number in range(30):
        write(f"Encore un, numéro {number}.")
    assert queries(desk, ALL + "?queue=pending") == few <= 14
    desk.post("/moderation/bulk/", confirm(desk) | {"action": "APPROVE"})
    assert queries(desk, reverse("bulk_done", args=[Bulk.objects.get().pk])) <= 14


def test_only_who_decides_acts_on_several(client, editor, stranger, many, moderator):
    act = Bulk.objects.create(made_by=moderator, made_at=NOON)
    done, undo = (reverse(name, args=[act.pk]) for name in ("bulk_done", "undo_bulk"))
    for url in (ALL, done):
        assert client.get(url).status_code == 302
        assert at_desk(editor).get(url).status_code == at_desk(stranger).get(url).status_code == 403
    assert client.post(undo).status_code == 302 and at_desk(editor).post(undo).status_code == 403


def test_what_people_wrote_is_shown_as_text(desk, write):
    write(HOSTILE, name=HOSTILE[:60])
    page = soup(desk.get(ALL + "?queue=pending"))
    assert not page.select("main script, main img") and "{{ 7|add:7 }}" in page.get_text()


def test_the_ticked_are_taken_back_by_a_link_from_the_queue(desk, many):
    ticked = [f"{comment.public_id}.1" for comment in many[:3]]
    answer = desk.post("/moderation/bulk/", {"comment": ticked, "action": "APPROVE", "queue": "pending"}, follow=True)
    link = soup(answer).select_one("#said a[href*='/bulks/']")
    assert "3 comments approved." in words(answer, "#said") and "take it back" in link.get_text()
    undo = soup(desk.get(link["href"])).select_one("form[action$='/undo/']")
    assert desk.post(undo["action"]).status_code == 303 and statuses() == ["PENDING"] * 12


def test_what_was_decided_together_is_taken_back_together_beside_the_queue(desk, many):
    ticked = [f"{one.public_id}.{one.version}" for one in many[:3]]
    desk.post("/moderation/bulk/", {"comment": ticked, "action": "APPROVE", "queue": "pending"})
    last = soup(desk.get("/moderation/?queue=pending")).select_one("#said form")
    assert "Undo all of it" in last.get_text() and "several comments together" in last.get_text()
    sent = {field["name"]: field["value"] for field in last.select("input")}
    answer = desk.post(last["action"], sent)
    assert (answer.status_code, answer["Location"]) == (303, "/moderation/?queue=pending")
    assert statuses() == ["PENDING"] * 12
    assert soup(desk.get("/moderation/?queue=pending")).select_one("#said form").has_attr("hidden")
    assert_whole()


def test_the_bar_of_the_ticked_leads_to_all_that_match(desk, many):
    Comment.objects.update(is_suspect=True)
    bar = soup(desk.get("/moderation/?queue=suspects&layout=list&article=lignes")).select_one("#bulk")
    assert "Decide on 2 comments" in words(desk.get(bar.select_one("a")["href"]), "h1")
