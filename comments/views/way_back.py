"""Where a form sends somebody once it is done: the page it stood on, if that is one of ours."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme


def address_back(request: HttpRequest, *, otherwise: str = "") -> str:
    """The form's `next`, never another site's address; else `otherwise`, else the desk."""
    asked = request.POST.get("next", "")
    if asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None):
        return asked
    return otherwise or reverse("desk")


def way_back(request: HttpRequest, *, otherwise: str = "") -> HttpResponse:
    return HttpResponseRedirect(address_back(request, otherwise=otherwise), status=303)
