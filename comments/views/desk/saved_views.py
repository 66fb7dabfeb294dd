"""Views kept by name: a queue with its filters, one's own or shared by a chief."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from comments import saved_views
from comments.filters import Filters
from comments.models import SavedView
from comments.views.desk.cards import known_queue
from comments.views.staff import kept_for, person
from comments.views.way_back import address_back
from newsroom import roles


@kept_for(roles.DECIDE)
@require_POST
def save_view(request: HttpRequest) -> HttpResponse:
    """Keep `queue` with the `filters` of the address bar as `name`; `is_shared` is a chief's."""
    code = known_queue(request.POST.get("queue", "")) or "pending"
    filters = Filters.read(QueryDict(request.POST.get("filters", "")[:2000]))
    name, is_shared = request.POST.get("name", ""), request.POST.get("is_shared") == "1"
    try:
        view = saved_views.save_view(
            name, code=code, filters=filters, by=person(request), at=timezone.now(), is_shared=is_shared
        )
    except saved_views.Unfit as unfit:
        kept = {"queue": code, "filters": filters.query, "name": name, "is_shared": is_shared, "sentence": str(unfit)}
        return render(request, "comments/desk/view.html", {"here": "desk", **kept}, status=422)
    messages.success(request, _("Kept as “%(name)s”.") % {"name": view.name})
    return HttpResponseRedirect(f"{reverse('desk')}?{view.query}", status=303)


@kept_for(roles.DECIDE)
@require_POST
def drop_view(request: HttpRequest, pk: int) -> HttpResponse:
    """One's own alone."""
    view = get_object_or_404(SavedView, pk=pk)
    saved_views.drop_view(view, by=person(request))
    messages.success(request, _("The view “%(name)s” is gone.") % {"name": view.name})
    back = address_back(request, otherwise=f"{reverse('desk')}?{urlencode({'queue': 'pending'})}")
    return HttpResponseRedirect(back, status=303)
