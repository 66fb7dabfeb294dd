"""Comments with their decisions, and the actions that decide on them."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from comments.admin.deciding import Deciding
from comments.models import Action, Comment, Decision, Report
from newsroom.admin.dated import Dated


class DecisionHistory(admin.TabularInline):
    model = Decision
    fk_name = "comment"
    verbose_name_plural = gettext_lazy("Decisions")
    fields = ["at", "who", "action", "from_status", "to_status", "revision", "ground", "note"]
    readonly_fields = ["at", "who", "action", "from_status", "to_status", "revision", "ground", "note"]
    ordering = ["-version"]
    extra = 0
    can_delete = False

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("by"))
    def who(self, decision: Decision) -> str:
        return decision.decided_by


class HasOpenReports(admin.SimpleListFilter):
    title = gettext_lazy("open reports")
    parameter_name = "reported"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("1", _("Yes")), ("0", _("No"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Comment]) -> QuerySet[Comment]:
        reported = Q(pk__in=Report.objects.open().values("comment"))
        return queryset.filter({"1": reported, "0": ~reported}.get(self.value() or "", Q()))


@admin.register(Comment)
class CommentAdmin(Dated, Deciding):
    list_display = ["excerpt", "author_name", "article", "state", "open_reports", "submitted_at"]
    list_filter = ["status", HasOpenReports, "is_suspect", "discussion__article__section", "submitted_at"]
    # Never the e-mail: a search stands in the address, and so in logs. The desk's search takes it by POST.
    search_fields = ["text", "author_name", "discussion__article__headline", "public_id"]
    search_help_text = gettext_lazy("Text, name, headline or public number")
    date_hierarchy = "submitted_at"
    ordering = ["-submitted_at", "-pk"]
    list_per_page = 50
    show_full_result_count = False
    inlines = [DecisionHistory]
    actions = ["approve", "reject", "flag"]
    fields = [
        ("author_name", "email"),
        "text",
        ("status", "version", "revision", "is_suspect"),
        "article",
        "parent",
        ("submitted_at", "decided_at"),
        "seen_by_screening",
        "complaints",
        "on_the_desk",
    ]
    readonly_fields = ["email", "article", "seen_by_screening", "complaints", "on_the_desk"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Comment]:
        rows = super().get_queryset(request).select_related("discussion__article", "reader")
        return rows.annotate(open_count=Count("reports", filter=Q(reports__state="OPEN")))

    @admin.display(description=gettext_lazy("text"))
    def excerpt(self, comment: Comment) -> str:
        return comment.text[:90] + ("…" if len(comment.text) > 90 else "")

    @admin.display(description=gettext_lazy("article"), ordering="discussion__article__headline")
    def article(self, comment: Comment) -> str:
        return Truncator(comment.discussion.article.headline).chars(48)

    @admin.display(description=gettext_lazy("status"), ordering="status")
    def state(self, comment: Comment) -> str:
        if comment.is_pending and comment.is_suspect:
            return _("%(status)s, suspect") % {"status": comment.get_status_display()}
        return comment.get_status_display()

    @admin.display(description=gettext_lazy("e-mail"))
    def email(self, comment: Comment) -> str:
        return comment.reader.email if comment.reader else "—"

    @admin.display(description=gettext_lazy("open reports"), ordering="open_count")
    def open_reports(self, comment: Comment) -> int:
        return comment.open_count  # type: ignore[attr-defined]

    @admin.display(description=gettext_lazy("findings"))
    def seen_by_screening(self, comment: Comment) -> str:
        found = [f"{one.rule_label} {one.detail}".strip() for one in comment.findings.all()]
        return " · ".join(found) or "—"

    @admin.display(description=gettext_lazy("reports"))
    def complaints(self, comment: Comment) -> str:
        rows = comment.reports.order_by("filed_at", "pk")
        told = [f"{one.get_reason_display()} ({one.get_state_display()}) {one.detail}".strip() for one in rows]
        return " · ".join(told) or "—"

    @admin.display(description=gettext_lazy("thread"))
    def on_the_desk(self, comment: Comment) -> SafeString:
        address = reverse("editor_thread", args=[comment.discussion.article.slug])
        return format_html('<a href="{}">{}</a>', address, _("The whole thread of this article"))

    @admin.action(description=gettext_lazy("Approve"), permissions=["decide"])
    def approve(self, request: HttpRequest, queryset: QuerySet[Comment]) -> HttpResponse | None:
        return self.ask_or_decide(request, queryset, name="approve", action=Action.APPROVE)

    @admin.action(description=gettext_lazy("Reject"), permissions=["decide"])
    def reject(self, request: HttpRequest, queryset: QuerySet[Comment]) -> HttpResponse | None:
        return self.ask_or_decide(request, queryset, name="reject", action=Action.REJECT)

    @admin.action(description=gettext_lazy("Second look"), permissions=["decide"])
    def flag(self, request: HttpRequest, queryset: QuerySet[Comment]) -> HttpResponse | None:
        return self.ask_or_decide(request, queryset, name="flag", action=Action.FLAG)
