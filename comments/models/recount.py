from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Recount(models.Model):
    """A counter that was wrong and has been set right, a row only ever added: what it said, what a recount found.

    `comment` is the top of the branch whose visible answers were counted; without one, the whole discussion was.
    """

    discussion = models.ForeignKey(
        "comments.Discussion", models.PROTECT, related_name="recounts", verbose_name=_("discussion")
    )
    comment = models.ForeignKey(
        "comments.Comment", models.PROTECT, null=True, blank=True, related_name="recounts", verbose_name=_("branch")
    )
    said = models.PositiveIntegerField(_("counter said"))
    found = models.PositiveIntegerField(_("recount found"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("recount")
        verbose_name_plural = _("recounts")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        place = f"comment {self.comment_id}" if self.comment_id else f"discussion {self.discussion_id}"
        return f"{place}: {self.said} → {self.found}"
