"""How each moderator likes the desk: layout, keys, masking; and the list of keys for who has no scripts."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.forms import ModelForm, RadioSelect
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from comments.models import DeskSettings
from comments.templatetags.desk_keys import Keys
from comments.views.desk.acts import place_of
from comments.views.desk.cards import known_layout
from comments.views.desk.frame import settings_of
from comments.views.staff import kept_for, person
from newsroom import roles


class SettingsForm(ModelForm):
    class Meta:
        model = DeskSettings
        fields = ["layout", "keymap", "single_keys", "mask_strong_words"]
        widgets = {"layout": RadioSelect, "keymap": RadioSelect}


@kept_for(roles.DECIDE)
@require_http_methods(["GET", "HEAD", "POST"])
def desk_settings(request: HttpRequest) -> HttpResponse:
    kept = settings_of(person(request))
    form = SettingsForm(request.POST or None, instance=kept)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(request.path, status=303)
    context = {"form": form, "title": _("How I like the desk"), "here": "desk"}
    return render(request, "comments/desk/settings.html", context, status=422 if form.errors else 200)


@kept_for(roles.DECIDE)
@require_POST
def desk_layout(request: HttpRequest) -> HttpResponse:
    """Remember a layout and show the same queue in it."""
    layout = known_layout(request.POST.get("layout", ""))
    if not layout:
        raise BadRequest
    DeskSettings.objects.update_or_create(user=person(request), defaults={"layout": layout.upper()})
    place = place_of(request)
    return HttpResponseRedirect(place.unlaid, status=303)


@kept_for(roles.DECIDE)
@require_safe
def desk_keys(request: HttpRequest) -> HttpResponse:
    keys = Keys.of(settings_of(person(request)))
    title = pgettext("of a keyboard", "Keys")
    return render(request, "comments/desk/keys.html", {"keys": keys, "title": title, "here": "desk"})
