"""Feeds that are watched: `refresh_feeds` reads them."""

from __future__ import annotations

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminURLFieldWidget
from django.db.models import Model
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from newsroom.models import WatchedFeed


class FeedForm(forms.ModelForm):
    address = forms.URLField(label=_("address"), max_length=500, assume_scheme="https", widget=AdminURLFieldWidget)

    class Meta:
        model = WatchedFeed
        fields = ["address", "section", "follows_entries", "is_active"]


@admin.register(WatchedFeed)
class FeedAdmin(admin.ModelAdmin):
    form = FeedForm
    list_display = ["address", "section", "follows_entries", "is_active", "refreshed_at", "failure"]
    list_filter = ["is_active"]
    list_select_related = ["section"]
    readonly_fields = ["refreshed_at", "failure"]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A feed is no longer watched; what came from it stays."""
        return False
