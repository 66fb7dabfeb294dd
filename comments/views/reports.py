"""A reader reports what slipped through."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from comments.forms import ReportForm
from comments.limits import TooMany
from comments.models import Comment
from comments.reports import NotVisible, file_report
from newsroom import pages
from newsroom.address import client_address, client_port
from newsroom.origin import own_pages_only


@own_pages_only
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest, public_id: int) -> HttpResponseBase:
    """The report form. The comment stays visible until a moderator decides."""
    visible = Comment.objects.visible().filter(discussion__article__is_published=True)
    comment = get_object_or_404(visible.select_related("discussion__article"), public_id=public_id)
    if request.method != "POST":
        return pages.public_page(request, "comments/reports/page.html", _context(comment, ReportForm()))
    form = ReportForm(request.POST)
    if not form.is_valid():
        return _answer(request, comment, form, status=422)
    try:
        _file(request, comment, form)
    except NotVisible as gone:
        raise Http404 from gone
    except TooMany as limit:
        form.add_error(None, _("That is a lot of reports at once. What you wrote is kept: send it again later."))
        response = _answer(request, comment, form, status=429)
        response["Retry-After"] = str(limit.retry_after)
        return response
    return _answer(request, comment, form, template="thanks")


def _file(request: HttpRequest, comment: Comment, form: ReportForm) -> None:
    file_report(
        comment,
        reason=form.cleaned_data["reason"],
        detail=form.cleaned_data["detail"],
        email=form.cleaned_data["email"],
        address=client_address(request),
        port=client_port(request),
        at=timezone.now(),
    )


def _context(comment: Comment, form: ReportForm) -> dict[str, object]:
    return {"comment": comment, "article": comment.discussion.article, "form": form}


def _answer(
    request: HttpRequest, comment: Comment, form: ReportForm, *, template: str = "page", status: int = 200
) -> HttpResponse:
    """What one reporter gets back: kept by nobody."""
    response = render(request, f"comments/reports/{template}.html", _context(comment, form), status=status)
    response["Cache-Control"] = "no-store"
    return response
