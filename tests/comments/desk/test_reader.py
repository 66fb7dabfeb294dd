"""A reader's page, and the measures taken from it or from beside a comment."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.urls import reverse

from comments import standing
from comments.models import Standing
from comments.views.desk.reader import PAGE
from tests.comments.desk.cast import HOSTILE, at_desk, queries, soup, words
from tests.conftest import NOON


@pytest.fixture
def someone(pending):
    return pending.reader


def page_of(reader) -> str:
    return reverse("reader", args=[reader.pk])


def measure(browser, reader, code: str, *, reason: str = "Insulte chaque jour.", **more: str):
    return browser.post(reverse("set_standing", args=[reader.pk]), {"measure": code, "reason": reason} | more)


def test_the_page_shows_all_that_a_reader_wrote_newest_first(moderator, someone, write, publish):
    publish("Plus ancien.", ago=timedelta(days=3))
    page = soup(at_desk(moderator).get(page_of(someone)))
    assert [one.get_text().strip() for one in page.select(".found-text")] == [
        "Douze mois annoncés, donc dix-huit.",
        "Plus ancien.",
    ]


def test_the_page_goes_on_where_it_ended_and_repeats_nothing(moderator, someone, write):
    for number in range(PAGE + 3):
        write(f"Numéro {number}.", ago=timedelta(days=1))  # all of one moment: the key parts them
    desk, url, seen = at_desk(moderator), page_of(someone), []
    for _turn in range(2):
        page = soup(desk.get(url))
        seen += [one.get_text().strip() for one in page.select(".found-text")]
        url = page_of(someone) + (page.select_one(".pager-next") or {"href": "?after=end"})["href"]
    assert len(seen) == len(set(seen)) == PAGE + 4
    assert desk.get(page_of(someone), {"after": "nonsense~x"}).status_code == 200


def test_the_queries_of_the_page_are_fixed(moderator, someone, write, take):
    def happen(number: int) -> None:
        take(write(f"Encore {number}."), "REJECT")
        standing.set_standing(someone, kind="HOLD", days=3, reason="Encore.", by=moderator, at=NOON)

    desk = at_desk(moderator)
    happen(0)
    before = queries(desk, page_of(someone))
    for number in range(1, 8):
        happen(number)
    assert queries(desk, page_of(someone)) == before <= 25


def test_a_moderator_mutes_for_a_week_with_a_reason(moderator, someone):
    desk = at_desk(moderator)
    answer = measure(desk, someone, "MUTE-7", next="/moderation/?comment=12")
    assert answer.status_code == 303 and answer["Location"] == "/moderation/?comment=12"
    taken = Standing.objects.get()
    assert (taken.kind, taken.until, taken.set_by) == ("MUTE", NOON + timedelta(days=7), moderator)
    shown = words(desk.get(page_of(someone)))
    assert "Muted until 27 November 2026" in shown and "Insulte chaque jour." in shown and "Mona" in shown


@pytest.mark.parametrize("code", ["MUTE", "MUTE-30", "HOLD-30"])
def test_a_long_measure_is_absent_for_a_moderator_and_refused(moderator, chief, someone, code):
    desk = at_desk(moderator)
    assert not soup(desk.get(page_of(someone))).select(f"option[value={code}]")
    assert measure(desk, someone, code).status_code == 403 and not Standing.objects.exists()
    assert soup(at_desk(chief).get(page_of(someone))).select(f"option[value={code}]")
    assert measure(at_desk(chief), someone, code).status_code == 303


def test_watching_is_a_label_and_is_offered_once(moderator, someone):
    desk = at_desk(moderator)
    assert measure(desk, someone, "WATCH").status_code == 303
    page = soup(desk.get(page_of(someone)))
    assert "Watched" in page.select_one(".measure").get_text()
    assert not page.select("input[name=measure][value=WATCH]")


@pytest.mark.parametrize(("code", "reason"), [("MUTE-7", "  "), ("MUTE-7", "x" * 301), ("NONSENSE", "Pour voir.")])
def test_a_measure_without_a_reason_or_unknown_says_so_and_keeps_what_was_typed(moderator, someone, code, reason):
    answer = measure(at_desk(moderator), someone, code, reason=reason)
    page = soup(answer)
    assert answer.status_code == 422 and page.select_one("details[open] .invalid-feedback")
    assert page.select_one("details[open] input[name=reason]")["value"].strip() == reason.strip()
    assert not Standing.objects.exists()


def test_a_measure_is_lifted_by_who_took_it_or_a_chief_and_both_rows_are_told(moderator, colleague, chief, someone):
    taken = standing.set_standing(someone, kind="MUTE", days=7, reason="Insulte.", by=moderator, at=NOON)
    url = reverse("lift_standing", args=[taken.pk])
    other = at_desk(colleague)
    assert not soup(other.get(page_of(someone))).select(f"form[action='{url}']")
    assert other.post(url, {"reason": "Par pitié."}).status_code == 403
    assert standing.in_force(someone, at=NOON) == [taken]
    assert at_desk(moderator).post(url, {"reason": " "}).status_code == 422
    assert at_desk(chief).post(url, {"reason": "A promis."}).status_code == 303
    assert standing.in_force(someone, at=NOON) == []
    told = words(other.get(page_of(someone)), ".timeline")
    assert "Muted" in told and "Lifted" in told and "A promis." in told and "Chantal" in told
    again = at_desk(chief).post(url, {"reason": "Encore."})
    assert again.status_code == 422 and Standing.objects.count() == 2


def test_a_form_sends_nobody_to_another_site(moderator, someone):
    for foreign in (
        "https://elsewhere.example/",
        "//elsewhere.example/",
        "javascript:alert(1)",
        "/\\elsewhere.example",
    ):
        assert measure(at_desk(moderator), someone, "WATCH", next=foreign)["Location"] == page_of(someone)


def test_the_email_stands_in_no_address(moderator, someone, pending):
    desk = at_desk(moderator)
    for url in (page_of(someone), reverse("comment_context", args=[pending.public_id])):
        page = soup(desk.get(url))
        addresses = [tag.get(name, "") for tag in page.select("[href], [action], [src]") for name in ("href", "action")]
        assert not [address for address in addresses if "yannick@" in address or "%40" in address]


def test_only_who_decides_knows_readers(client, editor, stranger, admin, someone):
    taken = standing.set_standing(someone, kind="WATCH", reason="Pour voir.", by=admin, at=NOON)
    acts = [page_of(someone), reverse("set_standing", args=[someone.pk]), reverse("lift_standing", args=[taken.pk])]
    for url in acts:
        method = "get" if url == acts[0] else "post"
        assert getattr(client, method)(url).status_code == 302
        assert getattr(at_desk(editor), method)(url).status_code == 403
        assert getattr(at_desk(stranger), method)(url).status_code == 403
    assert at_desk(admin).get(page_of(someone)).status_code == 200
    assert at_desk(admin).get(reverse("reader", args=[someone.pk + 999])).status_code == 404
    assert at_desk(admin).get(acts[1]).status_code == 405


def test_what_people_wrote_is_shown_as_text(moderator, write):
    reader = write(HOSTILE, name=HOSTILE[:60]).reader
    standing.set_standing(reader, kind="WATCH", reason=HOSTILE, by=moderator, at=NOON)
    page = soup(at_desk(moderator).get(page_of(reader)))
    assert not page.select("main script, main img") and "{{ 7|add:7 }}" in page.get_text()


def test_a_muted_reader_is_told_and_keeps_the_text(reader, moderator, someone, article):
    standing.set_standing(someone, kind="MUTE", days=7, reason="Insulte.", by=moderator, at=NOON)
    sent = {"author_name": "Yannick L.", "email": "yannick@example.org", "text": "Je reviens."}
    answer = reader.post(reverse("submit_comment", args=[article.slug]), sent)
    assert answer.status_code == 403
    form = soup(answer).select_one("#comments form")
    assert form.select_one("textarea[name=text]").get_text().strip() == "Je reviens."
    assert "27 novembre 2026" in form.get_text() or "27 novembre 2026" in soup(answer).get_text()
    assert "Insulte." not in answer.content.decode()
