"""Whether there is a browser to test with. Without one, this is the line that says so."""

from tests.browser.conftest import CHROMIUM, DRIVEN, MISSING, leave_out


def test_a_browser_can_be_driven():
    if not DRIVEN:
        leave_out("playwright is not installed (`make test` does; pip install -r requirements-dev.txt)")
    if CHROMIUM is None:
        leave_out(MISSING)
