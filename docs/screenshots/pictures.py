"""Which pictures there are, and how each page is brought into the state that is shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from playwright.sync_api import Page

# Of the samples, the one with most to show.
ARTICLE = "/articles/le-pont-des-tanneurs-ferme-pour-un-an-et-valmeray-apprend-a-faire-le-tour/"
WIDE, PHONE = (1440, 900), (390, 844)
# A letter does nothing in the first 250 ms of a comment.
SETTLED = 400
IN_FOCUS = ".one:not([hidden])"


@dataclass(frozen=True)
class Picture:
    """`by` signs in first; `prepare` brings the page into the state that is shown; `whole` is taller than the window.

    `colleague` is somebody else at the same desk, whom `prepare` gets as a second page.
    """

    name: str
    path: str
    by: str = ""
    size: tuple[int, int] = WIDE
    dark: bool = False
    whole: bool = False
    prepare: Callable[[Page], object] = lambda page: None
    colleague: str = ""
    meets: Callable[[Page, Page], object] = lambda page, colleague: None


def pictures() -> list[Picture]:
    return [
        Picture("article", ARTICLE),
        Picture("article-phone", ARTICLE, size=PHONE, prepare=_to_the_thread),
        Picture("article-dark", ARTICLE, dark=True, prepare=_to_the_thread),
        Picture("thanks", f"{ARTICLE}?posted=1", prepare=_to_the_thanks),
        Picture("desk", "/moderation/?queue=suspects", by="moderator"),
        Picture("desk-dark", "/moderation/", by="moderator", dark=True, prepare=_with_the_grounds),
        Picture("desk-phone", "/moderation/", by="moderator", size=PHONE),
        Picture("desk-list", "/moderation/?queue=suspects&layout=list", by="moderator", prepare=_with_three_ticked),
        Picture("desk-bulk", "/moderation/bulk/all/?queue=suspects", by="moderator", whole=True),
        Picture("desk-reader", "/moderation/?queue=suspects", by="moderator", prepare=_to_the_reader, whole=True),
        Picture("desk-conflict", "/moderation/?queue=pending", by="moderator", colleague="chief", meets=_too_late),
        Picture("figures", f"/moderation/figures/?{_last_seven_days()}", by="chief", whole=True),
        Picture("editor-thread", f"/moderation{ARTICLE}", by="editor"),
        Picture("admin", "/admin/comments/comment/", by="moderator"),
    ]


def _last_seven_days() -> str:
    """Up to yesterday: a day that has only begun is no picture of a day."""
    today = datetime.now(tz=ZoneInfo("Europe/Paris")).date()
    return f"from={today - timedelta(days=7)}&to={today - timedelta(days=1)}"


def _to_the_thread(page: Page) -> None:
    page.evaluate("document.querySelector('#comments').scrollIntoView()")


def _to_the_thanks(page: Page) -> None:
    page.evaluate("document.querySelector('#merci').scrollIntoView({block: 'center'})")


def _with_the_grounds(page: Page) -> None:
    page.wait_for_timeout(SETTLED)
    page.keyboard.press("r")


def _with_three_ticked(page: Page) -> None:
    for box in page.locator(".tick input").all()[:3]:
        box.check()
    page.evaluate("scrollTo(0, 0)")


def _to_the_reader(page: Page) -> None:
    page.locator(f"{IN_FOCUS} .context a[href*='/moderation/readers/']").first.click()
    page.wait_for_load_state("networkidle")


def _too_late(page: Page, colleague: Page) -> None:
    """A chief decides on what is open here; the key pressed after that is refused, and `j` shows why."""
    page.wait_for_timeout(SETTLED)
    number = page.locator(IN_FOCUS).get_attribute("data-one")
    colleague.goto(f"/moderation/?comment={number}&layout=list")
    colleague.locator(".act-flag summary").click()
    colleague.locator(".act-flag [name=note]").fill("La rédaction vérifie : ne pas publier avant son retour.")
    colleague.locator("button[value=FLAG]").click()
    colleague.wait_for_load_state("networkidle")
    page.wait_for_timeout(3000)
    page.keyboard.press("a")
    page.wait_for_load_state("networkidle")
    page.wait_for_timeout(SETTLED)
    page.keyboard.press("j")
    page.wait_for_timeout(SETTLED)
