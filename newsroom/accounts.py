"""Staff accounts: made by administrators, never by signing up."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.forms import ChangePasswordForm, LoginForm, ResetPasswordForm, ResetPasswordKeyForm
from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.core.exceptions import BadRequest
from django.forms import Field
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from newsroom.address import client_address, network_of
from newsroom.models import User
from newsroom.roles import DECIDE, SEE_THREADS
from newsroom.views.errors import error_page


class StaffAccounts(DefaultAccountAdapter):
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": _("This name and this password do not go together."),
        "too_many_login_attempts": _("Too many attempts. Try again in fifteen minutes."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def get_client_ip(self, request: HttpRequest) -> str:
        return network_of(client_address(request)).removesuffix("/64")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("account_landing")

    def add_message(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Silent: where one arrives says it already, and the desk's banners are kept for decisions."""


class _Labelled:
    """Labels stand above their fields and stay there: allauth's placeholders say the same and vanish."""

    fields: dict[str, Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.widget.attrs.pop("placeholder", None)


class SignInForm(_Labelled, LoginForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        words = {"login": _("User name"), "password": _("Password"), "remember": _("Stay signed in on this computer")}
        for name, label in words.items():
            self.fields[name].label = label
            # The way to a forgotten password stands beside the button.
            self.fields[name].help_text = ""


class NewPasswordForm(_Labelled, ChangePasswordForm):
    pass


class ForgottenPasswordForm(_Labelled, ResetPasswordForm):
    pass


class PasswordByLinkForm(_Labelled, ResetPasswordKeyForm):
    pass


def first_page(user: User) -> str:
    """Where somebody's work begins; empty for who has no role."""
    if user.is_superuser:
        return reverse("admin:index")
    if user.has_perm(DECIDE):
        return reverse("desk")
    return reverse("editor_articles") if user.has_perm(SEE_THREADS) else ""


@require_safe
@login_required
def landing(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, User)  # noqa: S101 (login_required)
    if page := first_page(request.user):
        return HttpResponseRedirect(page)
    said = _("Your account has no role yet. Ask an administrator for one.")
    return error_page(request, status=403, explanation=said)


@require_POST
@login_required
def language(request: HttpRequest) -> HttpResponse:
    """The language of one's staff pages: "fr", "en", or empty for the site's own. Back to `next`."""
    assert isinstance(request.user, User)  # noqa: S101 (login_required)
    wanted = request.POST.get("language", "")
    if wanted not in {"", *(code for code, _name in settings.LANGUAGES)}:
        raise BadRequest
    User.objects.filter(pk=request.user.pk).update(language=wanted)
    back = request.POST.get("next", "")
    known = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(back if known else reverse("account_landing"))
