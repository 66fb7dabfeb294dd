"""One's own decisions of the day; threats shown to chiefs; strong words masked for who wants it."""

from __future__ import annotations

from datetime import timedelta

from comments.decisions import decide, undo
from comments.models import DeskSettings, Finding
from comments.reports import file_report
from comments.views.desk.mine import PAGE
from tests.comments.desk.cast import HOSTILE, at_desk, queries, soup, words
from tests.conftest import NOON

MINE = "/moderation/mine/"


def test_today_starts_at_midnight_here_and_is_ones_own(desk, write, take, moderator, colleague):
    mine, theirs, old = write("À moi."), write("À lui."), write("D’hier.")
    take(mine, "REJECT", ground="SPAM")
    take(theirs, "APPROVE", by=colleague)
    # 23:30 in Paris is half an hour too early.
    decide(old, action="APPROVE", version=1, by=moderator, at=NOON.replace(hour=22, minute=30) - timedelta(days=1))
    page = desk.get(MINE)
    assert [one.get_text().strip() for one in soup(page).select(".found-text")] == ["À moi."]
    assert "Ground: Spam." in words(page) and "Reject 1" in words(page, ".tool-sub")


def test_each_that_can_be_taken_back_is_taken_back_from_there(desk, pending, take):
    take(pending, "REJECT")
    form = soup(desk.get(MINE)).select_one(".mine form")
    sent = {field["name"]: field["value"] for field in form.select("input")}
    answer = desk.post(form["action"], sent)
    assert answer.status_code == 303 and answer["Location"] == MINE
    pending.refresh_from_db()
    assert pending.is_pending
    page = soup(desk.get(MINE))
    assert not page.select(".mine form") and "Taken back by Mona" in page.get_text()


def test_what_was_decided_again_since_offers_no_undo(desk, pending, take, chief):
    take(pending, "APPROVE")
    take(pending, "REJECT", by=chief)
    assert soup(desk.get(MINE)).select(".mine > li") and not soup(desk.get(MINE)).select(".mine form")


def test_the_page_goes_on_and_its_queries_are_fixed(desk, write, take, moderator):
    for number in range(3):
        take(write(f"Numéro {number}."), "APPROVE")
    before = queries(desk, MINE)
    undone = write("Repris.")
    take(undone, "APPROVE")
    undo(undone, version=2, by=moderator, at=NOON)
    for number in range(PAGE):
        take(write(f"Autre {number}."), "APPROVE")
    assert queries(desk, MINE) == before <= 10
    first = soup(desk.get(MINE))
    more = soup(desk.get(MINE + first.select_one(".pager-next")["href"]))
    assert len(first.select(".mine > li")) == PAGE and len(more.select(".mine > li")) == 5


def test_only_who_decides_has_decisions(client, editor, stranger):
    assert client.get(MINE).status_code == 302 and client.post(MINE).status_code in (302, 405)
    assert at_desk(editor).get(MINE).status_code == at_desk(stranger).get(MINE).status_code == 403


# ── Threats ──────────────────────────────────────────────────────────────


def threaten(comment) -> None:
    file_report(comment, reason="THREAT", detail="", email="", address="192.0.2.9", port=None, at=NOON)


def test_a_chief_reads_of_a_threat_on_every_staff_page(chief, publish, write):
    browser = at_desk(chief)
    assert not soup(browser.get("/moderation/")).select(".threats")
    visible, waits = publish("Visible."), write("On sait où tu habites.")
    threaten(visible)
    Finding.objects.create(comment=waits, rule="banned_words", ground="THREAT")
    for url in ("/moderation/", MINE, "/moderation/articles/", "/moderation/search/", "/moderation/notes/"):
        page = browser.get(url)
        assert "2 comments with a threat" in words(page, ".threats"), url
    link = soup(page).select_one(".threats a")["href"]
    assert browser.get(link).status_code == 200 and str(waits.public_id) in link


def test_a_threat_is_no_longer_told_once_it_is_settled(chief, publish, take):
    visible = publish("Visible.")
    threaten(visible)
    take(visible, "REJECT", by=chief)
    assert not soup(at_desk(chief).get("/moderation/")).select(".threats")


def test_moderators_and_editors_have_no_such_banner(desk, editor, publish):
    threaten(publish("Visible."))
    assert not soup(desk.get("/moderation/")).select(".threats")
    assert not soup(at_desk(editor).get("/moderation/articles/")).select(".threats")


# ── Strong words ─────────────────────────────────────────────────────────


def found(comment, piece: str, rule: str) -> None:
    start = comment.text.index(piece)
    Finding.objects.create(comment=comment, rule=rule, start=start, end=start + len(piece), detail=f"« {piece} »")


def test_strong_words_are_masked_for_who_wants_it_until_asked_for(desk, write, moderator, colleague):
    comment = write("Quel andouille, VRAIMENT.")
    found(comment, "andouille", "banned_words")
    found(comment, "VRAIMENT", "shouting")
    url = f"/moderation/?comment={comment.public_id}&layout=list"
    assert not soup(desk.get(url)).select(".masked")
    DeskSettings.objects.create(user=moderator, mask_strong_words=True)
    page = soup(desk.get(url))
    masked = [one.select_one(".strong-word").get_text() for one in page.select(".sheet-text .masked")]
    assert masked == ["andouille"], "a shout is no strong word"
    assert page.select_one(".sheet-text .masked input[type=checkbox]")["aria-label"] == "Show the masked word"
    assert page.select_one(".found .masked") and not soup(at_desk(colleague).get(url)).select(".masked")


def test_a_masked_word_is_shown_as_text(desk, write, moderator):
    comment = write(HOSTILE)
    found(comment, "<script>", "banned_patterns")
    DeskSettings.objects.create(user=moderator, mask_strong_words=True)
    page = soup(desk.get(f"/moderation/?comment={comment.public_id}&layout=list"))
    assert page.select_one(".strong-word").get_text() == "<script>" and not page.select("main .sheet script")
