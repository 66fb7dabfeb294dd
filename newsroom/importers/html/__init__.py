"""Format `html`: saved web pages. page.py is the reader; the others know one thing about pages each."""

from __future__ import annotations

from newsroom.importers.html.page import read

__all__ = ["read"]
