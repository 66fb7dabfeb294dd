"""Which moments can be kept and shown."""

from __future__ import annotations

from datetime import MAXYEAR, MINYEAR, date


def has_room(moment: date) -> bool:
    """Whether the calendar goes on for a year on both sides: the last evening of the year 9999 is no day in Paris, and
    a page that shows it fails."""
    return MINYEAR < moment.year < MAXYEAR
