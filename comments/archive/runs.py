"""Exports asked for on a page and made in the background, and their files, which do not stay for ever."""

from __future__ import annotations

import logging
import re
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django_tasks import task

from comments.archive.files import FORMATS, SUFFIXES, write
from comments.archive.moment import one_moment
from comments.models import ExportRun
from newsroom import roles
from newsroom.models import User

log = logging.getLogger(__name__)
# No export takes as long.
WRITTEN_WITHIN = timedelta(days=1)
# What `make` calls a file, whole or half; somebody else's stays.
_OURS = re.compile(r"\.?comments-\d{4}-\d\d-\d\d-\d+\.[a-z.]+")


def ask(*, by: User, format: str, with_emails: bool, at: datetime) -> ExportRun:
    """The row of an export to come, and the task that a worker will find: both, or neither."""
    if not by.has_perm(roles.EXPORT):
        raise PermissionDenied
    with transaction.atomic():
        run = ExportRun.objects.create(
            asked_by=by, format=ExportRun.Format(format), with_emails=with_emails, asked_at=at
        )
        make.enqueue(run.pk)
    return run


@task()
def make(pk: int) -> None:
    """Write the file of an export. Asked twice it is made once; an error is told on its row and in the log."""
    waiting = ExportRun.objects.filter(pk=pk, state=ExportRun.State.WAITING)
    if not waiting.update(state=ExportRun.State.RUNNING):
        return
    run = ExportRun.objects.get(pk=pk)
    run.name = f"comments-{run.asked_at:%Y-%m-%d}-{run.pk}{SUFFIXES[run.format]}"
    try:
        settings.EXPORTS_ROOT.mkdir(parents=True, exist_ok=True, mode=0o700)
        with one_moment():
            write(FORMATS[run.format](with_emails=run.with_emails), file_of(run))
    except Exception:  # whatever it is, who waits for the file is told
        log.exception("export %s", run.pk)
        run.state, run.failure = ExportRun.State.FAILED, _("An error that is now in the log.")
    else:
        run.state, run.size = ExportRun.State.READY, file_of(run).stat().st_size
    run.ended_at = timezone.now()
    run.save()


def file_of(run: ExportRun) -> Path:
    return settings.EXPORTS_ROOT / run.name


def forget_old(*, at: datetime) -> int:
    """Delete the files whose days are over. Their rows stay: who took what out, and when."""
    _give_up(at=at)
    _sweep(before=at - timedelta(days=settings.EXPORTS_KEPT_DAYS))
    old = ExportRun.objects.filter(
        gone_at__isnull=True, ended_at__lt=at - timedelta(days=settings.EXPORTS_KEPT_DAYS)
    ).exclude(name="")
    for run in old:
        file_of(run).unlink(missing_ok=True)
    return old.update(gone_at=at)


def _give_up(*, at: datetime) -> None:
    """A worker that was killed has told nobody; one that is at work all the same tells of its file at the end."""
    lost = ExportRun.objects.filter(state=ExportRun.State.RUNNING, asked_at__lt=at - WRITTEN_WITHIN)
    failure = _("The worker was stopped before the file was whole. Ask for the export again.")
    lost.update(state=ExportRun.State.FAILED, failure=failure, ended_at=at)


def _sweep(*, before: datetime) -> None:
    """Files that no row tells of: half ones of a killed worker, whole ones from before a backup was put back."""
    for path in settings.EXPORTS_ROOT.glob("*"):
        with suppress(FileNotFoundError):
            if _OURS.fullmatch(path.name) and path.stat().st_mtime < before.timestamp():
                path.unlink()
