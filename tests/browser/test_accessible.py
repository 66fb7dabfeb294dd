"""axe finds nothing on any page templated here, light or dark, wide or narrow; on a phone nothing scrolls sideways."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from io import StringIO

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.urls import include, path, reverse
from django.utils import timezone
from playwright.sync_api import Page

from comments import claims, discussions
from comments.archive import runs
from comments.models import Comment, Finding
from comments.reports import file_report
from newsroom.importers.preparing import import_prepared, prepare_upload
from newsroom.models import ImportRun
from newsroom.views import errors
from tests.comments.importers.reading import EXPORTS
from tests.conftest import NOON, make_article

LOOKS = [(1440, "light"), (1440, "dark"), (390, "dark"), (390, "light")]
PHONES = (390, 320)
# Django's admin fades from light to dark: what is looked at is its end.
TURNED = "Promise.all(document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished))"
axe = Axe()

# Each error page at an address of its own: some of them nobody could provoke in a test.
urlpatterns = [
    path("", include("newsroom.urls")),
    *(
        path(f"error/{status}/", lambda request, status=status: errors.error_page(request, status=status))
        for status in errors.WORDS
    ),
    path("error/bare/", lambda request: errors.bare_page(500)),
]
handler400, handler403, handler404, handler500 = (
    errors.bad_request,
    errors.forbidden,
    errors.not_found,
    errors.server_error,
)


@dataclass(frozen=True)
class World:
    """A site with one of each."""

    here: str
    empty: str
    closed: str
    comment: Comment
    answer: Comment
    pending: Comment
    suspect: Comment
    flagged: Comment
    claimed: Comment
    stale: Comment


@pytest.fixture
def world(article, section, publish, write, take, chief, colleague, settings) -> World:
    settings.ROOT_URLCONF = "tests.browser.test_accessible"
    empty = make_article(section, slug="halles", headline="Les halles rouvrent samedi")
    closed = make_article(section, slug="gare", headline="La gare perd son guichet")
    discussions.close(closed, by=chief, reason="Trop d’attaques entre lecteurs.", at=timezone.now())
    discussions.instruct(article, by=chief, instructions="Ne pas nommer l’entreprise avant le jugement.")
    publish("Fermé aussi chez nous.", under=closed)
    comment = publish("Un premier avis.\n\nEn deux paragraphes.", ago=timedelta(hours=5))
    answers = [publish(f"Réponse {n}", parent=comment, name=f"Zoé {n}", ago=timedelta(hours=4)) for n in range(6)]
    deeper = publish("Plus bas encore.", parent=answers[0], ago=timedelta(hours=3))
    publish("Et encore plus bas.", parent=deeper, ago=timedelta(hours=2))
    gone = publish("Partira.", ago=timedelta(hours=2))
    publish("Reste sous ce qui est parti.", parent=gone, ago=timedelta(hours=1))
    take(gone, "REJECT")
    pending, suspect, flagged, claimed, stale, withdrawn = (write(f"Texte {n} qui attend.") for n in range(6))
    Comment.objects.filter(pk=suspect.pk).update(is_suspect=True)
    for number, one in enumerate((pending, suspect)):
        Finding.objects.create(comment=one, rule="links", ground="SPAM", start=0, end=5, detail="exemple.org")
        Finding.objects.create(comment=one, rule="shouting", start=3, end=9 + number, detail="attend")
    take(flagged, "FLAG", by=colleague)
    take(stale, "APPROVE", by=colleague)
    take(withdrawn, "WITHDRAW", by="author")
    claims.take(claimed, by=colleague, at=timezone.now())
    for reason, address in (("HATE", "192.0.2.1"), ("SPAM", "192.0.2.2")):
        file_report(comment, reason=reason, detail="Voyez la fin.", email="", address=address, port=None, at=NOON)
    here = article.get_absolute_url()
    found = World(
        here,
        empty.get_absolute_url(),
        closed.get_absolute_url(),
        comment,
        answers[2],
        pending,
        suspect,
        flagged,
        claimed,
        stale,
    )
    return replace(found)


Visit = Callable[[Page, World], object]


def go(address: str) -> Visit:
    return lambda page, world: page.goto(address.format(**vars(world), id=world.comment.public_id))


def _reply(page: Page, world: World) -> None:
    page.goto(world.here)
    page.click(f"[data-reply='{world.comment.public_id}']")


def _refused_form(page: Page, world: World) -> None:
    page.goto(world.here)
    page.evaluate("document.querySelector('#ecrire form').noValidate = true")
    page.click("#ecrire form [type=submit]")
    page.wait_for_selector("#ecrire .invalid-feedback")


def _reported(page: Page, world: World) -> None:
    page.goto(f"/comments/{world.answer.public_id}/report/")
    page.check("[name=reason][value=SPAM]")
    page.click("form .button-primary")
    page.wait_for_selector(".thanks")


def _refused_report(page: Page, world: World) -> None:
    page.goto(f"/comments/{world.comment.public_id}/report/")
    page.evaluate("document.querySelector('main form').noValidate = true")
    page.click("form .button-primary")
    page.wait_for_selector(".invalid-feedback")


def _wrong_password(page: Page, world: World) -> None:
    page.goto(reverse("account_login"))
    page.fill("[name=login]", "mona")
    page.fill("[name=password]", "autre")
    page.click("main form [type=submit]")
    page.wait_for_selector("[role=alert], .invalid-feedback")


PUBLIC: dict[str, Visit] = {
    "front": go("/"),
    "section": go("/sections/ville/"),
    "article with its thread": go("{here}"),
    "one branch": go("{here}?at={id}"),
    "after posting": go("{here}?posted=1"),
    "form that answers": go("{here}?reply={id}"),
    "form moved under a comment": _reply,
    "form with mistakes": _refused_form,
    "closed discussion": go("{closed}"),
    "empty thread": go("{empty}"),
    "report": go("/comments/{id}/report/"),
    "report with mistakes": _refused_report,
    "report, thanks": _reported,
    "sign-in": go("/accounts/login/"),
    "sign-in refused": _wrong_password,
    "forgotten password": go("/accounts/password/reset/"),
    "forgotten password, sent": go("/accounts/password/reset/done/"),
    "link that is too old": go("/accounts/password/reset/key/x-y/"),
    "password changed": go("/accounts/password/reset/key/done/"),
    "account closed": go("/accounts/inactive/"),
    **{f"error {status}": go(f"/error/{status}/") for status in errors.WORDS},
    "error without a request": go("/error/bare/"),
}


def _opened(selector: str) -> Visit:
    def visit(page: Page, world: World) -> None:
        page.goto("/moderation/?queue=pending&layout=list")
        page.locator(f"#card-{world.pending.public_id} {selector} summary").click()

    return visit


def _posted(act: str, which: str, **fields: object) -> Visit:
    """A form of the desk as it would be sent by somebody without scripts."""

    def visit(page: Page, world: World) -> None:
        comment = getattr(world, which)
        page.goto(f"/moderation/?comment={world.pending.public_id}")
        sent = {"version": 1, "idempotency_key": "", **fields}
        page.evaluate(
            """([action, fields]) => {
                 const form = document.createElement("form");
                 form.method = "post";
                 form.action = action;
                 const token = document.querySelector("[name=csrfmiddlewaretoken]").value;
                 for (const [name, value] of Object.entries({...fields, csrfmiddlewaretoken: token})) {
                   const input = document.createElement("input");
                   input.name = name;
                   input.value = value;
                   form.append(input);
                 }
                 document.body.append(form);
                 form.submit();
               }""",
            [reverse(act, args=[comment.public_id]) if act != "bulk" else reverse(act), sent],
        )
        page.wait_for_url("**" + (reverse(act, args=[comment.public_id]) if act != "bulk" else reverse(act)))

    return visit


def _bulk_left_out(page: Page, world: World) -> None:
    _posted(
        "bulk", "suspect", comment=f"{world.claimed.public_id}.1", action="REJECT", ground="SPAM", queue="suspects"
    )(page, world)


MODERATOR: dict[str, Visit] = {
    **{
        f"queue {code}": go(f"/moderation/?queue={code}&layout=list")
        for code in ("reported", "pending", "suspects", "flagged", "rejected", "approved")
    },
    "empty page of a queue": go("/moderation/?queue=pending&layout=list&after=2030-01-01T00:00:00%2B00:00~999999"),
    "grounds open": _opened(".act-reject"),
    "second look open": _opened(".act-flag"),
    "no ground chosen": _posted("decide", "pending", action="REJECT"),
    "no note written": _posted("decide", "pending", action="FLAG"),
    "somebody was faster": _posted("decide", "stale", action="REJECT", ground="SPAM"),
    "somebody reads it": _posted("decide", "claimed", action="APPROVE"),
    "nothing to undo": _posted("undo", "pending"),
    "left out of a bulk": _bulk_left_out,
    "nothing ticked": _posted("bulk", "suspect", action="APPROVE", queue="suspects"),
    "discussions": go("/moderation/articles/"),
    "thread": go("/moderation{here}"),
    "thread of one state": go("/moderation{here}?status=REJECTED"),
    "thread nobody has written in": go("/moderation{empty}"),
    "new password": go("/accounts/password/change/"),
    "signing out": go("/accounts/logout/"),
}
EDITOR: dict[str, Visit] = {
    "discussions": go("/moderation/articles/"),
    "discussions, nothing found": go("/moderation/articles/?q=rien"),
    "thread": go("/moderation{here}"),
    "thread, closed": go("/moderation{closed}"),
    "a page of others": go("/moderation/?layout=list"),
}

# What tells that the page is the one that was meant.
MARKS = {
    "article with its thread": ".comment-gone",
    "after posting": "#merci",
    "form that answers": "#ecrire [name=parent][value]",
    "form moved under a comment": ".branch #ecrire",
    "form with mistakes": "#ecrire .invalid-feedback",
    "closed discussion": ".banner-notice",
    "report with mistakes": ".invalid-feedback",
    "grounds open": "details[open] .grounds",
    "second look open": "details[open] textarea",
    "no ground chosen": "details[open] .invalid-feedback",
    "no note written": "details[open] .invalid-feedback",
    "somebody was faster": ".versus",
    "somebody reads it": ".banner-notice[role=alert]",
    "nothing to undo": ".versus",
    "nothing ticked": "#bulk .invalid-feedback",
    "empty page of a queue": ".nothing",
    "thread nobody has written in": ".nothing",
    "discussions, nothing found": ".nothing",
    "thread": ".tree .tree",
    "thread, closed": ".state-line",
    **{f"error {status}": ".error-code" for status in errors.WORDS},
    "a page of others": ".error-code",
    "landing": ".error-code",
}


def violations(page: Page, **options: object) -> Iterator[str]:
    for found in axe.run(page, options={"resultTypes": ["violations"], **options}).response["violations"]:
        nodes = "; ".join(node["html"][:160] for node in found["nodes"][:3])
        yield f"{found['id']} ({len(found['nodes'])}): {nodes}"


def sideways(page: Page) -> int:
    """By how many pixels the page is wider than its window."""
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def looked_over(page: Page, **options: object) -> list[str]:
    amiss = []
    for width, theme in LOOKS:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=theme, reduced_motion="reduce")
        page.evaluate(TURNED)
        amiss += [f"{width} {theme}: {found}" for found in violations(page, **options)]
    for width in PHONES:
        page.set_viewport_size({"width": width, "height": 900})
        if (over := sideways(page)) > 0:
            amiss.append(f"{width}: {over} px too wide")
    return amiss


def amiss_on(page: Page, world: World, visits: dict[str, Visit]) -> dict[str, list[str]]:
    """What is wrong, by page; looked for on all of them before anything is told."""
    found = {}
    for name, visit in visits.items():
        page.set_viewport_size({"width": 1440, "height": 900})
        visit(page, world)
        assert page.locator(MARKS.get(name, "main")).count(), f"{name} does not show what it should: {page.url}"
        found[name] = looked_over(page)
    return {name: told for name, told in found.items() if told}


def test_the_public_pages(open_browser, world):
    assert amiss_on(open_browser(), world, PUBLIC) == {}


def test_the_moderators_pages(open_browser, world, moderator):
    assert amiss_on(open_browser(by=moderator), world, MODERATOR) == {}


def test_the_editors_pages(open_browser, world, editor):
    assert amiss_on(open_browser(by=editor), world, EDITOR) == {}


def test_an_account_without_a_role(open_browser, world, stranger):
    assert amiss_on(open_browser(by=stranger), world, {"landing": go("/accounts/")}) == {}


# Django's own templates; this list only ever shrinks (dependencies.md, pitfall 18).
DJANGOS_OWN = {"empty-table-header", "label-title-only", "link-in-text-block"}


def test_the_admins_pages_have_no_other_violations_than_djangos_own(open_browser, world, admin):
    page, found = open_browser(by=admin), set()
    comment = reverse("admin:comments_comment_change", args=[world.comment.pk])
    lists = [reverse(f"admin:comments_{name}_changelist") for name in ("comment", "report", "wordlist")]
    for address in (reverse("admin:index"), *lists, comment, reverse("admin:comments_wordlist_add")):
        page.goto(address)
        # Preloading, axe writes a style of its own into some of these pages; the policy refuses it, and says so.
        found |= {one.partition(" ")[0] for one in violations(page, preload=False)}
    assert found - DJANGOS_OWN == set()
    assert DJANGOS_OWN - found == set(), "mended: take it off the list"


def _runs_of(admin) -> list[str]:
    """Imports read and done, with refusals, a name without an end and an address that breaks nowhere; an export."""
    line = {"headline": "Le bac repart", "published_at": "2026-11-10T09:00:00+01:00", "author": "Jeanne Aubin"}
    articles = [
        line | {"url": f"https://e.example/{'a' * 150}", "body": "<p>Un.</p><table><tr><td>mot</td></tr></table>"},
        line | {"url": "https://e.example/2", "headline": "A" * 400},
    ]
    data = "\n".join([*map(json.dumps, articles), "pas du JSON", "{}"]).encode()
    prepared = prepare_upload(f"{'articles' * 12}.jsonl", data, format=None, section="", by=admin, at=timezone.now())
    done = prepare_upload("articles.jsonl", data, format=None, section="", by=admin, at=timezone.now())
    import_prepared(done, chosen={0, 1}, by=admin, at=timezone.now())
    with suppress(SystemExit):
        call_command("import_comments", str(EXPORTS / "disqus-broken.xml"), stdout=StringIO())
    exported = runs.ask(by=admin, format="archive", with_emails=False, at=timezone.now())
    (of_comments,) = ImportRun.objects.filter(what=ImportRun.What.COMMENTS)
    return [
        reverse("admin:newsroom_importrun_add"),
        reverse("admin:newsroom_importrun_changelist"),
        reverse("admin:newsroom_importrun_preview", args=[prepared.pk]),
        *(reverse("admin:newsroom_importrun_change", args=[run.pk]) for run in (prepared, done, of_comments)),
        reverse("admin:comments_exportrun_add"),
        reverse("admin:comments_exportrun_changelist"),
        reverse("admin:comments_exportrun_change", args=[exported.pk]),
    ]


def test_the_admins_imports_and_exports(open_browser, world, admin):
    page, amiss = open_browser(by=admin), {}
    for address in _runs_of(admin):
        page.goto(address)
        assert page.locator("#content h1, #content-main").count(), page.url
        for details in page.locator("details.read:not([open]) summary").all():
            details.click()
        told = [one for one in looked_over(page, preload=False) if one.split(": ")[1].split()[0] not in DJANGOS_OWN]
        amiss |= {address: told} if told else {}
    assert amiss == {}


def test_the_admins_confirmation_is_ours(open_browser, world, admin):
    """Its frame is Django's, what stands in it is not."""
    page = open_browser(by=admin)
    page.goto(reverse("admin:comments_comment_changelist"))
    page.check(f"[name=_selected_action][value='{world.pending.pk}']")
    page.select_option("[name=action]", "reject")
    page.click("[name=index]")
    page.wait_for_selector("[name=ground]")
    for theme in ("light", "dark"):
        page.emulate_media(color_scheme=theme)
        response = axe.run(page, context="#content form").response
        assert [found["id"] for found in response["violations"]] == []
