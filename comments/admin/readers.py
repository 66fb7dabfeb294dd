"""Discussions, readers, recounts: looked at."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import Count, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy

from comments.admin.deciding import ReadOnly
from comments.models import Discussion, Reader, Recount
from newsroom.admin.dated import Dated


@admin.register(Discussion)
class DiscussionAdmin(ReadOnly):
    list_display = ["article", "mode", "visible_count", "closed_at", "closed_by"]
    list_filter = [("closed_at", admin.EmptyFieldListFilter), "article__section"]
    search_fields = ["article__headline", "instructions"]
    list_select_related = ["article", "closed_by"]
    ordering = ["-article__published_at"]


@admin.register(Reader)
class ReaderAdmin(Dated, ReadOnly):
    list_display = ["email", "first_seen_at", "comment_count"]
    # By the name shown, never the e-mail: that is found at the desk, whose search is posted and stands in no address.
    search_fields = ["comments__author_name"]
    search_help_text = gettext_lazy("Displayed name")
    date_hierarchy = "first_seen_at"
    ordering = ["-first_seen_at"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Reader]:
        return super().get_queryset(request).annotate(comment_total=Count("comments", distinct=True))

    @admin.display(description=gettext_lazy("comments"), ordering="comment_total")
    def comment_count(self, reader: Reader) -> SafeString:
        # By its key: an e-mail in an address would stand in histories and access logs (promise 5).
        address = reverse("admin:comments_comment_changelist") + f"?reader__id__exact={reader.pk}"
        return format_html('<a href="{}">{}</a>', address, reader.comment_total)  # type: ignore[attr-defined]


@admin.register(Recount)
class RecountAdmin(Dated, ReadOnly):
    list_display = ["at", "discussion", "comment", "said", "found"]
    list_select_related = ["discussion__article", "comment"]
    date_hierarchy = "at"
    show_full_result_count = False
