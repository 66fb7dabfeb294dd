"""Exports: asked for, and given out."""

from __future__ import annotations

from typing import Any, cast

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.template.defaultfilters import filesizeformat
from django.urls import path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_tasks_db.models import DBTaskResult

from comments.archive import runs
from comments.models import ExportRun
from newsroom import roles
from newsroom.admin.dated import Dated
from newsroom.models import User

# Of what the worker does, people see the exports.
admin.site.unregister(DBTaskResult)


@admin.register(ExportRun)
class ExportRunAdmin(Dated):
    """Asked for here, written by the worker, given out here alone."""

    list_display = ["asked_at", "format", "with_emails", "asked_by", "state", "file"]
    list_select_related = ["asked_by"]
    date_hierarchy = "asked_at"
    show_full_result_count = False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: ExportRun | None = None) -> list[Any]:
        asked = ["format", "with_emails"]
        told = ["asked_by", "asked_at", "state", "ended_at", "size", "failure", "gone_at", "file"]
        return [*asked, *told] if obj else asked

    def save_model(self, request: HttpRequest, obj: ExportRun, form: Any, change: bool) -> None:
        asked = runs.ask(by=cast(User, request.user), format=obj.format, with_emails=obj.with_emails, at=timezone.now())
        obj.pk = asked.pk

    def response_add(self, request: HttpRequest, obj: ExportRun, post_url_continue: str | None = None) -> HttpResponse:
        self.message_user(request, _("The export is being written. Its file appears in this list."))
        return redirect("admin:comments_exportrun_changelist")

    @admin.display(description=gettext_lazy("file"))
    def file(self, run: ExportRun) -> str:
        if run.is_there:
            address = reverse("admin:comments_exportrun_file", args=[run.pk])
            return format_html('<a href="{}">{}</a> ({})', address, run.name, filesizeformat(run.size or 0))
        return _("deleted") if run.gone_at else "—"

    def get_urls(self) -> list[Any]:
        given_out = self.admin_site.admin_view(self.give_out)
        return [path("<int:pk>/file/", given_out, name="comments_exportrun_file"), *super().get_urls()]

    def give_out(self, request: HttpRequest, pk: int) -> FileResponse | HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        if not request.user.has_perm(roles.EXPORT):
            raise PermissionDenied
        run = get_object_or_404(ExportRun, pk=pk)
        if not run.is_there or not runs.file_of(run).exists():
            raise Http404
        return FileResponse(runs.file_of(run).open("rb"), as_attachment=True, filename=run.name)
