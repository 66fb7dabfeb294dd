"""The editors' pages: every article, its thread in every state, its discussion and instructions."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest
import time_machine
from bs4 import BeautifulSoup
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from comments import counted, discussions, every_state
from comments.models import Comment, Discussion, Finding
from comments.reports import file_report
from newsroom.models import Section
from tests.comments.plans.explaining import as_a_large_table, plans_of
from tests.conftest import NOON, make_article

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>{{ 7|add:7 }}\"'&amp;"
THREAD = "/moderation/articles/pont-des-tanneurs/"


@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def browse(signed_in):
    """Somebody reads the staff pages, in English."""

    def reading(user) -> Client:
        user.language = "en"
        user.save()
        return signed_in(user)

    return reading


@pytest.fixture
def pages(browse, editor) -> Client:
    return browse(editor)


def soup(response) -> BeautifulSoup:
    return BeautifulSoup(response.content, "html.parser")


def words(tag) -> str:
    return " ".join(tag.get_text(" ").split())


def shown(response) -> list[str]:
    """Public ids of the comments of a page, in their order."""
    return [tag["id"].removeprefix("comment-") for tag in soup(response).select("article[id^=comment-]")]


def ids(*comments: Comment) -> list[str]:
    return [str(comment.public_id) for comment in comments]


# ── Who may ──────────────────────────────────────────────────────────────


def test_who_is_signed_out_is_asked_to_sign_in(client, article):
    for path in ("/moderation/articles/", THREAD):
        assert client.get(path)["Location"] == f"/accounts/login/?next={path}"
    for act in ("close", "open", "instructions"):
        assert client.post(f"{THREAD}{act}/").status_code == 302
    assert not Discussion.objects.exists()


def test_a_stranger_is_refused(signed_in, stranger, article):
    browser = signed_in(stranger)
    for path in ("/moderation/articles/", THREAD):
        assert browser.get(path).status_code == 403
    for act in ("close", "open", "instructions"):
        assert browser.post(f"{THREAD}{act}/", {"reason": "x", "instructions": "x"}).status_code == 403
    assert not Discussion.objects.exists()


def test_an_editor_sees_no_button_that_decides(pages, pending):
    page = soup(pages.get(THREAD))
    assert shown(pages.get(THREAD)) == ids(pending)
    assert {form["action"] for form in page.select("main form")} == {f"{THREAD}close/", f"{THREAD}instructions/"}
    assert not page.select("a[href^='/moderation/?']")


def test_a_moderator_goes_from_the_thread_to_the_desk(browse, moderator, pending):
    page = soup(browse(moderator).get(THREAD))
    assert page.select_one(f"a[href='/moderation/?comment={pending.public_id}']")


def test_the_pages_are_kept_by_no_cache(pages, article):
    for path in ("/moderation/articles/", THREAD):
        assert "no-store" in pages.get(path)["Cache-Control"]


# ── Articles ─────────────────────────────────────────────────────────────


def test_articles_come_newest_first_with_their_counts_per_state(pages, section, article, write, publish, take):
    newer = make_article(section, slug="halles", headline="Halles", published_at=NOON)
    publish()
    write()
    take(write(), "REJECT")
    rows = soup(pages.get("/moderation/articles/")).select(".article-rows > li")
    assert [words(row.find("h2")) for row in rows] == [newer.headline, article.headline]
    assert "No comment yet" in words(rows[0])
    assert words(rows[1].select_one(".state-counts")) == "1 Approved 1 Pending 1 Rejected"


def test_what_has_no_counter_is_counted_so_far_and_said_so(pages, article, write, publish, take, monkeypatch):
    """A million rejected comments under an article would be counted anew for each look at the list."""
    monkeypatch.setattr(counted, "SIZE_CAP", 2)
    for number in range(3):
        publish(f"Visible {number}")
        take(write(f"Rejeté {number}"), "REJECT")
    write("En attente")
    row = soup(pages.get("/moderation/articles/")).select_one(".state-counts")
    assert words(row) == "3 Approved 1 Pending 2+ Rejected"
    thread = soup(pages.get(THREAD))
    assert words(thread.select_one(".tabs")) == "All 6+ Approved 3 Pending 1 Second look 0 Rejected 2+ Withdrawn 0"
    assert words(thread.select_one(".counts tfoot")) == "All 6+"


def test_articles_are_found_by_words_of_the_headline_and_by_section(pages, section, article):
    vallee = Section.objects.create(name="Vallée", slug="vallee")
    school = make_article(vallee, slug="ecole", headline="École : la rentrée")

    def found(query: str) -> list[str]:
        return [words(title) for title in soup(pages.get(f"/moderation/articles/{query}")).select(".article-rows h2")]

    assert found("?q=tanneurs+PONT") == [article.headline]
    assert found("?q=école") == found("?section=vallee") == [school.headline]
    assert found("?q=pont&section=vallee") == [] == found("?q=%25")
    assert "No such article." in words(soup(pages.get("/moderation/articles/?q=zzz")))


def test_a_long_list_of_articles_is_read_page_by_page(pages, section):
    for n in range(30):
        make_article(section, slug=f"a-{n}", headline=f"Titre {n}", published_at=NOON - timedelta(hours=n // 3))
    first = soup(pages.get("/moderation/articles/?q=Titre"))
    second = soup(pages.get("/moderation/articles/" + first.select_one("a.pager-next")["href"]))
    titles = [words(title) for page in (first, second) for title in page.select(".article-rows h2")]
    assert sorted(titles) == sorted(f"Titre {n}" for n in range(30)) and len(titles) == 30
    assert second.select_one("a.pager-next") is None
    assert pages.get("/moderation/articles/?after=nonsense~x").status_code == 200


def test_an_unpublished_article_keeps_its_thread(pages, article, pending):
    article.is_published = False
    article.save()
    assert "not on the site" in words(soup(pages.get("/moderation/articles/")))
    assert shown(pages.get(THREAD)) == ids(pending)


# ── The thread ───────────────────────────────────────────────────────────


def test_the_thread_shows_every_state_by_word_and_shape(pages, write, publish, take):
    states = {
        "Pending": write(),
        "Approved": publish(),
        "Rejected": write(),
        "Second look": write(),
        "Withdrawn": write(),
    }
    take(states["Rejected"], "REJECT", ground="HATE")
    take(states["Second look"], "FLAG", note="Appeler la mairie ?")
    take(states["Withdrawn"], "WITHDRAW", by="author")
    page = soup(pages.get(THREAD))
    for word, comment in states.items():
        told = page.find(id=f"comment-{comment.public_id}").select_one(".status")
        assert words(told) == word and told.find("use")["href"].startswith("#i-")
    assert "Rejected by Mona" in words(page) and "Ground: Hate" in words(page) and "Appeler la mairie ?" in words(page)
    assert words(page.select_one(".tabs")) == "All 5 Approved 1 Pending 1 Second look 1 Rejected 1 Withdrawn 1"


def test_a_withdrawn_text_is_not_shown(pages, write, take):
    gone = write("Un secret que je regrette.", name="Lucette")
    Finding.objects.create(comment=gone, rule="shouting", field="text", start=3, end=9, detail="secret")
    take(gone, "WITHDRAW", by="author")
    for query in ("", "?status=WITHDRAWN", f"?branch={gone.public_id}"):
        page = pages.get(THREAD + query).content.decode()
        assert "Lucette" in page and "secret" not in page and "Capital letters" not in page


def test_branches_come_newest_first_and_answers_stand_below_what_they_answer(pages, write):
    old, new = write(ago=timedelta(hours=5)), write(ago=timedelta(hours=4))
    second = write(parent=old, ago=timedelta(hours=2), name="Deux")
    first = write(parent=old, ago=timedelta(hours=3), name="Un")
    deep = write(parent=first, ago=timedelta(hours=1), name="Trois")
    deepest = write(parent=deep, ago=timedelta(minutes=30))
    page = pages.get(THREAD)
    assert shown(page) == ids(new, old, first, deep, deepest, second)
    levels = {tag["class"][-1] for tag in soup(page).select(".tree .tree > li")}
    assert levels == {"level-2", "level-3"}
    assert "answers Trois" in words(soup(page).find(id=f"comment-{deepest.public_id}"))


def test_a_chain_of_answers_longer_than_the_stack_is_shown(write):
    top = parent = write()
    for n in range(every_state.ANSWERS_A_PAGE + 5):
        parent = write(f"Maillon {n}", parent=parent)
    page = every_state.tree(top.discussion)
    assert len(page.branches[0].answers) == every_state.ANSWERS_SHOWN
    assert page.branches[0].more == (every_state.ANSWERS_A_PAGE + 5 - every_state.ANSWERS_SHOWN, False)
    rest = every_state.rest_of_branch(top.discussion, top.public_id, after=page.branches[0].more_after)
    assert rest is not None and rest.more.number == 0
    assert len(rest.answers) == every_state.ANSWERS_A_PAGE + 5 - every_state.ANSWERS_SHOWN


def test_the_rest_of_a_long_branch_is_one_link_away(pages, write, monkeypatch):
    monkeypatch.setattr(every_state, "ANSWERS_SHOWN", 2)
    monkeypatch.setattr(every_state, "ANSWERS_A_PAGE", 3)
    top = write()
    answers = [write(f"Réponse {n}", parent=top, ago=timedelta(minutes=50 - n)) for n in range(6)]
    first = pages.get(THREAD)
    more = soup(first).select_one("a.more")
    assert shown(first) == ids(top, *answers[:2]) and words(more) == "4 more answers"
    second = pages.get(more["href"])
    assert shown(second) == ids(top, *answers[2:5])
    assert shown(pages.get(soup(second).select_one("a.more")["href"])) == ids(top, answers[5])


def test_one_state_is_read_by_itself(pages, write, publish, take):
    top = publish(name="Odile")
    rejected = write(parent=top)
    take(rejected, "REJECT")
    page = pages.get(f"{THREAD}?status=REJECTED")
    assert shown(page) == ids(rejected)
    assert "answers Odile" in words(soup(page).find(id=f"comment-{rejected.public_id}"))
    assert soup(page).select_one(".tabs [aria-current]")["href"] == "?status=REJECTED"
    assert shown(pages.get(f"{THREAD}?status=nonsense")) == ids(top, rejected)


@pytest.mark.parametrize("query", ["", "status=PENDING"])
def test_a_long_thread_is_read_page_by_page_and_each_comment_once(pages, write, monkeypatch, query):
    monkeypatch.setattr(every_state, "BRANCHES_A_PAGE", 3)
    written = [write(f"Avis {n}", ago=timedelta(minutes=n // 2)) for n in range(7)]
    seen, address = [], f"{THREAD}?{query}"
    while address:
        page = pages.get(address)
        seen += shown(page)
        following = soup(page).select_one("a.pager-next")
        address = THREAD + following["href"] if following else ""
    assert sorted(seen) == sorted(ids(*written))
    assert pages.get(f"{THREAD}?after=nonsense").status_code == 200


@pytest.mark.parametrize("query", ["?branch=1", "?branch=x", "?branch=" + "9" * 30, "?branch=1&after=x"])
def test_a_branch_that_is_not_there_is_not_found(pages, pending, query):
    assert pages.get(THREAD + query).status_code == 404
    assert pages.get("/moderation/articles/nothing-here/").status_code == 404


def test_a_branch_of_another_article_is_not_found_here(pages, section, pending, write):
    elsewhere = write(under=make_article(section, slug="halles"))
    assert pages.get(f"{THREAD}?branch={elsewhere.public_id}").status_code == 404


def test_the_pages_ask_as_much_of_the_database_for_many_comments_as_for_few(pages, section, write, publish):
    def one_more(n: int) -> None:
        other = make_article(section, slug=f"article-{n}", headline=f"Article {n}")
        write(f"Sous l’article {n}", under=other)
        top = publish(f"Haut {n}")
        answer = write(f"Réponse {n}", parent=top)
        write(f"Réponse à la réponse {n}", parent=answer)
        file_report(top, reason="SPAM", detail="", email=f"l{n}@example.org", address="192.0.2.1", port=None, at=NOON)

    def queries(path: str) -> int:
        with CaptureQueriesContext(connection) as asked:
            assert pages.get(path).status_code == 200
        return len(asked)

    one_more(0)
    paths = ["/moderation/articles/", THREAD, f"{THREAD}?status=PENDING"]
    few = {path: queries(path) for path in paths}
    for n in range(1, 6):
        one_more(n)
    assert {path: queries(path) for path in paths} == few
    assert max(few.values()) <= 13


def test_a_page_of_the_thread_is_sought_in_an_index_of_its_order(section, article, write):
    """A thread of 43,000 was read whole and sorted for each page; and one that was loud years ago, with all since."""
    loud, others = write(ago=timedelta(days=2000)).discussion, write(under=make_article(section, slug="b")).discussion
    Comment.objects.bulk_create(
        Comment(
            discussion=discussion,
            text="x",
            status=status,
            submitted_at=begun + timedelta(minutes=number),
            fingerprint=f"{discussion.pk} {status} {number}",
        )
        for discussion, begun in ((loud, NOON - timedelta(days=1000)), (others, NOON))
        for number in range(400)
        for status in ("APPROVED", "PENDING", "REJECTED")
    )
    as_a_large_table()
    for page, index in (
        (every_state.tree, "comment_tops"),
        (partial(every_state.in_status, status="REJECTED"), "comment_discussion"),
    ):
        first = page(loud)
        for ask in (partial(page, loud), partial(page, loud, after=first.next_cursor)):
            [plan] = [plan for plan in plans_of(ask) if " LIMIT 51" in plan.sql]
            assert plan.of("comments_comment") >= {index}, plan
            assert not plan.of("comments_comment") & {"comment_submitted", "comment_rejected_written"}, plan
            assert all(read.is_sought for read in plan.reads if read.index == index), plan


def test_the_first_answers_of_long_branches_are_sought(section, article, write):
    """By OR, in the order of keys, all comments of the site were read to find them."""
    discussion, other = write().discussion, write(under=make_article(section, slug="autre")).discussion
    Comment.objects.bulk_create(
        Comment(discussion=other, text="z", submitted_at=NOON, fingerprint=f"other {number}") for number in range(8_000)
    )
    told = {"discussion": discussion, "status": "APPROVED", "decided_at": NOON}
    tops = Comment.objects.bulk_create(
        Comment(**told, text="x", submitted_at=NOON + timedelta(minutes=number), fingerprint=f"top {number}")
        for number in range(100)
    )
    answers = {top: 200 if place % 40 == 0 else 5 for place, top in enumerate(reversed(tops))}
    Comment.objects.bulk_create(
        Comment(**told, text="y", submitted_at=NOON, parent=top, root=top, depth=1, fingerprint=f"{top.pk} {number}")
        for top, count in answers.items()
        for number in range(count)
    )
    as_a_large_table()
    for plan in plans_of(partial(every_state.tree, discussion)):
        assert all(read.is_sought for read in plan.reads if read.table == "comments_comment"), plan
    branches = every_state.tree(discussion).branches
    assert [(branch.top.comment, len(branch.answers), branch.more.number) for branch in branches] == [
        (top, min(count, 50), max(0, count - 50)) for top, count in list(answers.items())[:50]
    ]


def test_hostile_words_are_shown_as_words(pages, editor, article, write, take):
    article.headline, article.author_line = HOSTILE, HOSTILE
    article.save()
    top = write(f"haut {HOSTILE}", name=HOSTILE[:60])
    take(write(f"réponse {HOSTILE}", parent=top, name=HOSTILE[:60]), "FLAG", note=HOSTILE)
    discussions.instruct(article, by=editor, instructions=HOSTILE)
    discussions.close(article, by=editor, reason=HOSTILE, at=NOON)
    for path in ("/moderation/articles/", THREAD, f"{THREAD}?status=FLAGGED"):
        page = soup(pages.get(path))
        assert not page.select("main :is(script, img)")
        assert HOSTILE in page.find("main").get_text()


def test_an_article_nobody_has_written_under_says_so(pages, article):
    assert "Nobody has written here yet." in words(soup(pages.get(THREAD)))


# ── The discussion ───────────────────────────────────────────────────────


@pytest.mark.parametrize("role", ["editor", "moderator", "chief"])
def test_a_discussion_is_closed_with_a_reason_and_opened_again(request, browse, role, article):
    person = request.getfixturevalue(role)
    browser = browse(person)
    answer = browser.post(f"{THREAD}close/", {"reason": "Trop vif ce soir."})
    assert (answer.status_code, answer["Location"]) == (303, THREAD)
    discussion = Discussion.objects.get()
    assert (discussion.closed_by, discussion.closed_at, discussion.closed_reason) == (person, NOON, "Trop vif ce soir.")
    page = words(soup(browser.get(THREAD)))
    assert "The discussion is closed." in page and "Trop vif ce soir." in page and person.shown_name in page
    assert browser.post(f"{THREAD}open/").status_code == 303
    discussion.refresh_from_db()
    assert discussion.is_open


@pytest.mark.parametrize("reason", ["", "   ", "r" * 301])
def test_a_discussion_is_not_closed_without_a_fitting_reason(pages, article, reason):
    answer = pages.post(f"{THREAD}close/", {"reason": reason})
    page = soup(answer)
    assert answer.status_code == 422
    assert page.select_one("details.closing[open] .invalid-feedback")
    assert page.find(id="reason")["value"].strip() == reason.strip()
    assert not Discussion.objects.filter(closed_at__isnull=False).exists()


@pytest.mark.parametrize("role", ["editor", "chief"])
def test_instructions_are_written_and_shown(request, browse, role, article):
    browser = browse(request.getfixturevalue(role))
    assert browser.post(f"{THREAD}instructions/", {"instructions": "Pas de noms."}).status_code == 303
    assert Discussion.objects.get().instructions == "Pas de noms."
    assert soup(browser.get(THREAD)).find(id="instructions").text.strip() == "Pas de noms."


def test_instructions_that_are_too_long_are_kept_in_the_form(pages, article):
    answer = pages.post(f"{THREAD}instructions/", {"instructions": "n" * 2001})
    assert answer.status_code == 422
    assert soup(answer).find(id="instructions").text.strip() == "n" * 2001
    assert not Discussion.objects.exists()


def test_a_moderator_reads_the_instructions_and_cannot_write_them(browse, moderator, editor, article):
    discussions.instruct(article, by=editor, instructions="Pas de noms.")
    browser = browse(moderator)
    page = soup(browser.get(THREAD))
    assert "Pas de noms." in words(page) and page.find(id="instructions") is None
    assert browser.post(f"{THREAD}instructions/", {"instructions": "Autre"}).status_code == 403
    assert Discussion.objects.get().instructions == "Pas de noms."


def test_acts_on_a_discussion_are_posted_never_followed_as_a_link(pages, article):
    for act in ("close", "open", "instructions"):
        assert pages.get(f"{THREAD}{act}/").status_code == 405
