"""An import that is killed in the middle and started again ends with the same rows: real processes, a real kill -9."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from comments.models import Comment, Decision, Discussion, Finding, Imprint, Reader
from comments.search import forget_all
from tests.comments.test_taking_over import everything
from tests.conftest import NOON, make_article
from tests.integrity import assert_whole

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.race]
COMMENTS, BATCH = 1_500, 50
KILLED_AT = (1, 800)
# Seconds that one import may take on a busy machine.
PATIENCE = 120


@pytest.fixture
def export(section, tmp_path) -> Path:
    """Answers before and after what they answer, statuses, e-mails, a bad line, a line twice."""
    for number in range(3):
        make_article(section, slug=f"article-{number}")
    lines = [
        {
            "article": f"article-{number % 3}",
            "id": str(number),
            "parent": str((number * 7919 + 1) % COMMENTS // 3 * 3 + number % 3) if number % 5 > 2 else "",
            "author_name": f"Lectrice {number % 50}",
            "email": f"r{number % 90}@example.org",
            "text": f"Avis numéro {number}, et ce texte est le {number % 7}e.",
            "submitted_at": f"2026-03-{1 + number % 28:02}T{number % 24:02}:{number % 60:02}:00Z",
            "status": ("published", "published", "pending", "spam")[number % 4],
        }
        for number in range(COMMENTS)
    ]
    path = tmp_path / "export.jsonl"
    path.write_text("\n".join([*map(json.dumps, lines), "{no json", json.dumps(lines[5])]))
    return path


def start(export: Path, batch: int) -> subprocess.Popen[bytes]:
    """As an administrator would, in the test's own database."""
    kept = connection.settings_dict
    address = f"sqlite:///{kept['NAME']}"
    if connection.vendor == "postgresql":
        address = f"postgres://{kept['USER']}:{kept['PASSWORD']}@{kept['HOST']}:{kept['PORT']}/{kept['NAME']}"
    words = [sys.executable, "manage.py", "import_comments", str(export), "--batch", str(batch)]
    return subprocess.Popen(
        words, cwd=settings.BASE_DIR, env=os.environ | {"DATABASE_URL": address}, stdout=subprocess.DEVNULL
    )


def killed_at(count: int, export: Path) -> None:
    """Kill it as soon as so many are there."""
    process = start(export, BATCH)
    end = time.monotonic() + PATIENCE
    while Comment.objects.count() < count and process.poll() is None:
        assert time.monotonic() < end
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    assert process.wait(timeout=PATIENCE) == -signal.SIGKILL, "it was to die in the middle"
    assert_whole()


def rows() -> dict[str, list[object]]:
    """What was written, but for the hour of the import."""
    Comment.objects.exclude(decided_at=None).update(decided_at=NOON)
    Decision.objects.update(at=NOON)
    return everything()


def forget() -> None:
    forget_all()
    for model in (Imprint, Finding, Decision, Comment, Reader):
        model.objects.all()._raw_delete(connection.alias)
    Discussion.objects.update(visible_count=0, version=0)


def test_killed_twice_and_started_again_it_ends_with_the_same_rows(export):
    for count in KILLED_AT:
        killed_at(count, export)
    assert start(export, BATCH).wait(timeout=PATIENCE) == 1, "one line is refused"
    assert_whole()
    after_all = rows()
    forget()
    assert start(export, COMMENTS).wait(timeout=PATIENCE) == 1
    assert_whole()
    assert Comment.objects.count() == COMMENTS
    assert after_all == rows()
