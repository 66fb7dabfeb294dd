"""The pane of one comment among several: `{% with %}` cannot set a variable called "context"."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context

register = template.Library()


@register.inclusion_tag("comments/desk/context/_context.html", takes_context=True)
def pane(context: Context, shown: dict[str, Any]) -> dict[str, Any]:
    """`shown` is what `desk_context.context_of` gives."""
    passed = {name: context[name] for name in ("request", "perms", "keys", "messages") if name in context}
    return {**passed, "context": shown}
