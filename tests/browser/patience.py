"""How long a browser's test waits for what must happen."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Page, expect

# Milliseconds. Waiting longer for anything is a fault, also on a machine that does much else.
PATIENCE = 30_000
_LOOK = 100
expect.set_options(timeout=PATIENCE)


def eventually(page: Page, holds: Callable[[], object]) -> None:
    """Wait, for as long as anybody would, until the server has done it."""
    for _look in range(PATIENCE // _LOOK):
        if holds():
            return
        page.wait_for_timeout(_LOOK)
    raise AssertionError("it did not happen")
