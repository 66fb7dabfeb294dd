"""How long readers wait for publication, as a sentence for readers."""

from __future__ import annotations

from datetime import timedelta
from heapq import nlargest

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.models import Action, Comment, Decision, Discussion, Status

# Fewer approvals than this say nothing about the next one.
ENOUGH = 5
SAMPLE = 50
LOOKED_AT = 500
# Coarse steps, in minutes: the sentence must not move with every single decision.
STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 4320, 10080)


def publication_delay(discussion: Discussion | None) -> str:
    """The honest delay of a discussion, as a sentence; empty where there are too few approvals to tell.

    Computed from the first approvals, by a person, of comments that are visible now: it tells nothing about
    hidden ones (invariants.md). Only of comments sent through the form, which have a trace: an import that was held
    waited elsewhere. The newest approvals count, of the LOOKED_AT comments written last: under an article with more of
    them, all would have to be read to know which were approved last. One query.
    """
    if discussion is None:
        return ""
    written_last = Comment.objects.visible_newest_of(discussion)[:LOOKED_AT]
    approvals = Decision.objects.filter(
        comment__in=written_last.values("pk"),
        action=Action.APPROVE,
        from_status=Status.PENDING,
        moderator__isnull=False,
        comment__traces__isnull=False,
    )
    # Sorted here: for an order the databases would go through the decisions on all articles.
    told = approvals.order_by().values_list("at", "pk", "comment__submitted_at")
    waits = [at - submitted_at for at, _pk, submitted_at in nlargest(SAMPLE, told)]
    if len(waits) < ENOUGH:
        return ""
    waits.sort()
    usual, most = coarse(waits[len(waits) // 2]), coarse(waits[-(-9 * len(waits) // 10) - 1])
    if usual is None or most is None:
        return ""
    if usual == most:
        return _("Usually published within %(usual)s.") % {"usual": in_words(usual)}
    return _("Usually published within %(usual)s (9 times out of 10 within %(most)s).") % {
        "usual": in_words(usual),
        "most": in_words(most),
    }


def coarse(wait: timedelta) -> int | None:
    """The first step, in minutes, that the wait fits into; None beyond the last."""
    minutes = wait.total_seconds() / 60
    return next((step for step in STEPS if minutes <= step), None)


def in_words(minutes: int) -> str:
    if minutes < 60:
        return ngettext("%(count)s minute", "%(count)s minutes", minutes) % {"count": minutes}
    if minutes < 1440:
        hours, rest = divmod(minutes, 60)
        if rest:
            return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": rest}
        return ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours}
    days = minutes // 1440
    return ngettext("%(count)s day", "%(count)s days", days) % {"count": days}
