"""What must be true of the whole database after whatever has happened (promises 4 and 7)."""

from __future__ import annotations

from comments.integrity import faults


def assert_whole() -> None:
    assert list(faults()) == []
