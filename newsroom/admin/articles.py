"""Sections, articles and their old slugs. Nothing is deleted: articles are unpublished."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsroom.admin.dated import Dated
from newsroom.importers.cleaning import clean_body
from newsroom.models import Article, OldSlug, Section
from newsroom.moments import has_room


@admin.register(Section)
class SectionAdmin(admin.ModelAdmin):
    list_display = ["name", "slug", "position"]
    list_editable = ["position"]
    search_fields = ["name"]
    prepopulated_fields = {"slug": ["name"]}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class ArticleForm(forms.ModelForm):
    canonical_url = forms.URLField(
        label=_("canonical address"), required=False, max_length=500, assume_scheme="https", widget=AdminURLFieldWidget
    )

    class Meta:
        model = Article
        exclude = ["source_key"]  # noqa: DJ006 (the form follows the model; the key is made on saving)

    def clean_body(self) -> str:
        return clean_body(self.cleaned_data["body"])

    def clean_published_at(self) -> datetime | None:
        return self._with_room("published_at")

    def clean_updated_at(self) -> datetime | None:
        return self._with_room("updated_at")

    def _with_room(self, name: str) -> datetime | None:
        moment: datetime | None = self.cleaned_data[name]
        if moment and not has_room(moment):
            raise forms.ValidationError(self.fields[name].error_messages["invalid"])
        return moment


class OldSlugs(admin.TabularInline):
    """Added by hand where a site moved here; an import brings those that its source knows."""

    model = OldSlug
    extra = 0
    fields = ["slug"]
    verbose_name_plural = _("Old slugs, which lead here")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("newsroom.change_article")

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.has_perm("newsroom.view_article")


@admin.register(Article)
class ArticleAdmin(Dated):
    form = ArticleForm
    list_display = ["headline", "section", "author_line", "published_at", "is_published"]
    list_filter = ["section", "is_published", "language", "published_at"]
    search_fields = ["headline", "standfirst", "author_line", "slug"]
    date_hierarchy = "published_at"
    list_select_related = ["section"]
    list_per_page = 50
    prepopulated_fields = {"slug": ["headline"]}
    inlines = [OldSlugs]

    def get_readonly_fields(self, request: HttpRequest, obj: Article | None = None) -> list[str]:
        """A slug never changes once it is public: readers' links hang on it."""
        return ["slug"] if obj else []

    def get_prepopulated_fields(self, request: HttpRequest, obj: Article | None = None) -> dict[str, Any]:
        return {} if obj else {"slug": ["headline"]}

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Article, form: Any, change: bool) -> None:
        obj.source_key = obj.source_key or obj.canonical_url or f"{obj.slug}:{obj.published_at:%Y-%m-%d}"
        super().save_model(request, obj, form, change)
