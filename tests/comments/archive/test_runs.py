"""An export asked for in the admin: made in the background, given out to chiefs alone, gone after its days."""

from __future__ import annotations

import gzip
from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.urls import reverse

from comments.archive import runs
from comments.archive.files import FORMATS
from comments.models import ExportRun
from tests.conftest import NOON

# The worker opens and closes connections of its own.
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def _exports_apart(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"


def work() -> None:
    """What the worker does until nothing is left."""
    call_command("db_worker", batch=True, interval=0, startup_delay=False, reload=False, verbosity=0)


@pytest.fixture
def asked(signed_in, chief, approved):
    """A chief's browser in which an export was asked for."""
    browser = signed_in(chief)
    answer = browser.post(reverse("admin:comments_exportrun_add"), {"format": "archive", "with_emails": "on"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("admin:comments_exportrun_changelist"))
    return browser


def test_a_chief_asks_the_worker_writes_the_chief_takes_it_home(asked, chief):
    run = ExportRun.objects.get()
    assert (run.asked_by, run.with_emails, run.state) == (chief, True, "WAITING")
    work()
    run.refresh_from_db()
    assert (run.state, run.failure) == ("READY", "")
    page = asked.get(reverse("admin:comments_exportrun_changelist")).content.decode()
    address = reverse("admin:comments_exportrun_file", args=[run.pk])
    assert address in page
    given = asked.get(address)
    assert "attachment" in given["Content-Disposition"]
    assert "no-store" in given["Cache-Control"]
    assert b"yannick@example.org" in gzip.decompress(b"".join(given.streaming_content))


@pytest.mark.parametrize("who", ["moderator", "editor", "stranger"])
def test_nobody_else_asks_or_takes(request, asked, signed_in, who):
    work()
    browser = signed_in(request.getfixturevalue(who))
    for address in (
        reverse("admin:comments_exportrun_add"),
        reverse("admin:comments_exportrun_changelist"),
        reverse("admin:comments_exportrun_file", args=[ExportRun.objects.get().pk]),
    ):
        assert browser.get(address).status_code in (302, 403)
    with pytest.raises(PermissionDenied):
        runs.ask(by=request.getfixturevalue(who), format="csv", with_emails=False, at=NOON)


def test_two_workers_write_it_once(asked, monkeypatch):
    written = []
    monkeypatch.setitem(FORMATS, "archive", lambda **how: iter([written.append(how) or "x\n"]))
    run = ExportRun.objects.get()
    runs.make.call(run.pk)
    runs.make.call(run.pk)
    assert written == [{"with_emails": True}]


def test_one_that_fails_says_so_and_leaves_no_file(asked, monkeypatch, settings):
    def broken(**_how):
        yield "une ligne"
        raise RuntimeError

    monkeypatch.setitem(FORMATS, "archive", broken)
    work()
    run = ExportRun.objects.get()
    assert (run.state, bool(run.failure)) == ("FAILED", True)
    assert list(settings.EXPORTS_ROOT.iterdir()) == []
    assert asked.get(reverse("admin:comments_exportrun_file", args=[run.pk])).status_code == 404


def test_the_file_goes_after_its_days_and_the_row_stays(asked):
    work()
    run = ExportRun.objects.get()
    path = runs.file_of(run)
    assert runs.forget_old(at=run.ended_at + timedelta(days=6)) == 0
    assert path.exists()
    assert runs.forget_old(at=run.ended_at + timedelta(days=8)) == 1
    run.refresh_from_db()
    assert (path.exists(), run.is_there) == (False, False)
    assert asked.get(reverse("admin:comments_exportrun_file", args=[run.pk])).status_code == 404
    assert asked.get(reverse("admin:comments_exportrun_changelist")).status_code == 200
