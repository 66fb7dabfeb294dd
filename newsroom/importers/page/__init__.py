"""Format `page`: saved article pages as plain text. How they are laid out: layout; how they tell time: dates."""

from __future__ import annotations

from newsroom.importers.page.reading import article_of, read

__all__ = ["article_of", "read"]
