"""A comment that stood elsewhere is taken over, with what was decided of it there: one at a time, or many at once.

Its place in its source makes it what it is: the same one again changes nothing, whatever was decided since.

arrival.py: what is handed over, and how it is made storable. one.py: one comment. many.py: a batch, in few statements.
"""

from __future__ import annotations

from comments.submission import Refused, discussion_of
from comments.taking_over.arrival import Arrival, Arrived, Timing, fingerprint_of
from comments.taking_over.many import Batch, make_ready, take_over_many, take_over_ready
from comments.taking_over.one import take_over

__all__ = [
    "Arrival",
    "Arrived",
    "Batch",
    "Refused",
    "Timing",
    "discussion_of",
    "fingerprint_of",
    "make_ready",
    "take_over",
    "take_over_many",
    "take_over_ready",
]
