"""The closing report of an import: what the files held and what became of it, a line a fact."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from comments.importers.comment import LeftOut, SourceStatus
from comments.importers.saving.matching import Account
from newsroom.importers.showing import printable


def report(account: Account, *, came: Counter[SourceStatus], hold: bool) -> Iterator[str]:
    """Nothing for what did not occur. `came` are the new comments, by what they were there."""
    for status in SourceStatus:
        if count := account.statuses[status]:
            yield _("%(status)s there, %(become)s here: %(count)s met, %(new)s new") % {
                "status": _statuses()[status],
                "become": becomes(status, hold=hold),
                "count": count,
                "new": came[status],
            }
    for kind, words in _kinds().items():
        if count := account.left_out[kind]:
            yield _("left out: %(kind)s · %(count)s") % {"kind": words, "count": count}
    if account.votes:
        yield ngettext("%(count)s vote is not kept", "%(count)s votes are not kept", account.votes) % {
            "count": account.votes
        }
    yield _("articles: %(found)s found, %(made)s made, %(missing)s missing") % {
        "found": account.found,
        "made": len(account.made),
        "missing": len(account.missing),
    }
    for name, count in account.missing.most_common():
        yield _("without an article: %(count)s · %(name)s") % {"count": count, "name": printable(name)[:300]}


def becomes(status: SourceStatus, *, hold: bool) -> str:
    """The status here, in words."""
    if status is SourceStatus.PUBLISHED and not hold:
        return pgettext("import", "approved")
    return (
        pgettext("import", "pending")
        if status in (SourceStatus.PUBLISHED, SourceStatus.PENDING)
        else pgettext("import", "rejected")
    )


def _statuses() -> dict[SourceStatus, str]:
    return {
        SourceStatus.PUBLISHED: pgettext("export", "published"),
        SourceStatus.PENDING: pgettext("export", "pending"),
        SourceStatus.SPAM: pgettext("export", "spam"),
        SourceStatus.DELETED: pgettext("export", "deleted"),
    }


def _kinds() -> dict[str, str]:
    return {
        LeftOut.BY_CHOICE: _("by choice (--leave-out)"),
        LeftOut.EMPTIED: _("deleted there, without a text"),
        LeftOut.PINGBACK: _("pingbacks and trackbacks"),
        LeftOut.STAFF_ONLY: _("notes among staff"),
    }
