"""What the site publishes: sections, articles, and the addresses that articles had elsewhere or before."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Section(models.Model):
    """A part of the newspaper: Ville, Économie, Culture…"""

    name = models.CharField(_("name"), max_length=80, unique=True)
    slug = models.SlugField(_("slug"), max_length=80, unique=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0, help_text=_("Lower comes first in the menu."))

    class Meta:
        verbose_name = _("section")
        verbose_name_plural = _("sections")
        ordering = ["position", "name", "pk"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("section", args=[self.slug])


class ArticleQuerySet(models.QuerySet["Article"]):
    def published(self) -> Self:
        return self.filter(is_published=True)

    def newest_first(self) -> Self:
        return self.order_by("-published_at", "-pk")

    def after(self, article: Article) -> Self:
        """Those that follow it, newest first (a keyset, never an OFFSET)."""
        at = article.published_at
        return self.filter(published_at__lte=at).exclude(published_at=at, pk__gte=article.pk)


class Article(models.Model):
    """What readers comment on.

    Identity is `source_key`, unique: the canonical URL where the page has one, else
    `<slug>:<date of publication>`. Importing the same source again finds the same row.
    """

    section = models.ForeignKey(
        Section, models.PROTECT, related_name="articles", null=True, blank=True, verbose_name=_("section")
    )
    source_key = models.CharField(_("source key"), max_length=500, unique=True)
    canonical_url = models.URLField(_("canonical address"), max_length=500, blank=True)
    slug = models.SlugField(_("slug"), max_length=200, unique=True)
    headline = models.CharField(_("headline"), max_length=300)
    standfirst = models.TextField(_("standfirst"), blank=True)
    body = models.TextField(_("body"), blank=True, help_text=_("HTML, cleaned when it was imported."))
    image = models.ImageField(
        _("image"),
        upload_to="articles/",
        blank=True,
        width_field="image_width",
        height_field="image_height",
        max_length=300,
    )
    image_width = models.PositiveIntegerField(null=True, blank=True, editable=False)
    image_height = models.PositiveIntegerField(null=True, blank=True, editable=False)
    image_alt = models.CharField(_("what the image shows"), max_length=500, blank=True)
    image_caption = models.TextField(_("caption"), blank=True)
    image_credit = models.CharField(_("credit"), max_length=200, blank=True)
    source_note = models.CharField(_("source note"), max_length=200, blank=True, help_text=_("“With agencies”…"))
    related = models.JSONField(
        _("read also"),
        default=list,
        blank=True,
        help_text=_('A list of {"title": …, "url": …}; the address may be empty.'),
    )
    author_line = models.CharField(_("author line"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=8, default="fr")
    is_paywalled = models.BooleanField(
        _("for subscribers"), default=False, help_text=_("On the newspaper's own site its text is not free to read.")
    )
    published_at = models.DateTimeField(_("published"))
    updated_at = models.DateTimeField(_("updated"), null=True, blank=True)
    imported_at = models.DateTimeField(_("imported"), null=True, blank=True, editable=False)
    is_published = models.BooleanField(
        _("on the site"), default=True, help_text=_("Unpublish instead of deleting: its comments and decisions stay.")
    )

    objects = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-pk"]
        indexes = [
            # Unconditional: the editors' list shows what is not on the site too.
            models.Index(fields=["-published_at", "-id"], name="article_newest"),
            # An import asks whose address each thread of its export has.
            models.Index(fields=["canonical_url"], name="article_canonical"),
            models.Index(
                fields=["section", "-published_at", "-id"],
                name="article_section",
                condition=models.Q(is_published=True),
            ),
        ]

    def __str__(self) -> str:
        return self.headline

    def get_absolute_url(self) -> str:
        return reverse("article", args=[self.slug])


class OldSlug(models.Model):
    """A slug under which an article was known before or elsewhere: it leads to the article (newsroom/old_slugs.py).

    No article may stand under it; one that did before is found first.
    """

    slug = models.SlugField(_("slug"), max_length=200, unique=True)
    article = models.ForeignKey(Article, models.PROTECT, related_name="old_slugs", verbose_name=_("article"))

    class Meta:
        verbose_name = _("old slug")
        verbose_name_plural = _("old slugs")
        ordering = ["slug"]

    def __str__(self) -> str:
        return self.slug
