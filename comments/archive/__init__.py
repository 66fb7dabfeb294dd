"""The whole newsroom taken out as one file of JSON lines, and brought back: nothing is locked in.

lines.py: what one line is. writing.py: the database → lines. reading.py: lines → the database. sheet.py and wxr.py:
the comments for a spreadsheet and for WordPress. The format is described in docs/reference/archive.md.
"""

from __future__ import annotations

VERSION = 1
