"""A worker that is killed in the middle of an export: the half file goes after its days, and who waits is told."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from django.conf import settings as of_the_house
from django.core.management import call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from comments.archive import runs
from comments.archive.files import FORMATS
from comments.models import ExportRun

# The worker that is killed is a process of its own.
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
# Seconds that it may take to start on a busy machine.
PATIENCE = 120
DIES = """
import os, signal, sys, django
django.setup()
from comments.archive import files, runs
def lines(**how):
    yield "lea@example.org"
    os.kill(os.getpid(), signal.SIGKILL)
files.FORMATS["csv"] = lines
runs.make.call(int(sys.argv[1]))
"""


@pytest.fixture(autouse=True)
def exports(settings, tmp_path):
    settings.EXPORTS_ROOT = tmp_path / "exports"
    return settings.EXPORTS_ROOT


@pytest.fixture
def asked(chief) -> ExportRun:
    return runs.ask(by=chief, format="csv", with_emails=True, at=timezone.now())


@pytest.fixture
def killed(asked, exports) -> ExportRun:
    """An export whose worker died, in the test's own database."""
    kept = connection.settings_dict
    address = f"sqlite:///{kept['NAME']}"
    if connection.vendor == "postgresql":
        address = f"postgres://{kept['USER']}:{kept['PASSWORD']}@{kept['HOST']}:{kept['PORT']}/{kept['NAME']}"
    around = {
        "DATABASE_URL": address,
        "EXPORTS_ROOT": str(exports),
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
    }
    worker = [sys.executable, "-c", DIES, str(asked.pk)]
    died = subprocess.run(worker, cwd=of_the_house.BASE_DIR, env=os.environ | around, timeout=PATIENCE, check=False)
    assert died.returncode == -signal.SIGKILL
    asked.refresh_from_db()
    assert asked.state == "RUNNING"
    assert [path.suffix for path in exports.iterdir()] == [".part"]
    return asked


def test_a_half_file_goes_after_its_days_and_who_waits_is_told(killed, exports, signed_in, chief):
    assert runs.forget_old(at=killed.asked_at + timedelta(hours=23)) == 0
    killed.refresh_from_db()
    assert (killed.state, killed.ended_at) == ("RUNNING", None)
    tomorrow = killed.asked_at + timedelta(hours=25)
    assert runs.forget_old(at=tomorrow) == 0
    killed.refresh_from_db()
    assert (killed.state, bool(killed.failure), killed.ended_at) == ("FAILED", True, tomorrow)
    page = signed_in(chief).get(reverse("admin:comments_exportrun_change", args=[killed.pk]))
    assert killed.failure in page.content.decode()
    assert len(list(exports.iterdir())) == 1
    runs.forget_old(at=killed.asked_at + timedelta(days=8))
    assert list(exports.iterdir()) == []
    assert ExportRun.objects.get() == killed


def test_the_daily_command_sweeps_what_no_row_tells_of_and_nothing_else(exports, settings, db):
    call_command("purge")
    exports.mkdir()
    long_ago = timezone.now().timestamp() - timedelta(days=settings.EXPORTS_KEPT_DAYS, minutes=1).total_seconds()
    ours = ["comments-2026-11-20-3.csv", "comments-2026-11-20-4.jsonl.gz", ".comments-2026-11-20-5.xml.part"]
    theirs = ["comments-de-mona.csv", ".gitkeep", "lettre.jsonl.gz", "comments-2026-11-20-6.csv"]
    for name in ours + theirs:
        (exports / name).write_text("lea@example.org")
        os.utime(exports / name, (long_ago, long_ago))
    os.utime(exports / theirs[-1])
    call_command("purge")
    assert sorted(path.name for path in exports.iterdir()) == sorted(theirs)


def test_an_export_that_was_given_up_and_ends_all_the_same_is_there(asked, monkeypatch, in_parallel):
    """It waited a day for its worker, say."""

    def given_up() -> str:
        runs.forget_old(at=asked.asked_at + timedelta(hours=25))
        return ExportRun.objects.get().state

    def slow(**_how):
        yield "une ligne\n"
        assert in_parallel([given_up]) == ["FAILED"]

    monkeypatch.setitem(FORMATS, "csv", slow)
    runs.make.call(asked.pk)
    asked.refresh_from_db()
    assert (asked.is_there, asked.failure) == (True, "")
    assert runs.file_of(asked).read_text() == "une ligne\n"
