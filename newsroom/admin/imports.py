"""Importing by hand: a page or feed is sent or named, looked at beside its original, imported; and what came of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from newsroom.admin.dated import Dated
from newsroom.importers import FORMATS
from newsroom.importers.preparing import (
    AlreadyImported,
    import_prepared,
    prepare_address,
    prepare_upload,
    previews,
    told_of,
)
from newsroom.importers.showing import labels
from newsroom.importers.source import MEBIBYTE, PAGE_MAX, RefusedArticle
from newsroom.models import ImportRun, Section, User
from newsroom.spreadsheets import as_row

SHOWN_REMARKS = 200


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"), required=False, help_text=gettext_lazy("A saved page, a feed or an export.")
    )
    address = forms.URLField(label=gettext_lazy("or address"), required=False, max_length=500, assume_scheme="https")
    format = forms.ChoiceField(
        label=gettext_lazy("format"),
        required=False,
        choices=[("", pgettext_lazy("format", "as it looks")), *((name, name) for name in sorted(FORMATS))],
    )
    section = forms.ModelChoiceField(
        label=gettext_lazy("section"),
        queryset=Section.objects.all(),
        required=False,
        help_text=gettext_lazy("Of articles that name none."),
    )
    follow = forms.BooleanField(label=gettext_lazy("of a feed, read each entry's page"), required=False)

    def clean(self) -> dict[str, Any]:
        given = self.cleaned_data
        file, address = given.get("file"), given.get("address")
        if not self.errors and bool(file) == bool(address):
            raise forms.ValidationError(_("Choose a file or write an address, one of the two."))
        if file and file.size > PAGE_MAX:
            message = _("The file is larger than %(most)s MB.") % {"most": PAGE_MAX // MEBIBYTE}
            self.add_error("file", message)
        return given


@admin.register(ImportRun)
class ImportRunAdmin(Dated):
    list_display = ["source", "what", "came", "state", "who", "started_at"]
    list_filter = ["what", "state", "started_at", "by"]
    search_fields = ["source"]
    date_hierarchy = "started_at"
    list_select_related = ["by"]
    list_per_page = 50
    fields = [
        "source", ("what", "format"), "who", "state", ("started_at", "ended_at"),
        ("new_count", "updated_count", "unchanged_count", "refused_count"),
    ]  # fmt: skip
    readonly_fields = ["who"]
    change_form_template = "admin/newsroom/importrun/run.html"

    class Media:
        css = {"all": ["css/imports.css"]}

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    @admin.display(description=gettext_lazy("who"), ordering="by")
    def who(self, run: ImportRun) -> str:
        return run.by.shown_name if run.by else _("a command")

    @admin.display(description=gettext_lazy("what came of it"))
    def came(self, run: ImportRun) -> str:
        """The counts that are not nought: four columns more would stand beyond the window."""
        counts = (run.new_count, run.updated_count, run.unchanged_count, run.refused_count)
        told = zip(labels().values(), counts, strict=True)
        return ", ".join(f"{label} {count}" for label, count in told if count) or "—"

    def get_urls(self) -> list[URLPattern]:
        own = [
            path("<int:pk>/preview/", self.admin_site.admin_view(self.preview), name="newsroom_importrun_preview"),
            path("<int:pk>/remarks/", self.admin_site.admin_view(self.remarks), name="newsroom_importrun_remarks"),
        ]
        return own + super().get_urls()

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """The import page: what is sent or named is read, and shown before anything is imported."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
        if request.method == "POST" and form.is_valid():
            try:
                run = _prepare(form.cleaned_data, by=cast(User, request.user))
                return HttpResponseRedirect(reverse("admin:newsroom_importrun_preview", args=[run.pk]))
            except RefusedArticle as refusal:
                form.add_error(None, _told(refusal))
        return self._page(request, "add.html", title=_("Import articles"), form=form)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        run = self.get_object(request, object_id)
        shown = list(run.remarks.all()[:SHOWN_REMARKS]) if run else []
        return super().change_view(request, object_id, form_url, {"remarks": shown, "title": _title(run)})

    @method_decorator(require_http_methods(["GET", "HEAD", "POST"]))
    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What was read beside the original; posting it imports what is ticked."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        run = get_object_or_404(ImportRun, pk=pk)
        here = reverse("admin:newsroom_importrun_change", args=[pk])
        if not run.is_prepared or run.prepared is None:
            self.message_user(request, _("Nothing of this import waits any more."), messages.WARNING)
            return HttpResponseRedirect(here)
        if request.method == "POST":
            self._import(request, run)
            return HttpResponseRedirect(here)
        remarks = run.remarks.all()[:SHOWN_REMARKS]
        title = _("What was read, beside the original")
        return self._page(request, "preview.html", title=title, run=run, read=list(previews(run)), remarks=remarks)

    @method_decorator(require_safe)
    def remarks(self, request: HttpRequest, pk: int) -> StreamingHttpResponse:
        """What was refused and why, for a spreadsheet."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        run = get_object_or_404(ImportRun, pk=pk)
        answer = StreamingHttpResponse(_rows(run), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="import-{run.pk}.csv"'
        return answer

    def _import(self, request: HttpRequest, run: ImportRun) -> None:
        chosen = {int(number) for number in request.POST.getlist("article") if number.isdecimal() and len(number) < 6}
        try:
            ended = import_prepared(run, chosen=chosen, by=cast(User, request.user), at=timezone.now())
        except AlreadyImported:
            self.message_user(request, _("Nothing of this import waits any more."), messages.WARNING)
            return
        self.message_user(request, told_of(ended), messages.WARNING if ended.refused_count else messages.SUCCESS)

    def _page(self, request: HttpRequest, template: str, **context: Any) -> HttpResponse:
        whole = self.admin_site.each_context(request) | {"opts": self.opts} | context
        return TemplateResponse(request, f"admin/newsroom/importrun/{template}", whole)


def _prepare(given: dict[str, Any], *, by: User) -> ImportRun:
    """Raises RefusedArticle."""
    format, section = given["format"] or None, given["section"].name if given["section"] else ""
    if given["file"]:
        name, data = given["file"].name, given["file"].read()
        return prepare_upload(name, data, format=format, section=section, by=by, at=timezone.now())
    return prepare_address(
        given["address"], format=format, section=section, follow=given["follow"], by=by, at=timezone.now()
    )


def _title(run: ImportRun | None) -> str:
    titles = {ImportRun.What.COMMENTS: _("Import of comments"), ImportRun.What.ARCHIVE: _("Import of an archive")}
    return titles.get(ImportRun.What(run.what), _("Import of articles")) if run else _("Import of articles")


def _told(refusal: RefusedArticle) -> str:
    where = _("line %(line)s: ") % {"line": refusal.line} if refusal.line else ""
    return where + refusal.reason


def _rows(run: ImportRun) -> Iterator[str]:
    # A byte order mark, without which spreadsheets take UTF-8 for Latin-1.
    yield "\ufeff" + as_row([_("what"), _("place"), _("line"), _("reason")])
    for remark in run.remarks.iterator(chunk_size=500):
        yield as_row([remark.get_kind_display(), remark.place, remark.line, remark.sentence])
