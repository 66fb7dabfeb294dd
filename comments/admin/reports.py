"""Reports, settled through the same function as at the desk."""

from __future__ import annotations

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy

from comments.admin.deciding import Deciding
from comments.models import Action, Comment, Report
from comments.reports import resolve_each
from newsroom.admin.dated import Dated


@admin.register(Report)
class ReportAdmin(Dated, Deciding):
    list_display = ["reason", "excerpt", "comment_status", "state", "detail", "filed_at"]
    list_filter = ["state", "reason", "is_urgent", "filed_at"]
    search_fields = ["detail", "text", "comment__public_id"]
    search_help_text = gettext_lazy("Detail, text as reported or the comment's public number")
    date_hierarchy = "filed_at"
    list_select_related = ["comment", "settled_by__moderator"]
    ordering = ["state", "-is_urgent", "filed_at"]
    list_per_page = 50
    show_full_result_count = False
    actions = ["dismiss", "uphold"]
    fields = ["comment", "reason", "detail", "email", "text", "revision", "filed_at", "state", "settled"]
    readonly_fields = ["settled"]

    @admin.display(description=gettext_lazy("text when reported"))
    def excerpt(self, report: Report) -> str:
        return report.text[:90] + ("…" if len(report.text) > 90 else "")

    @admin.display(description=gettext_lazy("the comment now"))
    def comment_status(self, report: Report) -> str:
        return report.comment.get_status_display()

    @admin.display(description=gettext_lazy("settled by"))
    def settled(self, report: Report) -> str:
        decision = report.settled_by
        return f"{decision.decided_by}, {decision.get_action_display()}" if decision else "—"

    @admin.action(description=gettext_lazy("Dismiss the report (keep the comment)"), permissions=["decide"])
    def dismiss(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse | None:
        return self._settle(request, queryset, name="dismiss", action=Action.APPROVE)

    @admin.action(description=gettext_lazy("Uphold the report (reject the comment)"), permissions=["decide"])
    def uphold(self, request: HttpRequest, queryset: QuerySet[Report]) -> HttpResponse | None:
        return self._settle(request, queryset, name="uphold", action=Action.REJECT)

    def _settle(
        self, request: HttpRequest, queryset: QuerySet[Report], *, name: str, action: Action
    ) -> HttpResponse | None:
        """All open reports of a comment are settled together, as at the desk."""
        comments = Comment.objects.filter(pk__in=queryset.order_by().values("comment"))
        return self.ask_or_decide(request, comments, name=name, action=action, door=resolve_each)
