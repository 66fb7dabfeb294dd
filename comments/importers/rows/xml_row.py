"""A row of an XML export: which elements are rows, and what one holds."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Shape:
    """Which elements are rows: `rows` maps the name of a row to the name of what it stands in."""

    root: str
    rows: Mapping[str, str]

    def start(self) -> re.Pattern[bytes]:
        """The first tag of a row. A closed one (`<thread id="2"/>`) only names a row that stands elsewhere."""
        names = b"|".join(re.escape(name.encode()) for name in self.rows)
        return re.compile(rb"<(?:[A-Za-z_][\w.-]*:)?(" + names + rb")(?:\s[^<>]{0,2000}(?<!/))?>")


@dataclass(slots=True)
class Row:
    """An element and what it holds, in order: texts and elements. Of a row, `line` is its place in the file, and
    `within` the row around it, as far as read."""

    name: str
    attributes: dict[str, str]
    line: int
    within: Row | None = None
    inner: list[str | Row] = field(default_factory=list)

    def elements(self, name: str) -> list[Row]:
        return [one for one in self.inner if isinstance(one, Row) and one.name == name]

    def find(self, path: str) -> Row | None:
        """The first element at `author/name`."""
        found: Row | None = self
        for name in path.split("/"):
            found = next(iter(found.elements(name)), None) if found else None
        return found

    def text(self, path: str) -> str:
        """The text at a path, without spaces at its ends; empty where there is none."""
        found = self.find(path)
        return "".join(one for one in found.inner if isinstance(one, str)).strip() if found else ""

    def markup(self, path: str) -> str:
        """The HTML at a path, whether it was written as text or as elements."""
        found = self.find(path)
        if found is None:
            return ""
        return found.written() if any(isinstance(one, Row) for one in found.inner) else self.text(path)

    def written(self) -> str:
        """What it holds, as markup again. No deeper than DEPTH_MAX."""
        return "".join(html.escape(one) if isinstance(one, str) else one._tagged() for one in self.inner)

    def _tagged(self) -> str:
        told = "".join(f' {name}="{html.escape(value)}"' for name, value in self.attributes.items())
        end = f"</{self.name}>" if self.inner else ""
        return f"<{self.name}{told}>{self.written()}{end}"

    def attribute(self, path: str, name: str) -> str:
        found = self.find(path)
        return found.attributes.get(name, "").strip() if found else ""
