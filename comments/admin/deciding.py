"""What every page of this admin has: nothing is written by hand, and actions decide after showing what on."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from comments.around import with_context
from comments.decisions import Incomplete, Outcome, decide_each
from comments.forms import DecisionForm, error_sentences
from comments.models import Action, Comment, Ground
from newsroom import roles

# A person reads what an action is about: more than this is not read.
AT_ONCE = 100


class ReadOnly(admin.ModelAdmin):
    """Looked at, never written: no adding, no deleting, no form that saves."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class Deciding(ReadOnly):
    """Actions that decide, after a page that shows what on."""

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm(roles.DECIDE)

    def ask_or_decide(
        self, request: HttpRequest, comments: QuerySet[Comment], *, name: str, action: Action, door: Any = decide_each
    ) -> HttpResponse | None:
        chosen = list(with_context(comments).order_by("pk")[: AT_ONCE + 1])
        if len(chosen) > AT_ONCE:
            self.message_user(
                request, _("Choose %(most)s at most: each is read first.") % {"most": AT_ONCE}, messages.ERROR
            )
            return None
        mistake = ""
        if request.POST.get("confirmed"):
            read = [(one, _number(request.POST.get(f"version_{one.pk}", ""))) for one in chosen]
            try:
                self._tell(request, self._decide(request, read, action, door))
                return None
            except Incomplete as missing:
                mistake = str(missing)
            except ValidationError as wrong:
                mistake = " ".join(wrong.messages)
        return self._ask(request, chosen, mistake, name=name, action=action)

    def _decide(self, request: HttpRequest, read: Any, action: Action, door: Any) -> list[Outcome]:
        """Through the desk's form too: a note has its length, a ground is one of the list."""
        form = DecisionForm(request.POST.dict() | {"action": action, "version": "1"})
        if not form.is_valid():
            raise ValidationError(error_sentences(form))
        return door(
            read,
            action=action,
            by=request.user,
            at=timezone.now(),
            ground=form.cleaned_data["ground"],
            note=form.cleaned_data["note"],
        )

    def _tell(self, request: HttpRequest, outcomes: list[Outcome]) -> None:
        done = sum(outcome.decision is not None for outcome in outcomes)
        if done:
            told = ngettext("%(count)s comment decided.", "%(count)s comments decided.", done) % {"count": done}
            self.message_user(request, told, messages.SUCCESS)
        for outcome in outcomes:
            if outcome.refusal:
                left_out = _("Left out: %(comment)s. %(why)s") % {"comment": outcome.comment, "why": outcome.refusal}
                self.message_user(request, left_out, messages.WARNING)

    def _ask(
        self,
        request: HttpRequest,
        chosen: list[Comment],
        mistake: str,
        *,
        name: str,
        action: Action,
    ) -> HttpResponse:
        context = self.admin_site.each_context(request) | {
            "title": self.get_action(name)[2] if self.get_action(name) else "",  # type: ignore[index]
            "opts": self.opts,
            "comments": chosen,
            "selected": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "across": request.POST.get("select_across", "0"),
            "name": name,
            "asks_ground": action == Action.REJECT,
            "asks_note": action == Action.FLAG,
            "grounds": Ground.choices,
            "typed": {"ground": request.POST.get("ground", ""), "note": request.POST.get("note", "")},
            "mistake": mistake,
        }
        return TemplateResponse(request, "admin/comments/confirm.html", context, status=422 if mistake else 200)


def _number(written: str) -> int:
    """A version as it was shown; 0, which no comment has, for anything else."""
    return int(written) if written.isdecimal() and len(written) < 10 else 0
