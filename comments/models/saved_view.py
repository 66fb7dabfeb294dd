from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from comments.models.constraints import length_between

VIEW_NAME_MAX = 60
VIEW_QUERY_MAX = 1000


class SavedView(models.Model):
    """A queue with its filters, kept by name. `query` is what stands in the address bar after the question mark."""

    name = models.CharField(_("name"), max_length=VIEW_NAME_MAX)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="saved_views")
    is_shared = models.BooleanField(_("shared with all"), default=False)
    query = models.CharField(max_length=VIEW_QUERY_MAX)
    saved_at = models.DateTimeField()

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="view_name_once"),
            length_between("name", 1, VIEW_NAME_MAX, name="view_name_length"),
            length_between("query", 0, VIEW_QUERY_MAX, name="view_query_length"),
        ]
