"""Readers' text is never HTML (promise 6): a naughty string, by each way in, is shown everywhere as the text it is."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from comments.decisions import decide
from comments.importers import jsonl, page
from comments.importers.comment import ImportedComment
from comments.importers.saving import OUTCOMES, How, save_comments
from comments.models import Comment, Discussion, Finding, Reason, Report, WordList
from comments.plain_text import clean_name, clean_text
from comments.taking_over import Refused, discussion_of, take_over
from newsroom.importers.showing import Tally
from newsroom.models import Article, ImportRun
from tests.comments.exports import export
from tests.conftest import NOON, make_article
from tests.hostile import OWN, SETS, folded, markup_that_came_through, parsed
from tests.newsroom import saved_page

# Of the large sets, for what costs a page each; the form takes them whole. Of ours, for what costs several.
SEVENTH, FOURTH = 7, 4


@pytest.fixture(autouse=True)
def _no_limits(settings):
    endless = (100_000, 60)
    names = ("LIMIT_SUBMIT_PER_ADDRESS", "LIMIT_SUBMIT_PER_READER", "LIMIT_REPORT_PER_ADDRESS")
    settings.COMMENTS = settings.COMMENTS | dict.fromkeys(names, endless)


# ── Ways in ───────────────────────────────────────────────────────────────
def by_the_form(article: Article, texts: list[str]) -> None:
    url, browser = reverse("submit_comment", args=[article.slug]), Client()
    for number, text in enumerate(texts):
        sent = {"author_name": text[:60], "email": f"r{number}@example.org", "text": text}
        status = browser.post(url, sent).status_code
        if status == 422:
            # A name may be refused (imitations, nothing visible in it); the text alone has to come in.
            status = browser.post(url, sent | {"author_name": "Zoé"}).status_code
        # NUL is refused as a whole; a text of nothing visible is told so.
        wanted = {400} if "\0" in text else {303} if clean_text(text) else {422}
        assert status in wanted, f"{status} to {text!r}"


def by_an_export(article: Article, texts: list[str]) -> None:
    lines = [
        json.dumps({"article": article.slug, "id": str(number), "author_name": text[:60], "text": text} | _AT)
        for number, text in enumerate(texts)
    ]
    tally = Tally(OUTCOMES)
    save_comments(
        jsonl.read(export("\n".join(lines), name="naughty.jsonl")),
        place="naughty.jsonl",
        tally=tally,
        how=How(NOON, hold=True),
    )
    assert tally.counts["NEW"] + len(tally.refused) == len(texts)
    assert len(tally.refused) == sum(not clean_text(text) for text in texts)


_AT = {"submitted_at": "2026-11-18T10:00:00+01:00"}


def by_a_saved_page(article: Article, texts: list[str]) -> None:
    """A page is lines of text: what could be taken for its own lines is folded into one."""
    told = [("Zoé" if number % 2 else "", "11/11/2026 à 8:33", folded(text)) for number, text in enumerate(texts)]
    tally = Tally(OUTCOMES)
    reading = page.read(export(saved_page.page(comments=told)))
    imported = [replace(one, article=article.slug) if isinstance(one, ImportedComment) else one for one in reading]
    save_comments(imported, place="page.txt", tally=tally, how=How(NOON, hold=True))
    assert tally.counts["NEW"] + len(tally.refused) >= len(texts) * 0.9


def by_taking_over(article: Article, texts: list[str]) -> None:
    discussion = discussion_of(article)
    for number, text in enumerate(texts):
        try:
            take_over(
                discussion,
                source_key=f"{number} {text}",
                author_name=text[:60],
                text=text,
                submitted_at=NOON,
                at=NOON,
                hold=True,
            )
        except Refused:
            assert not clean_text(text) or len(clean_name(text[:60])) > 60


WAYS_IN = {"form": by_the_form, "export": by_an_export, "page": by_a_saved_page, "take_over": by_taking_over}


@pytest.fixture
def filled(article, moderator, request) -> dict[int, Comment]:
    """The comments of one set that came in by one way, visible and reported, by public id."""
    which, way = request.param
    WAYS_IN[way](article, SETS[which]()[:: 1 if which == "own" else SEVENTH])
    for comment in Comment.objects.order_by("pk"):
        Finding.objects.create(comment=comment, rule="links", start=0, end=min(3, len(comment.text)), detail="vu")
        decide(comment, action="APPROVE", version=1, by=moderator, at=timezone.now())
    return {comment.public_id: comment for comment in Comment.objects.all()}


EVERY_SET_BY_EVERY_WAY = [(which, way) for which in SETS for way in WAYS_IN]


# ── Places ────────────────────────────────────────────────────────────────
def pages_of(browser: Client, url: str, older: str) -> Iterator:
    """A list and its further pages, each one free of foreign markup."""
    base = url.partition("?")[0]
    while url:
        answer = browser.get(url)
        assert answer.status_code == 200
        shown = parsed(answer.content)
        assert markup_that_came_through(shown) == []
        yield shown
        link = shown.select_one(older)
        href = link["href"].partition("#")[0] if link else ""
        url = base + href if href.startswith("?") else href


def texts_of(shown, frame: str, *, name: str, text: str) -> Iterator[tuple[str, str, str]]:
    for one in shown.select(frame):
        for number in one.select("sup"):
            number.decompose()
        yield one["id"].partition("-")[2], folded(_said(one, name)), folded(_said(one, text))


def _said(one, selector: str) -> str:
    said = one.select_one(selector)
    for line in said.select("br, p"):
        line.insert_before(" ")
    return said.get_text()


def all_shown(pages: Iterator, comments: dict[int, Comment], frame: str, *, name: str, text: str) -> None:
    seen = {}
    for shown in pages:
        seen |= {number: (who, what) for number, who, what in texts_of(shown, frame, name=name, text=text)}
    assert seen == {
        str(number): (folded(comment.shown_name), folded(comment.text)) for number, comment in comments.items()
    }


@pytest.mark.parametrize("which", SETS)
def test_the_form_takes_every_naughty_string(article, which):
    texts = SETS[which]()
    by_the_form(article, texts)
    stored = set(Comment.objects.values_list("text", flat=True))
    assert stored == {clean_text(text) for text in texts if "\0" not in text} - {""}


@pytest.mark.parametrize("filled", EVERY_SET_BY_EVERY_WAY, indirect=True, ids=" by ".join)
def test_a_naughty_string_is_shown_as_the_text_it_is(filled, article, signed_in, moderator, admin):
    url, staff = article.get_absolute_url(), signed_in(moderator)
    all_shown(
        pages_of(Client(), url, ".older a"), filled, "article.comment", name=".comment-name", text=".comment-text"
    )
    desk = pages_of(staff, f"{reverse('desk')}?queue=approved&layout=list", ".pager-next")
    all_shown(desk, filled, "li[id^=card-][tabindex]", name="[id$='-name']", text=".sheet-text")
    tree = pages_of(staff, reverse("editor_thread", args=[article.slug]), ".pager-next")
    all_shown(tree, filled, ".tree-item article", name=".who strong", text=".tree-text")
    feed = ElementTree.fromstring(Client().get(f"{url}comments/feed/").content)
    entries = feed.findall("{*}entry")
    assert len(entries) == min(50, len(filled))
    for entry in entries:
        comment = filled[int(entry.findtext("{*}link") or entry.find("{*}link").get("href").split("/")[-2])]
        # A summary of type html is parsed once more by who reads it.
        summary = entry.find("{*}summary")
        assert summary.get("type") == "html"
        shown = parsed((summary.text or "").encode())
        assert markup_that_came_through(shown) == []
        assert folded(shown.get_text(" ")).split() == folded(comment.text).split()
    for number in range(1, len(filled) // 50 + 2):
        listed = parsed(signed_in(admin).get(reverse("admin:comments_comment_changelist"), {"p": number}).content)
        assert markup_that_came_through(listed) == []


@pytest.mark.parametrize("filled", [("own", "take_over")], indirect=True)
class TestOneComment:
    """Pages of one comment: each naughty string alone."""

    def test_its_report_form_and_permalink(self, filled):
        for number, comment in filled.items():
            shown = parsed(Client().get(f"/comments/{number}/report/").content)
            assert markup_that_came_through(shown) == []
            assert folded(_said(shown, "blockquote")) == folded(comment.text)
            assert "\n" not in Client().get(f"/comments/{number}/")["Location"]

    def test_the_form_that_answers_it(self, filled, article):
        for number, comment in list(filled.items())[::FOURTH]:
            shown = parsed(Client().get(f"{article.get_absolute_url()}?reply={number}").content)
            assert markup_that_came_through(shown) == []
            assert folded(comment.shown_name) in folded(shown.select_one("#write-title").get_text())

    def test_its_admin_page_and_what_an_action_asks(self, filled, signed_in, admin):
        browser = signed_in(admin)
        for comment in list(filled.values())[::FOURTH]:
            shown = parsed(browser.get(reverse("admin:comments_comment_change", args=[comment.pk])).content)
            assert markup_that_came_through(shown) == []
            assert folded(comment.text) in folded(_said(shown, ".field-text"))
        rows = {"action": "reject", "_selected_action": [comment.pk for comment in filled.values()]}
        answer = browser.post(reverse("admin:comments_comment_changelist"), rows)
        asked = parsed(answer.content)
        assert markup_that_came_through(asked) == []
        items = asked.select("#content form > ul > li")
        assert len(items) == len(filled)
        for item, comment in zip(items, sorted(filled.values(), key=lambda one: one.pk), strict=True):
            assert folded(comment.text) in folded(item.get_text(" "))

    def test_an_admins_messages(self, filled, signed_in, admin):
        """What was left out is named: by the reader's name and words."""
        rows = {"action": "flag", "note": "x", "confirmed": 1, "_selected_action": [c.pk for c in filled.values()]}
        answer = signed_in(admin).post(reverse("admin:comments_comment_changelist"), rows, follow=True)
        shown = parsed(answer.content)
        assert len(shown.select(".messagelist li")) == len(filled)
        assert markup_that_came_through(shown) == []


# ── What else people write ────────────────────────────────────────────────
def test_a_form_with_mistakes_gives_back_what_was_typed_as_text(article):
    url = reverse("submit_comment", args=[article.slug])
    for text in OWN:
        sent = {"author_name": text, "email": text, "text": text, "parent": text, "website": text}
        shown = parsed(Client().post(url, sent | {"signed_time": text, "idempotency_key": text}).content)
        assert markup_that_came_through(shown) == []
        field = shown.select_one("#ecrire [name=email]")
        assert folded(field["value"]) == folded(text)
        assert not Comment.objects.exists()


def test_a_reports_words_are_shown_as_text_at_the_desk_and_in_the_admin(approved, signed_in, moderator, admin):
    for number, text in enumerate(OWN):
        sent = {"reason": Reason.OTHER, "detail": text[:1000], "email": f"r{number}@example.org"}
        answer = Client().post(reverse("report", args=[approved.public_id]), sent)
        assert answer.status_code == 200
        assert markup_that_came_through(parsed(answer.content)) == []
    assert Report.objects.count() == len(OWN)
    desk = parsed(signed_in(moderator).get(reverse("desk"), {"layout": "list"}).content)
    assert markup_that_came_through(desk) == []
    told = folded(desk.select_one(".reports").get_text())
    assert [report.detail for report in Report.objects.all() if folded(report.detail) not in told] == []
    listed = parsed(signed_in(admin).get(reverse("admin:comments_report_changelist")).content)
    assert markup_that_came_through(listed) == []
    for report in Report.objects.all()[:5]:
        shown = parsed(signed_in(admin).get(reverse("admin:comments_report_change", args=[report.pk])).content)
        assert markup_that_came_through(shown) == []


def test_colleagues_words_are_shown_as_text(article, write, signed_in, chief, moderator):
    """Notes, instructions, the reason of a closed discussion, what is searched for."""
    browser = signed_in(chief)
    for text in OWN[::SEVENTH]:
        comment = write("Un texte.")
        flagged = {"action": "FLAG", "version": 1, "note": text}
        assert browser.post(reverse("decide", args=[comment.public_id]), flagged).status_code == 303
        words = {"instructions": text[:2000], "reason": text[:300]}
        for name in ("instruct", "close_discussion", "open_discussion", "close_discussion"):
            assert browser.post(reverse(name, args=[article.slug]), words).status_code == 303
        thread = parsed(browser.get(reverse("editor_thread", args=[article.slug])).content)
        assert markup_that_came_through(thread) == []
        assert folded(thread.select_one("#instructions").get_text()) == folded(clean_text(text[:2000]))
        queue = {"queue": "flagged", "comment": comment.public_id}
        shown = parsed(signed_in(moderator).get(reverse("desk"), queue).content)
        assert markup_that_came_through(shown) == []
        assert folded(clean_text(text)) in folded(shown.get_text())
        searched = {"q": text, "section": text, "after": text, "status": text}
        for page_name in ("desk", "editor_articles"):
            found = browser.get(reverse(page_name), searched | {"queue": text})
            assert markup_that_came_through(parsed(found.content)) == []
        Discussion.objects.update(closed_at=None)


def test_word_lists_are_text_and_never_break_screening(article, signed_in, chief):
    """Words and patterns that a chief pastes: refused with a sentence, or looked for as they are."""
    browser = signed_in(chief)
    for number, text in enumerate(OWN[::3]):
        form = {"name": f"{number} {text}"[:80], "ground": "SPAM", "words": text, "is_active": "on"}
        patterns = {"patterns": text} if number % 2 else {"patterns": ""}
        assert browser.post(reverse("admin:comments_wordlist_add"), form | patterns).status_code in (200, 302)
    assert WordList.objects.count() > len(OWN) / 6
    listed = parsed(browser.get(reverse("admin:comments_wordlist_changelist")).content)
    assert markup_that_came_through(listed) == []
    shown = parsed(browser.get(reverse("admin:comments_wordlist_change", args=[WordList.objects.first().pk])).content)
    assert markup_that_came_through(shown) == []
    by_the_form(article, OWN[::SEVENTH])


def test_an_articles_own_words_are_shown_as_text(section, signed_in, admin, publish):
    """Headline, standfirst, caption, author: plain text in pages, feeds and the data for search engines."""
    for number, text in enumerate(OWN):
        words = dict.fromkeys(("headline", "standfirst", "image_caption", "image_credit", "author_line"), text[:190])
        related = [{"title": text, "url": ""}]
        article = make_article(section, slug=f"a{number}", source_note=text[:190], related=related, **words)
        shown = parsed(Client().get(article.get_absolute_url()).content)
        assert markup_that_came_through(shown) == []
        assert folded(shown.select_one("h1").get_text()) == folded(text[:190])
        data = json.loads(shown.select_one("script[type='application/ld+json']").string)
        assert data["headline"] == text[:190]
    for url in ("/", "/sections/ville/"):
        assert markup_that_came_through(parsed(Client().get(url).content)) == []
    ElementTree.fromstring(Client().get("/feed/").content)
    for name in ("newsroom_article", "newsroom_section"):
        listed = parsed(signed_in(admin).get(reverse(f"admin:{name}_changelist")).content)
        assert markup_that_came_through(listed) == []


def test_a_body_with_markup_of_its_own_keeps_what_is_harmless_only(signed_in, admin, article):
    """The one field that is HTML: what an administrator pastes is cleaned before it is stored."""
    url = reverse("admin:newsroom_article_change", args=[article.pk])
    form = {
        "headline": "Titre",
        "slug": article.slug,
        "language": "fr",
        "published_at_0": "2026-11-20",
        "published_at_1": "10:00",
        "related": "[]",
        "is_published": "on",
    }
    browser = signed_in(admin)
    for text in [*OWN, *SETS["purify"]()][::2]:
        assert browser.post(url, form | {"body": f"<p>{text}</p>"}).status_code in (200, 302)
        shown = parsed(Client().get(article.get_absolute_url()).content)
        assert markup_that_came_through(shown) == [], text


def test_what_an_administrator_uploads_is_shown_as_text_in_the_preview_and_the_history(signed_in, admin):
    """Articles of a file, previewed, imported and refused: their fields, their original, and what is quoted of them."""
    fields = ("headline", "standfirst", "author", "section", "image_caption", "image_credit", "source_note", "text")
    lines = [
        dict.fromkeys(fields, text[:190]) | {"published_at": NOON.isoformat(), "id": str(number)}
        for number, text in enumerate(OWN)
        if text.strip()
    ]
    lines += [{"headline": "Titre", "published_at": text[:60], text[:60] or "x": text} for text in OWN]
    browser = signed_in(admin)
    data = "\n".join(map(json.dumps, lines)).encode()
    answer = browser.post("/admin/newsroom/importrun/add/", {"file": SimpleUploadedFile(f"{OWN[0]}.jsonl", data)})
    assert answer.status_code == 302
    run = ImportRun.objects.get()
    assert len(run.prepared) > len(OWN) / 2 and run.remarks.count() >= len(OWN)
    pages = [answer.url, *(reverse(f"admin:newsroom_importrun_{name}", args=args) for name, args in _history(run))]
    for page_of_it in pages:
        assert markup_that_came_through(parsed(browser.get(page_of_it).content)) == []
    shown = folded(parsed(browser.get(answer.url).content).select_one("#preview-form").get_text(" "))
    for prepared in run.prepared:
        assert folded(prepared["headline"]) in shown
    browser.post(answer.url, {"article": [*range(len(run.prepared))]})
    for page_of_it in pages[1:]:
        assert markup_that_came_through(parsed(browser.get(page_of_it).content)) == []
    told = browser.get(reverse("admin:newsroom_importrun_remarks", args=[run.pk])).getvalue().decode("utf-8-sig")
    cells = [cell for row in csv.reader(io.StringIO(told)) for cell in row]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


def test_refused_rows_of_comments_are_quoted_as_text_in_the_history(article, signed_in, admin, tmp_path):
    path = tmp_path / f"{OWN[1].replace('/', ' ')[:60]}.jsonl"
    bad = [{"article": text, "id": text, "text": "x", "submitted_at": text, "status": text} for text in OWN]
    path.write_text("\n".join(map(json.dumps, bad)))
    with suppress(SystemExit):
        call_command("import_comments", str(path), stdout=io.StringIO())
    run, browser = ImportRun.objects.get(), signed_in(admin)
    assert run.refused_count == len(OWN)
    for name, args in _history(run):
        shown = parsed(browser.get(reverse(f"admin:newsroom_importrun_{name}", args=args)).content)
        assert markup_that_came_through(shown) == []


def _history(run: ImportRun) -> list[tuple[str, list[int]]]:
    return [("changelist", []), ("change", [run.pk])]
