"""What stands around an article's comments: its head, its story, the menu. Made once, until anything of it changes.

A decision changes none of it but the number of comments. It is kept under all that it shows, read from the database for
each page, and never for what it was: the least used leaves when room is needed, and no process tells another.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.cache import caches
from django.template.loader import get_template, render_to_string
from django.urls import get_script_prefix
from django.utils import timezone, translation
from django.utils.safestring import SafeString

from newsroom.models import Article, Section
from newsroom.mould import Mould, mark
from newsroom.pages.sharing import digest
from newsroom.templatetags.site import data_block

_TEMPLATE = "newsroom/article.html"


def framed(facts: dict[str, Any], comments: SafeString, *, count: int) -> SafeString:
    """The whole page. `comments` is its thread and form; `facts` is what else its template is given, and all of it: no
    request, so that nothing of a visitor can come into what others are shown."""
    values = {
        "comments": comments,
        "said": render_to_string("newsroom/_said.html", {"comment_total": count}),
        "data": data_block(facts["json_ld"] | {"commentCount": count}),
    }
    return _frame(facts).filled(values)


def _frame(facts: dict[str, Any]) -> Mould:
    key = digest(repr(_shown(**facts)).encode())
    frame = caches["frames"].get(key)
    if frame is None:
        marks = {name: mark(name) for name in ("comments", "said", "data")}
        # An article's own text may hold any number.
        frame = Mould(render_to_string(_TEMPLATE, facts | marks), with_numbers=False)
        caches["frames"].set(key, frame)
    return frame


def _shown(*, article: Article, current_section: Section | None, sections: list[Section], **rest: Any) -> list[object]:
    """All that a frame is made from, as plain values; templates are others when they were read anew."""
    house = [id(get_template(_TEMPLATE).template), settings.RELEASE, getattr(staticfiles_storage, "manifest_hash", "")]  # type: ignore[attr-defined]
    place = [translation.get_language(), timezone.get_current_timezone_name(), get_script_prefix()]
    own = [getattr(article, field.attname) for field in Article._meta.concrete_fields]
    menu = [section and (section.pk, section.name, section.slug) for section in (current_section, *sections)]
    return [*house, *place, own, menu, sorted(rest.items())]
