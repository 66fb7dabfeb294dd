"""Pictures of articles: files saved beside a page or fetched with it, kept under names made from their content."""

from __future__ import annotations

import hashlib
import re
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils.html import escape
from django.utils.translation import gettext as _
from PIL import Image

from newsroom.importers.imported import Figure
from newsroom.importers.source import MEBIBYTE, RefusedArticle

LARGEST = 10 * MEBIBYTE
SUFFIXES = {"JPEG": "jpg", "PNG": "png", "WEBP": "webp", "GIF": "gif"}
FOLDER = "articles"
_FIGURE = re.compile(r"<figure>(?:(?!</figure>).)*</figure>", re.DOTALL)
_MARK = re.compile(r'src="figure:(\d{1,3})"')


def beside(folder: Path | None, src: str) -> Path | None:
    """The file a relative `src` names, if it lies in the page's folder or below; nothing else is a picture of ours."""
    try:
        address = urlsplit(src)
        if folder is None or address.scheme or address.netloc or not address.path or address.path.startswith("/"):
            return None
        path = (folder / unquote(address.path)).resolve()
        inside = path.is_relative_to(folder.resolve())
        return path if inside and path.is_file() else None
    except (ValueError, OSError):  # no address at all; a name that no file can have
        return None


def stored_name(path: Path) -> str:
    """The picture is kept, under its name. Raises RefusedArticle."""
    name = name_of(path)
    if not default_storage.exists(name):
        return default_storage.save(name, ContentFile(path.read_bytes()))
    return name


def name_of(path: Path) -> str:
    """The storage name of a picture, made from its content: the same picture, the same name. Raises RefusedArticle."""
    return f"{FOLDER}/{hashlib.sha256(_checked(path)).hexdigest()[:32]}.{_suffix(path)}"


def is_readable(path: Path) -> bool:
    """Whether the file is a picture that would be kept."""
    try:
        _checked(path)
        _suffix(path)
    except RefusedArticle:
        return False
    return True


def with_stored_figures(body: str, figures: Sequence[Figure], *, keep: Callable[[Path], str] = stored_name) -> str:
    """A cleaned body whose figures name our own copies; a figure without a picture here leaves the body.

    Raises RefusedArticle.
    """
    return _FIGURE.sub(lambda found: _stored_figure(found[0], figures, keep), body).strip()


def without_figures(body: str) -> str:
    return _FIGURE.sub("", body).strip()


def _stored_figure(html: str, figures: Sequence[Figure], keep: Callable[[Path], str]) -> str:
    mark = _MARK.search(html)
    if mark is None:
        return html
    number = int(mark[1])
    path = figures[number].path if number < len(figures) else None
    return html.replace(mark[0], f'src="{escape(default_storage.url(keep(path)))}"') if path else ""


def _checked(path: Path) -> bytes:
    if path.stat().st_size > LARGEST:
        raise RefusedArticle(
            _("The picture %(name)s is larger than %(most)s MB.") % {"name": path.name, "most": LARGEST // MEBIBYTE}
        )
    return path.read_bytes()


def _suffix(path: Path) -> str:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(path, formats=list(SUFFIXES)) as image:
                image.verify()
                return SUFFIXES[str(image.format)]
    except Exception as error:  # Pillow's decoders raise what they like on damaged files
        raise RefusedArticle(_("The picture %(name)s cannot be read.") % {"name": path.name}) from error
