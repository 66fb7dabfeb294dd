"""Sections, articles and members of the newsroom as plain data, and back: for the archive of a whole site.

Every stored field of an article goes along by its own name, so that a field added later is not forgotten. Pictures are
named, not carried: their files stand in MEDIA_ROOT.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any, TypeVar

from django.core.exceptions import FieldDoesNotExist, SuspiciousFileOperation, ValidationError
from django.core.files.utils import validate_file_name
from django.db import models
from django.db.models import Prefetch
from django.utils import timezone
from django.utils.translation import gettext as _
from PIL import Image

from newsroom.importers.cleaning import clean_body
from newsroom.models import Article, OldSlug, Section, User
from newsroom.moments import has_room

Told = dict[str, Any]
Row = TypeVar("Row", bound=models.Model)
# Ours alone: keys of this database, and when an import last wrote the row.
LEFT_OUT = {"id", "imported_at"}


class Misfit(Exception):
    """What an archive tells is no article, section or member; the text is a sentence."""


def is_storable(value: object) -> bool:
    """A text without NUL and without half a character, which no database holds."""
    return isinstance(value, str) and "\0" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


def sections() -> Iterator[Told]:
    for section in Section.objects.order_by("pk").iterator():
        yield {"slug": section.slug, "name": section.name, "position": section.position}


def articles() -> Iterator[Told]:
    old_slugs = Prefetch("old_slugs", OldSlug.objects.order_by("pk"))
    rows = Article.objects.select_related("section").prefetch_related(old_slugs)
    for article in rows.order_by("pk").iterator(chunk_size=200):
        told = {field.name: _told(article, field) for field in _fields()}
        yield told | {"old_slugs": [old.slug for old in article.old_slugs.all()]}


def people(pks: set[int]) -> Iterator[Told]:
    """Names only: no e-mail, no password, no role."""
    for user in User.objects.filter(pk__in=pks).order_by("pk"):
        yield {"username": user.username, "first_name": user.first_name, "last_name": user.last_name}


def take_section(told: Told) -> bool:
    """True where it is new. One of that slug or name stays as it is."""
    _refuse_no_texts(told, "slug", "name")
    if Section.objects.filter(models.Q(slug=told.get("slug")) | models.Q(name=told.get("name"))).exists():
        return False
    _stored(Section(slug=told.get("slug", ""), name=told.get("name", ""), position=told.get("position", 0)))
    return True


def take_person(told: Told) -> bool:
    """A member who decided elsewhere: without a password, a role or a way in until the newsroom gives them.

    An account of that name stays as it is, and the decisions are told as its own.
    """
    _refuse_no_texts(told, "username", "first_name", "last_name")
    if User.objects.filter(username=told.get("username")).exists():
        return False
    person = User(
        username=told.get("username", ""),
        first_name=told.get("first_name", ""),
        last_name=told.get("last_name", ""),
        is_active=False,
    )
    person.set_unusable_password()
    _stored(person)
    return True


def take_article(told: Told, *, at: datetime) -> bool:
    """True where it is new; an article of the same source stays as it is. Raises Misfit."""
    _refuse_no_texts(told, "source_key", "slug", "section")
    if Article.objects.filter(source_key=told.get("source_key")).exists():
        return False
    old_slugs = told.get("old_slugs", [])
    if not isinstance(old_slugs, list):
        raise Misfit(_("“%(name)s” is not a list of texts.") % {"name": "old_slugs"})
    values = {name: _value(name, value) for name, value in told.items() if name != "old_slugs"}
    # The picture was looked at already: Django would open its file.
    article = _stored(_made(imported_at=at, **values), without={"image"})
    for slug in old_slugs:
        _stored(OldSlug(slug=slug, article=article))
    return True


def _fields() -> list[models.Field[Any, Any]]:
    return [field for field in Article._meta.concrete_fields if field.name not in LEFT_OUT]


def _told(article: Article, field: models.Field[Any, Any]) -> Any:
    if field.name == "section":
        return article.section.slug if article.section else None
    value = field.value_from_object(article)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")
    return value.name if isinstance(field, models.FileField) else value


def _value(name: str, value: Any) -> Any:
    try:
        field = Article._meta.get_field(name)
    except FieldDoesNotExist:
        field = None
    if field is None or not field.concrete or name in LEFT_OUT:
        raise Misfit(_("An article has no “%(name)s”.") % {"name": ascii(name)[1:-1]})
    if name == "section":
        return Section.objects.filter(slug=value).first()
    if name == "body":
        return clean_body(str(value))
    if name == "related":
        return _links(value)
    if name == "image":
        return _picture(value)
    try:
        found = field.to_python(value)
    except (ValidationError, TypeError, ValueError, OverflowError) as error:
        raise Misfit(_("This is no “%(name)s” of an article.") % {"name": name}) from error
    is_lasting = not isinstance(found, datetime) or (timezone.is_aware(found) and has_room(found))
    if not is_lasting or (isinstance(found, str) and not is_storable(found)):
        raise Misfit(_("This is no “%(name)s” of an article.") % {"name": name})
    return found


def _picture(value: Any) -> str:
    """The name of a file below MEDIA_ROOT, which may come there later. Raises Misfit."""
    refusal = Misfit(_("This is no “%(name)s” of an article.") % {"name": "image"})
    if value in (None, ""):
        return ""
    longest = Article._meta.get_field("image").max_length
    if not is_storable(value) or longest is None or len(value) > longest:
        raise refusal
    try:
        validate_file_name(value, allow_relative_path=True)
    except SuspiciousFileOperation as error:
        raise refusal from error
    return str(value)


def _made(**values: Any) -> Article:
    """Where the size of its picture is not told it is read from the file: whoever reads a row without one opens the
    file again. Raises Misfit."""
    sentence = _("The file of “image” cannot be read, and “image_width” or “image_height” is missing.")
    try:
        article = Article(**values)
    except (OSError, Image.DecompressionBombError) as error:
        raise Misfit(sentence) from error
    if article.image and not (article.image_width and article.image_height):
        raise Misfit(sentence)
    return article


def _refuse_no_texts(told: Told, *names: str) -> None:
    for name in names:
        if not is_storable(told.get(name, "")):
            raise Misfit(_("“%(name)s” is not a text.") % {"name": name})


def _links(value: Any) -> list[dict[str, str]]:
    """Titles with an address to http or https, or none. Raises Misfit."""
    if not isinstance(value, list) or not all(map(_is_link, value)):
        raise Misfit(_("“related” is a list of titles, each with a web address or none."))
    return value


def _is_link(link: Any) -> bool:
    if not isinstance(link, dict) or not all(is_storable(one) for pair in link.items() for one in pair):
        return False
    return bool(link.get("title")) and link.get("url", "").partition(":")[0] in ("", "http", "https")


def _stored(row: Row, *, without: Iterable[str] = ()) -> Row:
    """Raises Misfit with the sentences of what does not fit."""
    try:
        row.full_clean(exclude=without)
    except OverflowError as error:  # a number without an end
        raise Misfit(_("The database does not take this line as it is told.")) from error
    except ValidationError as error:
        told = (f"{name}: {' '.join(map(str, sentences))}" for name, sentences in error.message_dict.items())
        # Django's sentences quote what was told, half a character too.
        raise Misfit(" ".join(told).encode(errors="replace").decode()) from error
    row.save()
    return row
