"""HTML and Markdown of other systems → plain text that keeps its paragraphs, lists, quotations and links."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

import nh3
from django.utils.translation import gettext as _
from markdown_it import MarkdownIt

from comments.importers.rows.bad_row import BadRow

# A comment has 5,000 characters at most; markup makes it longer. Beyond this, reading costs more than it can give:
# 20,000 nested <div> take nh3 1.7 s, 6,000 take 0.2 s; 20,000 characters of "[](" take markdown-it 2 s, 10,000 0.5 s.
HTML_MAX = 30_000
MARKDOWN_MAX = 10_000
TITLE_MAX = 2_000

_GAPPED = {"p", "blockquote", "pre", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6"}
_BLOCKS = _GAPPED | {"div", "li", "tr", "section", "aside", "figure", "hr"}
_TAGS = _BLOCKS | {"a", "br", "img", "iframe"}
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt", "class"}, "iframe": {"src"}}
# nh3 writes every attribute in double quotes and escapes them inside.
_TOKEN = re.compile(r'<(?P<end>/?)(?P<name>[a-z0-9]+)(?P<attributes>(?: [a-z-]+="[^"]*")*)>|(?P<text>[^<]+|<)')
_ATTRIBUTE = re.compile(r' ([a-z-]+)="([^"]*)"')
# Runs of spaces that are not one space already.
_SPACES = re.compile(r" *[\t\n\r\f][ \t\n\r\f]*|  +")
_NOT_IN_ADDRESSES = re.compile('[\\s<>"]')
_BREAKS_BY_ITSELF = re.compile(r"<(?:p|br|div|li|pre|blockquote|table)\b", re.IGNORECASE)
_MARKDOWN_SIGNS = re.compile(r"[\\`*_\[\]<>&#~|]|^\s*(?:[-+=]|\d+[.)]|\s{4})", re.MULTILINE)
_markdown = MarkdownIt("commonmark", {"breaks": True, "html": True})


def from_html(markup: str, *, keep_lines: bool = False) -> str:
    """Plain text. Line ends count where the markup has no blocks of its own, or everywhere with `keep_lines`.

    Scripts and styles go with what they hold; of other unknown tags the text stays. Links to http, https and mailto
    stand behind their words. Raises BadRow where it is longer than HTML_MAX.
    """
    _refuse_longer(markup, HTML_MAX)
    if "<" not in markup and "&" not in markup:
        return _tidy(markup)
    clean = nh3.clean(
        markup, tags=_TAGS, attributes=_ATTRIBUTES, link_rel=None, url_schemes={"http", "https", "mailto"}
    )
    writing = _Writing(keep_lines=keep_lines or not _BREAKS_BY_ITSELF.search(markup))
    for token in _TOKEN.finditer(clean):
        if token["text"]:
            writing.say(_unescaped(token["text"]))
        elif token["end"]:
            writing.close(token["name"])
        else:
            attributes = {name: _unescaped(value) for name, value in _ATTRIBUTE.findall(token["attributes"])}
            writing.open(token["name"], attributes)
    return writing.finished()


def headline_of(markup: str) -> str:
    """A title on one line; none where it is too long to be one."""
    return " ".join(from_html(markup).split()) if len(markup) <= TITLE_MAX else ""


def from_markdown(text: str) -> str:
    """Plain text of CommonMark, with the HTML it may hold. Line ends stay. Raises BadRow beyond MARKDOWN_MAX."""
    _refuse_longer(text, MARKDOWN_MAX)
    if not _MARKDOWN_SIGNS.search(text):
        return _tidy(text)
    return from_html(_markdown.render(text)[:HTML_MAX])


def _unescaped(text: str) -> str:
    """nh3 writes these five and no others."""
    if "&" not in text:
        return text
    for written, meant in (("&nbsp;", "\u00a0"), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        text = text.replace(written, meant)
    return text


def _refuse_longer(text: str, most: int) -> None:
    if len(text) > most:
        raise BadRow(
            _("The comment's text has %(length)s characters with its markup; %(most)s at most.")
            % {"length": len(text), "most": most}
        )


def _tidy(text: str) -> str:
    return "\n".join(line.rstrip() for line in text.replace("\r\n", "\n").split("\n")).strip()


@dataclass
class _Writing:
    """The text as it is written: finished lines, the line being written, the link whose words are being heard."""

    keep_lines: bool
    lines: list[str] = field(default_factory=list)
    line: list[str] = field(default_factory=list)
    quotes: int = 0
    lists: list[int | None] = field(default_factory=list)
    bullet: str = ""
    address: str | None = None
    words: list[str] = field(default_factory=list)
    preformatted: int = 0

    def say(self, text: str) -> None:
        if self.address is not None:
            self.words.append(text)
        elif self.preformatted or self.keep_lines:
            first, *others = text.replace("\r\n", "\n").split("\n")
            self.line.append(first)
            for other in others:
                self._end_line(always=True)
                self.line.append(other)
        else:
            self.line.append(_SPACES.sub(" ", text))

    def open(self, name: str, attributes: dict[str, str]) -> None:
        if name == "a":
            self.close("a")
            self.address = attributes.get("href", "")
        elif name in ("img", "iframe"):
            self.say(_picture(attributes))
        elif name == "br":
            self.say(" ") if self.address is not None else self._end_line(always=True)
        elif name in _BLOCKS:
            self._end_line()
            self._gap(name)
            self._enter(name)

    def close(self, name: str) -> None:
        if name == "a" and self.address is not None:
            words, address = _SPACES.sub(" ", "".join(self.words)).strip(), self.address
            self.address, self.words = None, []
            self.line.append(_linked(words, address))
        elif name in _BLOCKS:
            self._end_line()
            self._leave(name)
            self._gap(name)

    def finished(self) -> str:
        self.close("a")
        self._end_line()
        return "\n".join(self.lines).strip()

    def _enter(self, name: str) -> None:
        if name == "blockquote":
            self.quotes += 1
        elif name == "pre":
            self.preformatted += 1
        elif name in ("ul", "ol"):
            self.lists.append(1 if name == "ol" else None)
        elif name == "li":
            number = self.lists[-1] if self.lists else None
            self.bullet = f"{number}. " if number else "- "
            if number:
                self.lists[-1] = number + 1

    def _leave(self, name: str) -> None:
        if name == "blockquote":
            self.quotes -= 1
        elif name == "pre":
            self.preformatted -= 1
        elif name in ("ul", "ol") and self.lists:
            self.lists.pop()

    def _gap(self, name: str) -> None:
        """An empty line around paragraphs and lists, none inside a list."""
        if name in _GAPPED and not self.lists and self.lines and self.lines[-1]:
            self.lines.append("")

    def _end_line(self, *, always: bool = False) -> None:
        text = "".join(self.line)
        self.line = []
        text = text.rstrip() if self.preformatted else text.strip(" \t\n")
        if text:
            self.lines.append("> " * min(self.quotes, 5) + self.bullet + text)
            self.bullet = ""
        elif always:
            self.lines.append("")


def _picture(attributes: dict[str, str]) -> str:
    """Words and address; of a smiley only its words."""
    words, address = attributes.get("alt", "").strip(), attributes.get("src", "")
    words = "" if "<" in words else words
    kind = attributes.get("class", "")
    if "emoji" in kind or "smil" in kind or not address.startswith(("http://", "https://")):
        return words
    return f"{words} ({_written(address)})" if words else _written(address)


def _linked(words: str, address: str) -> str:
    """The words with their address behind; the address alone where the words say nothing else, also cut short."""
    if address.startswith("mailto:"):
        address = address.removeprefix("mailto:").partition("?")[0]
    elif not address.startswith(("http://", "https://")):
        return words
    said, meant = _bare(words), _bare(address)
    cut_short = words.endswith(("...", "…")) and meant.startswith(said.rstrip(".…"))
    address = _written(address)
    return address if not said or said == meant or cut_short else f"{words} ({address})"


def _written(address: str) -> str:
    """As an address is written: spaces and the signs of markup by their codes."""
    return _NOT_IN_ADDRESSES.sub(lambda sign: "".join(f"%{code:02X}" for code in sign[0].encode()), address.strip())


def _bare(address: str) -> str:
    return re.sub(r"^(https?://)?(www\.)?", "", address.strip().lower()).rstrip("/")
