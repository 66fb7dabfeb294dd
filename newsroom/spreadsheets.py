"""CSV that a spreadsheet opens as text: no cell of it is ever a formula."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

# A cell that begins so is run as a formula by one spreadsheet or another, full-width forms too (OWASP, CSV Injection).
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Spreadsheets take a file for UTF-8 by this mark alone.
MARK = "\ufeff"


def disarmed(text: str) -> str:
    """Text, never a formula: the apostrophe is how spreadsheets write that."""
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def as_row(cells: Iterable[object]) -> str:
    """One line of CSV. Texts are disarmed; numbers stay numbers; what is missing is empty."""
    line = io.StringIO()
    csv.writer(line).writerow([_cell(cell) for cell in cells])
    return line.getvalue()


def as_csv(rows: Iterable[Sequence[object]]) -> str:
    return "".join(as_row(row) for row in rows)


def _cell(cell: object) -> str | int | float:
    if cell is None:
        return ""
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return cell
    return disarmed(str(cell))
