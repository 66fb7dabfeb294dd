"""A browser that watches itself: no dialog, no error on its console, no breach of the policy, no foreign request."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.cache import cache
from django.test import Client

from newsroom.models import User

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, Page

    Open = Callable[..., Page]

# Playwright's loop runs in the test's own thread; Django takes it for asynchronous code (tests only).
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = "no chromium on this machine (`make test` installs it as root; Debian: apt-get install chromium)"
# The runtime requirements alone run the other tests; test_present.py says that these were left out.
DRIVEN = find_spec("playwright") is not None and find_spec("axe_playwright_python") is not None
collect_ignore_glob = [] if DRIVEN else ["test_[!p]*.py"]
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)
# A refusal is an answer: the browser notes its status on the console, which is no fault of the page. So does an error
# page that a test asks for by its own address, /error/….
REFUSED = re.compile(r"Failed to load resource: the server responded with a status of 4\d\d")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All of this folder is marked, and runs in one worker: two browsers at once are slower than one after another."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


def leave_out(why: str) -> NoReturn:
    """Skipped with a sentence on somebody's machine; a failure where every test has to run."""
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, object]:
    if CHROMIUM is None:
        leave_out(MISSING)
    return {"executable_path": CHROMIUM, "args": FLAGS.split()}


@dataclass
class Watch:
    """What a browser saw that no page of ours may show it."""

    home: str
    amiss: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        context.on("dialog", self._dialog)
        context.on("console", self._console)
        context.on("weberror", lambda raised: self.amiss.append(f"script: {raised.error}"))
        context.on("request", self._request)

    def _dialog(self, dialog) -> None:
        self.amiss.append(f"dialog: {dialog.message}")
        dialog.dismiss()

    def _console(self, message) -> None:
        place = str(message.location.get("url"))
        if message.type not in ("error", "warning") or place.partition("/error/")[1]:
            return
        if not REFUSED.match(message.text) or "/static/" in place:
            self.amiss.append(f"console: {message.text} ({place})")

    def _request(self, request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in ("data", "blob") and address.netloc != self.home:
            self.amiss.append(f"foreign request: {request.url}")


@pytest.fixture
def watch(live_server) -> Iterator[Watch]:
    """Every browser of a test is watched; what was amiss fails it at its end."""
    cache.clear()
    watching = Watch(urlsplit(live_server.url).netloc)
    yield watching
    assert watching.amiss == []


@pytest.fixture
def open_browser(browser: Browser, live_server, watch) -> Iterator[Open]:
    """`open_browser(by=moderator, width=390, scripts=False, dark=True)`: a fresh browser of one person."""
    from tests.browser.patience import PATIENCE

    opened: list[BrowserContext] = []

    def fresh(*, by: User | None = None, width: int = 1440, scripts: bool = True, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            viewport={"width": width, "height": 900},
            java_script_enabled=scripts,
            color_scheme="dark" if dark else "light",
            locale="fr-FR",
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        watch.over(context)
        opened.append(context)
        if by is not None:
            context.add_cookies([_session_of(by, live_server.url)])
        return context.new_page()

    yield fresh
    for context in opened:
        context.close()


def _session_of(user: User, url: str) -> dict[str, str]:
    client = Client()
    client.force_login(user)
    return {"name": django_settings.SESSION_COOKIE_NAME, "value": client.cookies["sessionid"].value, "url": url}
