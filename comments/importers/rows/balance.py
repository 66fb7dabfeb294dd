"""What of a file is whole and what is broken: where most is broken, it is no export but something else."""

from __future__ import annotations

from django.utils.translation import gettext as _

from newsroom.importers.source import RefusedArticle

# So many broken places are told one by one in any case.
BROKEN_MAX = 1000


class Balance:
    """`whole` is counted by who reads, what is broken here."""

    def __init__(self) -> None:
        self.whole = 0
        self.broken = 0

    def count_broken(self, line: int) -> None:
        """Raises RefusedArticle where too much is."""
        self.broken += 1
        if self.broken > BROKEN_MAX and self.broken > self.whole:
            raise RefusedArticle(_("More of this file is broken than whole."), line)
