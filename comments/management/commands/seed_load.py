"""manage.py seed_load --comments N: plausible comments in any number, for measuring and trying out."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, date, datetime, time
from itertools import islice
from time import perf_counter
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.translation import gettext as _

from comments.batches import made_ahead, room_for_many
from comments.importers.saving import BATCH
from comments.importers.saving.progress import Watch, rates, with_bars
from comments.imprints.beside import ImprintsBeside
from comments.seeding import UNTIL, Plan, arrivals, make_articles
from comments.taking_over import Batch, Timing, make_ready, take_over_ready

COMMENTS_AN_ARTICLE = 200


class Command(BaseCommand):
    help = "Adds machine-made articles and comments, the same ones for the same figures. Only where DEBUG is on."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--comments", type=int, required=True, help="how many comments")
        parser.add_argument("--articles", type=int, help=f"how many articles (one for {COMMENTS_AN_ARTICLE} comments)")
        parser.add_argument("--pending", type=int, default=0, help="how many of them wait: the newest")
        parser.add_argument("--seed", type=int, default=1, help="another seed gives other comments")
        parser.add_argument("--until", help=f"the day of the newest comment, YYYY-MM-DD ({UNTIL}, on any day)")
        parser.add_argument("--batch", type=int, default=BATCH, help=f"comments a transaction ({BATCH})")
        parser.add_argument(
            "--add-made-up-comments-to-a-real-site", action="store_true", help="run although DEBUG is off"
        )

    def handle(self, *, add_made_up_comments_to_a_real_site: bool, batch: int, **options: Any) -> None:
        if not (settings.DEBUG or add_made_up_comments_to_a_real_site):
            raise CommandError(
                _("This adds made-up comments that nothing takes away again: it runs only with DEBUG on.")
            )
        plan, timing, began = _plan(**options), Timing(), perf_counter()
        new = 0
        for _name, _reach, watch in with_bars(["seed_load"], stdout=self.stdout):
            new = _fill(plan, batch, watch, timing)
        with connection.cursor() as cursor:
            # The planner knows nothing of tables that were filled a moment ago.
            cursor.execute("ANALYZE")
        self.stdout.write(_("Made-up comments added: %(new)s.") % {"new": new})
        if new:
            self.stdout.write(rates(new, seconds=perf_counter() - began, findable=timing.findable))


def _plan(*, comments: int, articles: int | None, pending: int, seed: int, until: str | None, **_options: Any) -> Plan:
    try:
        day = date.fromisoformat(until) if until else UNTIL
    except ValueError as error:
        raise CommandError(_("“%(until)s” is no day (YYYY-MM-DD).") % {"until": until}) from error
    if comments < 1 or not 0 <= pending <= comments:
        raise CommandError(_("There must be one comment at least, and no more waiting than there are."))
    most = articles or max(1, comments // COMMENTS_AN_ARTICLE)
    return Plan(comments, most, pending, seed, datetime.combine(day, time.min, tzinfo=UTC))


def _fill(plan: Plan, batch: int, watch: Watch, timing: Timing) -> int:
    """Returns how many are new."""
    new = done = 0
    discussions = make_articles(plan)
    with (
        ImprintsBeside() as beside,
        room_for_many(),
        closing(made_ahead(_batches(plan, discussions, max(1, batch), beside))) as batches,
    ):
        for several in batches:
            new += sum(one.is_new for one in take_over_ready(several, at=plan.until, timing=timing))
            done += len(several)
            watch(done, plan.comments)
    return new


def _batches(plan: Plan, discussions: Sequence[int], size: int, beside: ImprintsBeside) -> Iterator[Batch]:
    left = arrivals(plan, discussions)
    while several := make_ready(islice(left, size), beside=beside):
        yield several
