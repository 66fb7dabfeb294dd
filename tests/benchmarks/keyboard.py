"""One scripted keyboard on a running desk: from the key to the next comment on the screen, and how many a minute."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PROJECT = Path(__file__).resolve().parent.parent.parent
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
# Keys within 250 ms of a comment's painting are ignored (static/js/desk/keys.js).
SETTLED = 260
# Every fifth is rejected: `r`, then a digit for the ground.
REJECT_EVERY = 5

# From the key's arrival in the page to the frame in which another comment's heading stands: the observer sees the new
# sheet, the next frame's callback runs before it is painted, and the message is read after.
_WATCH = """() => {
  const shown = () => document.querySelector(".one:not([hidden]) h2")?.closest(".one").dataset.one ?? "";
  window.bench = { times: [], pressed: 0, before: shown(), waiting: false };
  addEventListener("keydown", () => { bench.pressed = performance.now(); }, true);
  new MutationObserver(() => {
    const now = shown();
    if (!now || now === bench.before) return;
    bench.before = now;
    const pressed = bench.pressed;
    requestAnimationFrame(() => {
      const painted = new MessageChannel();
      painted.port1.onmessage = () => bench.times.push(performance.now() - pressed);
      painted.port2.postMessage(0);
    });
  }).observe(document.querySelector("[data-ones]"),
             { subtree: true, childList: true, attributes: true, attributeFilter: ["hidden"] });
}"""
_UNSENT = """() => Object.keys(localStorage).filter((name) => name.startsWith("desk-outbox-"))
  .every((name) => JSON.parse(localStorage[name]).length === 0)"""


@dataclass(frozen=True)
class Typed:
    """`paints` in ms; `seconds` from the first key until the last decision was acknowledged."""

    paints: list[float]
    decided: int
    seconds: float


def type_through(session: str, *, decisions: int) -> Typed:
    """Decide so many pending comments by keys alone, on a server of its own. `session` is a moderator's cookie."""
    with served() as address, sync_playwright() as run:
        browser = run.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        context = browser.new_context(base_url=address, viewport={"width": 1440, "height": 900}, locale="fr-FR")
        context.add_cookies([{"name": "sessionid", "value": session, "url": address}])
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.goto("/moderation/?queue=pending&layout=focus")
        page.wait_for_load_state("networkidle")
        page.evaluate(_WATCH)
        typed = _type(page, decisions)
        browser.close()
        return typed


def _type(page: Page, decisions: int) -> Typed:
    began = time.perf_counter()
    for number in range(decisions):
        if number % REJECT_EVERY == REJECT_EVERY - 1:
            page.keyboard.press("r")
            page.keyboard.press("3")
        else:
            page.keyboard.press("a")
        page.wait_for_function("count => bench.times.length >= count", arg=number + 1)
        page.wait_for_timeout(SETTLED)
    page.wait_for_function(_UNSENT)
    return Typed(page.evaluate("bench.times"), decisions, time.perf_counter() - began)


@contextmanager
def served() -> Iterator[str]:
    """The address of the site as it is deployed (gunicorn, several workers), until the block ends."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port = listening.getsockname()[1]
    words = [sys.executable, "-m", "gunicorn", "newsroom.wsgi", "--bind", f"127.0.0.1:{port}", "--workers", "3"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen(words, env=os.environ, cwd=PROJECT, **quiet) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address
        finally:
            server.terminate()


def _wait_for(address: str, *, seconds: int = 30) -> None:
    until = time.monotonic() + seconds
    while True:
        try:
            urllib.request.urlopen(f"{address}/healthz", timeout=2).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)
