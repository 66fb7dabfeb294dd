"""The shape of input, and the sentences for mistakes."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self, TypeVar

from crispy_forms.helper import FormHelper
from django import forms
from django.core import signing
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from comments.models import Action, Ground, Reason
from comments.models.comment import NAME_MAX, TEXT_MAX
from comments.models.reader import EMAIL_MAX
from comments.models.report import DETAIL_MAX
from comments.plain_text import clean_email, clean_name, clean_text
from comments.policies import policy_in_force
from comments.screening.policy import Policy
from comments.screening.rules.staff_name import imitates_staff

_signer = signing.TimestampSigner(salt="comments.form")


def sign_time(at: datetime) -> str:
    """A moment that only this site can have written; it goes out with the form and comes back with the post."""
    return _signer.sign_object(int(at.timestamp()))


def form_age(signed: str, *, at: datetime) -> tuple[float | None, bool]:
    """(seconds since the form's moment, whether the value was forged). No value: (None, False)."""
    if not signed:
        return None, False
    try:
        return at.timestamp() - int(_signer.unsign_object(signed)), False
    except (signing.BadSignature, ValueError, TypeError):
        return None, True


class _Quiet(forms.Form):
    """A form whose frame, button and token the template writes."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper(self)
        helper.form_tag = False
        helper.disable_csrf = True
        return helper


class _Shared(dict[str, forms.Field]):
    """Fields that no form copies."""

    def __deepcopy__(self, _memo: object) -> Self:
        return self


class _Unseen(_Quiet):
    """A form that nobody is shown, read by the very fields of its class.

    To copy them and to bind each of them costs as much as to check them, or more; what is shown changes its widgets,
    and needs copies of its own.
    """

    def _clean_fields(self) -> None:
        for name, field in self.fields.items():
            try:
                self.cleaned_data[name] = field.clean(self.data.get(name))
                if check := getattr(self, f"clean_{name}", None):
                    self.cleaned_data[name] = check()
            except forms.ValidationError as mistake:
                self.add_error(name, mistake)


_Form = TypeVar("_Form", bound=type[_Unseen])


def _unseen(form: _Form) -> _Form:
    """After the class is made: Django gives one that is being made copies of its own."""
    form.base_fields = _Shared(form.base_fields)
    return form


class CommentForm(_Quiet):
    # No person sees this one. Filled in, the post is held, never dropped.
    website = forms.CharField(required=False, label=_("Leave this field empty"))
    author_name = forms.CharField(
        label=_("Displayed name"),
        strip=False,
        error_messages={"required": _("Write the name to show beside your comment.")},
        widget=forms.TextInput(attrs={"autocomplete": "nickname", "maxlength": NAME_MAX}),
    )
    email = forms.EmailField(
        label=pgettext_lazy("form field", "E-mail"),
        help_text=_("Your e-mail will not be shown publicly."),
        max_length=EMAIL_MAX,
        error_messages={
            "required": _("Write your e-mail: the newsroom may have to answer you."),
            "invalid": _("This e-mail is not complete: it looks like name@example.org."),
        },
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )
    text = forms.CharField(
        label=pgettext_lazy("form field", "Comment"),
        strip=False,
        error_messages={"required": _("Write your comment.")},
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": TEXT_MAX}),
    )
    # No person typed these: what cannot be read is left to `submit` as a parent that is not there, or dropped.
    parent = forms.CharField(required=False, widget=forms.HiddenInput)
    idempotency_key = forms.CharField(required=False, widget=forms.HiddenInput)
    signed_time = forms.CharField(required=False, widget=forms.HiddenInput)

    @cached_property
    def policy(self) -> Policy:
        """The one in force, read once: the post is screened by the same."""
        return policy_in_force()

    def clean_parent(self) -> int | None:
        """The public number that is answered; 0, which no comment has, for what is no number."""
        written = self.cleaned_data["parent"]
        if not written:
            return None
        return int(written) if written.isascii() and written.isdigit() and len(written) <= 16 else 0

    def clean_idempotency_key(self) -> str:
        return self.cleaned_data["idempotency_key"][:64]

    def clean_email(self) -> str:
        return _bounded_email(self.cleaned_data["email"])

    def clean_author_name(self) -> str:
        name = clean_name(self.cleaned_data["author_name"])
        if not name:
            raise forms.ValidationError(self.fields["author_name"].error_messages["required"])
        _refuse_longer(name, NAME_MAX)
        if imitates_staff(name, self.policy):
            raise forms.ValidationError(_("This name is reserved for the newsroom. Choose another one."))
        return name

    def clean_text(self) -> str:
        text = clean_text(self.cleaned_data["text"])
        if not text:
            raise forms.ValidationError(self.fields["text"].error_messages["required"])
        _refuse_longer(text, TEXT_MAX)
        return text


@_unseen
class UnseenCommentForm(_Unseen, CommentForm):
    """The same form for a post without a mistake. Who finds a mistake makes a CommentForm, to be shown."""


class ReportForm(_Quiet):
    reason = forms.ChoiceField(
        label=_("What is wrong"),
        choices=Reason.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose what is wrong with this comment."),
            "invalid_choice": _("Choose one of the reasons."),
        },
    )
    detail = forms.CharField(
        label=_("What the newsroom should know"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": DETAIL_MAX}),
    )
    email = forms.EmailField(
        label=_("Your e-mail"),
        required=False,
        max_length=EMAIL_MAX,
        help_text=_("Shown neither to the comment's author nor to readers."),
        error_messages={"invalid": _("This e-mail is not complete: it looks like name@example.org.")},
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def clean_email(self) -> str:
        return _bounded_email(self.cleaned_data["email"])

    def clean_detail(self) -> str:
        detail = clean_text(self.cleaned_data["detail"])
        _refuse_longer(detail, DETAIL_MAX)
        return detail


@_unseen
class DecisionForm(_Unseen):
    """What the desk posts. Which of ground and note an action needs is `decisions`' to say."""

    action = forms.ChoiceField(choices=[(a.value, a.label) for a in (Action.APPROVE, Action.REJECT, Action.FLAG)])
    version = forms.IntegerField(min_value=1)
    ground = forms.ChoiceField(choices=[("", "—"), *Ground.choices], required=False)
    note = forms.CharField(required=False, max_length=2000)
    idempotency_key = forms.CharField(required=False, max_length=64)

    def clean_note(self) -> str:
        return clean_text(self.cleaned_data["note"])


@_unseen
class UndoForm(_Unseen):
    version = forms.IntegerField(min_value=1)
    idempotency_key = forms.CharField(required=False, max_length=64)


class DiscussionForm(_Quiet):
    """Closing a discussion asks for a reason; opening it again does not."""

    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=300, widget=forms.TextInput(attrs={"maxlength": 300})
    )

    def clean_reason(self) -> str:
        return clean_text(self.cleaned_data["reason"])


class InstructionsForm(_Quiet):
    instructions = forms.CharField(
        label=_("Moderation instructions"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4, "maxlength": 2000}),
        help_text=_("Shown on the desk beside each comment of this article."),
    )

    def clean_instructions(self) -> str:
        return clean_text(self.cleaned_data["instructions"])


def _bounded_email(raw: str) -> str:
    """Measured as it is kept: some capitals grow when they are lowered."""
    email = clean_email(raw)
    _refuse_longer(email, EMAIL_MAX)
    return email


def _refuse_longer(value: str, most: int) -> None:
    if len(value) > most:
        raise forms.ValidationError(
            _("%(length)s characters: that is %(over)s too many."),
            params={"length": len(value), "over": len(value) - most},
        )


def error_sentences(form: forms.BaseForm) -> list[Any]:
    return [sentence for sentences in form.errors.values() for sentence in sentences]
