"""Pictures of a saved web page: the first is the article's, the others stay in its text."""

from __future__ import annotations

import re
from typing import Protocol

from bs4 import BeautifulSoup, Tag

from newsroom.importers.decoding import one_line

_CREDIT = re.compile(
    r"\s*\(?(?:crédits?(?:\s+photos?)?|credits?|photo|foto|dessin|©)\s*:?\s*(?P<credit>[^()]{2,190})\)?$", re.IGNORECASE
)
_CREDIT_MARK = ".credit, .credits, [itemprop=copyrightHolder], small, cite"
_MOST = 30
_IMAGES = ["img", "amp-img"]


class HasPicture(Protocol):
    image_src: str
    image_alt: str
    image_caption: str
    image_credit: str


def take_first(holder: Tag, body: HasPicture) -> None:
    """Moves the first figure with a picture out of the text. One without a picture shows nothing, and goes."""
    for figure in holder.find_all("figure"):
        image = figure.find(_IMAGES)
        if isinstance(image, Tag) and not body.image_src:
            body.image_src = _src(image)
            body.image_alt = one_line(str(image.get("alt") or ""))
            _take_caption(figure.find("figcaption"), body)
            figure.decompose()
        elif image is None:
            figure.decompose()


def figure_of(figure: Tag, figures: list[str]) -> str:
    """The figure with a mark for its picture, whose `src` joins `figures`; empty where there are too many."""
    image, caption = figure.find(_IMAGES), figure.find("figcaption")
    src = _src(image) if isinstance(image, Tag) else ""
    if not isinstance(image, Tag) or not src or len(figures) >= _MOST:
        return ""
    figures.append(src)
    soup = BeautifulSoup("", "lxml")
    shown = soup.new_tag("figure")
    shown.append(soup.new_tag("img", src=f"figure:{len(figures) - 1}", alt=one_line(str(image.get("alt") or ""))))
    if isinstance(caption, Tag) and (words := one_line(caption.get_text(" "))):
        told = soup.new_tag("figcaption")
        told.string = words
        shown.append(told)
    return str(shown)


def _src(image: Tag) -> str:
    """As written. A page that loads its pictures late names them elsewhere than in `src`."""
    for name in ("data-src", "data-original", "data-lazy-src", "src"):
        src = str(image.get(name) or "").strip()
        if src and not src.startswith("data:"):
            return src
    return str(image.get("srcset") or "").strip().split(" ")[0].rstrip(",")


def _take_caption(caption: object, body: HasPicture) -> None:
    if not isinstance(caption, Tag):
        return
    if shown := caption.select_one(_CREDIT_MARK):
        credit = one_line(shown.get_text())
        shown.decompose()
        body.image_credit = re.sub(r"^\(?(?:crédits?|credits?)\s*:\s*|\)$", "", credit, flags=re.IGNORECASE)
    words = one_line(caption.get_text())
    if not body.image_credit and (match := _CREDIT.search(words)):
        body.image_credit, words = match["credit"].strip(), words[: match.start()].rstrip()
    body.image_caption = words
