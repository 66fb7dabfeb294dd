"""What stands around and between the paragraphs of a page and is none of them: advertising, boxes, links elsewhere."""

from __future__ import annotations

import re

from bs4 import BeautifulSoup, Comment, Doctype, NavigableString, PageElement, Tag

from newsroom.importers.decoding import one_line
from newsroom.importers.html.ancestors import nearest

_NEVER = (
    "script, style, noscript, template, nav, form, iframe, object, embed, svg, video, audio, button, input, select, "
    "textarea, footer, dialog, [hidden], [aria-hidden=true], #comments, [itemprop=comment], "
    "amp-ad, amp-embed, amp-iframe, amp-social-share, amp-sidebar, amp-analytics, amp-consent, amp-user-notification"
)
# Words of classes and ids, as newspapers name such boxes; a word alone or parted by - and _.
_BOXES = {
    "ad", "ads", "advert", "advertisement", "adslot", "publicite", "pub", "sponsored", "outbrain", "taboola",
    "share", "sharing", "social", "partage", "newsletter", "subscribe", "abonnement", "paywall", "cookie", "consent",
    "comment", "comments", "commentaires", "kommentare", "toolbar", "breadcrumb", "breadcrumbs", "promo",
}  # fmt: skip
_RELATED_BOX = "[class*=related], [class*=read-also], [class*=lire-aussi], [id*=related], [class*=a-lire]"
_READ_ALSO = re.compile(
    r"^(?:(?:À|A)\s+)?(?:lire\s(?:aussi|également)|read\salso|also\sread|lesen\ssie\sauch|lea\stambién)\s*:?\s*"
    r"(?P<title>.*)$",
    re.IGNORECASE | re.DOTALL,
)
_HEADING = ["h2", "h3", "h4", "p", "strong", "div"]
_PARAGRAPHS = ("p", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "blockquote")
# A box that holds more than this part of the page's text is no box: the whole page may be called "paywall".
_BOX_MAX = 0.4


def take_away(soup: BeautifulSoup) -> None:
    for tag in soup.select(_NEVER):
        tag.decompose()
    for note in soup.find_all(string=lambda text: isinstance(text, Comment | Doctype)):
        note.extract()
    whole = len(soup.get_text())
    for tag in soup.find_all(_is_a_box):
        if not tag.decomposed and len(tag.get_text()) <= _BOX_MAX * whole:
            tag.decompose()


def _is_a_box(tag: Tag) -> bool:
    if tag.name in ("html", "body", "main", "article"):
        return False
    classes = tag.get("class") or []
    named = " ".join([*(classes if isinstance(classes, list) else [classes]), str(tag.get("id") or "")]).lower()
    return bool(named) and not _BOXES.isdisjoint(re.split(r"[\s_-]+", named))


def take_related(soup: BeautifulSoup) -> list[tuple[str, str]]:
    """(title, href as written) of what the page proposes to read next."""
    related: list[tuple[str, str]] = []
    for box in soup.select(_RELATED_BOX):
        if not box.decomposed:
            _take_links(box, related)
            box.decompose()
    for heading in soup.find_all(_HEADING):
        if heading.decomposed or heading.find(("div", *_PARAGRAPHS)):
            continue
        if match := _READ_ALSO.match(one_line(heading.get_text())):
            _take_under(heading, match["title"].strip(), related)
    for aside in soup.find_all("aside"):
        if not aside.decomposed:
            aside.decompose()
    return related


def _take_under(heading: Tag, title: str, related: list[tuple[str, str]]) -> None:
    following = heading.find_next_sibling()
    if title:
        link = heading.find("a")
        related.append((title, str(link.get("href") or "") if isinstance(link, Tag) else ""))
    elif isinstance(following, Tag) and following.name in ("ul", "ol", "div", "p"):
        _take_links(following, related)
        following.decompose()
    heading.decompose()


def _take_links(box: Tag, related: list[tuple[str, str]]) -> None:
    known = {title for title, _href in related}
    for link in box.find_all("a"):
        title = one_line(link.get_text())
        if title and title not in known:
            known.add(title)
            related.append((title, str(link.get("href") or "")))


def break_into_paragraphs(holder: Tag, blocks: tuple[str, ...]) -> None:
    """Text that stands loose, parted by `<br><br>` as old pages do or by `<div>`, becomes paragraphs in its place."""
    soup = BeautifulSoup("", "lxml")
    # The innermost first: what holds paragraphs then is no loose text itself.
    for part in [*reversed(holder.find_all(("div", "td", "section", "center", "font"))), holder]:
        if nearest(part, blocks):
            continue
        _wrap_loose(part, soup, blocks)


def _wrap_loose(part: Tag, soup: BeautifulSoup, blocks: tuple[str, ...]) -> None:
    held: list[PageElement] = []
    for child in [*part.children, None]:
        if child is not None and not _ends_a_paragraph(child, blocks):
            held.append(child)
            continue
        if any(one_line(str(one)) for one in held if not (isinstance(one, Tag) and one.name == "br")):
            paragraph = soup.new_tag("p")
            held[0].insert_before(paragraph)
            for one in held:
                paragraph.append(one.extract())
        held = []


def _ends_a_paragraph(child: object, blocks: tuple[str, ...]) -> bool:
    if not isinstance(child, Tag):
        return False
    if child.name == "br":
        following = child.next_sibling
        while isinstance(following, NavigableString) and not following.strip():
            following = following.next_sibling
        return isinstance(following, Tag) and following.name == "br"
    return child.name in blocks or child.name in ("div", "table", "section", "h1") or child.find(blocks) is not None
