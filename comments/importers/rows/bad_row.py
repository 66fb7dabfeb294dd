"""BadRow: one row of a source that is no comment. Its text is a sentence for who runs the import."""

from __future__ import annotations


class BadRow(Exception):
    """The reader of the format adds where the row starts; the rows beside it are read."""
