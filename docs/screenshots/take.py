"""Pictures of the main pages, for the README and the docs: `make screenshots`.

Starts the site with the demonstration's data in a folder of its own, on a free port, and stops it again.
`take.py NAME…` takes these alone.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile

from pictures import Picture, pictures
from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright
from running import HERE, site

LARGEST = 400_000
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


def main(names: list[str]) -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        sys.exit("Chromium is missing: `make browser` as root, or apt-get install chromium.")
    with (
        tempfile.TemporaryDirectory(prefix="screenshots-") as folder,
        site(folder) as address,
        sync_playwright() as run,
    ):
        browser = run.chromium.launch(executable_path=chromium, args=FLAGS)
        for picture in pictures():
            if not names or picture.name in names:
                size = take(browser, address, picture)
                sys.stdout.write(f"docs/screenshots/{picture.name}.png  {size // 1000} kB\n")
        browser.close()


def take(browser: Browser, address: str, picture: Picture) -> int:
    """Writes one picture; its size in bytes."""
    page = _window(browser, address, picture, picture.by)
    page.goto(picture.path)
    page.wait_for_load_state("networkidle")
    picture.prepare(page)
    if picture.colleague:
        picture.meets(page, _window(browser, address, picture, picture.colleague))
    written = _small(page.screenshot(full_page=picture.whole))
    (HERE / f"{picture.name}.png").write_bytes(written)
    for context in browser.contexts:
        context.close()
    return len(written)


def _window(browser: Browser, address: str, picture: Picture, username: str) -> Page:
    width, height = picture.size
    theme = "dark" if picture.dark else "light"
    context = browser.new_context(
        base_url=address,
        viewport={"width": width, "height": height},
        color_scheme=theme,
        locale="fr-FR",
        reduced_motion="reduce",
    )
    page = context.new_page()
    if username:
        _sign_in(page, username)
    return page


def _sign_in(page: Page, username: str) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", username)
    page.fill("[name=password]", "demo")
    page.click("main form [type=submit]")
    page.wait_for_load_state()


def _small(picture: bytes) -> bytes:
    """The picture in a palette, with as many colours as the size allows."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    for colours in (256, 128, 64, 32):
        out = io.BytesIO()
        image.quantize(colours, method=Image.Quantize.MEDIANCUT).save(out, "PNG", optimize=True)
        if out.tell() < LARGEST:
            break
    return out.getvalue()


if __name__ == "__main__":
    main(sys.argv[1:])
