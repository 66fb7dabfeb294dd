"""Where articles come from: feeds that are watched, and what came of each import."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from newsroom.models.articles import Section


class WatchedFeed(models.Model):
    """A feed of the newspaper that `refresh_feeds` reads again and again."""

    address = models.URLField(_("address"), max_length=500, unique=True)
    section = models.ForeignKey(
        Section,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name=_("section"),
        help_text=_("Of articles that name none."),
    )
    follows_entries = models.BooleanField(
        _("read each entry's page"), default=False, help_text=_("For feeds that hold the beginning of each text only.")
    )
    is_active = models.BooleanField(_("watched"), default=True)
    # What the server said last, so that it can answer "unchanged".
    etag = models.CharField(max_length=300, blank=True, editable=False)
    last_modified = models.CharField(max_length=100, blank=True, editable=False)
    refreshed_at = models.DateTimeField(_("last read"), null=True, blank=True, editable=False)
    failure = models.TextField(_("why it could not be read"), blank=True, editable=False)

    class Meta:
        verbose_name = _("watched feed")
        verbose_name_plural = _("watched feeds")
        ordering = ["address"]

    def __str__(self) -> str:
        return self.address


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def awaiting_a_person(self) -> Self:
        return self.filter(state=ImportRun.State.PREPARED)


class ImportRun(models.Model):
    """One import of articles, of comments or of an archive: from what, by whom, when, and what came of it.

    Of an archive the comments are counted.
    """

    class What(models.TextChoices):
        ARTICLES = "ARTICLES", _("articles")
        COMMENTS = "COMMENTS", _("comments")
        ARCHIVE = "ARCHIVE", pgettext_lazy("import", "an archive")

    class State(models.TextChoices):
        PREPARED = "PREPARED", pgettext_lazy("import", "read, not imported")
        RUNNING = "RUNNING", pgettext_lazy("import", "running, or broken off")
        DONE = "DONE", pgettext_lazy("import", "done")

    source = models.CharField(_("source"), max_length=500, help_text=_("The file, folder or address."))
    what = models.CharField(_("what"), max_length=8, choices=What.choices, default=What.ARTICLES)
    format = models.CharField(_("format"), max_length=20, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("who")
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices)
    started_at = models.DateTimeField(_("started"))
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)
    new_count = models.PositiveIntegerField(pgettext_lazy("import", "new"), default=0)
    updated_count = models.PositiveIntegerField(pgettext_lazy("import", "updated"), default=0)
    unchanged_count = models.PositiveIntegerField(pgettext_lazy("import", "unchanged"), default=0)
    refused_count = models.PositiveIntegerField(pgettext_lazy("import", "refused"), default=0)
    # The articles as they were read (newsroom/importers/carried.py), until a person imports them.
    prepared = models.JSONField(null=True, blank=True, editable=False)

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("noun", "import")
        verbose_name_plural = pgettext_lazy("noun", "imports")
        ordering = ["-started_at", "-pk"]
        indexes = [models.Index(fields=["-started_at", "-id"], name="import_newest")]
        constraints = [
            models.CheckConstraint(
                name="an_import_that_is_done_has_ended", condition=~Q(state="DONE") | Q(ended_at__isnull=False)
            ),
            models.CheckConstraint(
                name="what_was_prepared_goes_when_it_is_done", condition=~Q(state="DONE") | Q(prepared__isnull=True)
            ),
        ]

    def __str__(self) -> str:
        return self.source

    @property
    def is_prepared(self) -> bool:
        return self.state == self.State.PREPARED


class ImportRemark(models.Model):
    """A refusal or a warning of an import, about one place in its source."""

    class Kind(models.TextChoices):
        REFUSED = "REFUSED", pgettext_lazy("remark", "refused")
        WARNING = "WARNING", pgettext_lazy("import", "warning")

    run = models.ForeignKey(
        ImportRun, models.PROTECT, related_name="remarks", verbose_name=pgettext_lazy("noun", "import")
    )
    kind = models.CharField(max_length=8, choices=Kind.choices)
    place = models.CharField(_("place"), max_length=1000)
    line = models.PositiveIntegerField(pgettext_lazy("import", "line"), null=True, blank=True)
    sentence = models.TextField(pgettext_lazy("import", "reason"))

    class Meta:
        verbose_name = _("remark of an import")
        verbose_name_plural = _("remarks of an import")
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.sentence
