"""manage.py refresh_feeds: reads the watched feeds once, for a timer (docs/howto/import-your-pages.md)."""

from __future__ import annotations

import logging
import sys
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone
from django.utils.translation import gettext as _

from newsroom.importers.apart import ReadingApart
from newsroom.importers.importing import Importing, begin, end, is_here_as_it_is, new_tally
from newsroom.importers.reading import Reading, fetched_source
from newsroom.importers.showing import Tally, show, with_progress
from newsroom.importers.source import RefusedArticle
from newsroom.models import WatchedFeed
from newsroom.outbound import Fetched, NotFetched, Visit

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Round:
    """What all feeds of one round share."""

    apart: ReadingApart
    visit: Visit
    at: datetime


class Command(BaseCommand):
    help = "Reads each watched feed once and imports what is new or changed in it."

    def handle(self, **_options: Any) -> None:
        tally = new_tally()
        feeds = {feed.address: feed for feed in WatchedFeed.objects.filter(is_active=True).select_related("section")}
        with ReadingApart() as apart:
            this = Round(apart, Visit(), timezone.now())
            for address, _watch in with_progress(list(feeds), stdout=self.stdout):
                _refresh(feeds[address], this, tally)
        show(tally, stdout=self.stdout)
        if tally.refused:
            sys.exit(1)


def _refresh(feed: WatchedFeed, this: Round, whole: Tally) -> None:
    """Reads one feed; a run is kept where something came of it."""
    tally = new_tally()
    try:
        answer = _asked(feed, this.visit)
        if answer.status == 200:
            _import(feed, answer, this, tally)
            # While an entry is refused, the whole feed is asked for again: its page may answer next time.
            feed.etag, feed.last_modified = ("", "") if tally.refused else (answer.etag, answer.last_modified)
        feed.failure = ""
    except (NotFetched, RefusedArticle) as refusal:
        _fail(feed, str(refusal), tally)
    except Exception:  # one bad feed never stops the others
        log.exception("refresh_feeds: %s", feed.address)
        _fail(feed, _("The feed could not be imported: an error that is now in the log."), tally)
    feed.refreshed_at = this.at
    feed.save()
    if tally.refused or tally.counts["NEW"] or tally.counts["UPDATED"]:
        end(begin(source=feed.address, format="feed", by=None, at=this.at), tally, at=timezone.now())
    whole.counts.update(tally.counts)
    whole.refused.extend(tally.refused)
    whole.warnings.extend(tally.warnings)


def _fail(feed: WatchedFeed, sentence: str, tally: Tally) -> None:
    feed.failure = sentence
    tally.refuse(feed.address, sentence)


def _asked(feed: WatchedFeed, visit: Visit) -> Fetched:
    known = {"If-None-Match": feed.etag, "If-Modified-Since": feed.last_modified}
    return visit.fetch(feed.address, headers={name: value for name, value in known.items() if value})


def _import(feed: WatchedFeed, answer: Fetched, this: Round, tally: Tally) -> None:
    source = fetched_source(answer, feed.address, at=this.at)
    reading = Reading(this.apart, this.visit, at=this.at, follow=feed.follows_entries, is_known=is_here_as_it_is)
    section = feed.section.name if feed.section else ""
    Importing(reading, tally=tally, at=this.at, section=section).save(feed.address, reading.told_by(source, "feed"))
