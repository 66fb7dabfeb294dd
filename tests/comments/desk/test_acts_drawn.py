"""The acts at the foot of a sheet are drawn once for all threads of a process: any of them may empty what is kept."""

from __future__ import annotations

import pytest

from comments.templatetags import desk_acts
from tests.comments.desk.cast import card


class EmptiedMeanwhile(dict[object, str]):
    """Another thread empties it after each look into it, and after each thing that is put there."""

    def __contains__(self, shape: object) -> bool:
        known = super().__contains__(shape)
        self.clear()
        return known

    def get(self, shape: object, default: str | None = None) -> str | None:
        kept = super().get(shape, default)
        self.clear()
        return kept

    def __setitem__(self, shape: object, drawn: str) -> None:
        super().__setitem__(shape, drawn)
        if len(self) > 1:
            self.clear()


@pytest.mark.parametrize("most", [0, desk_acts.SHAPES_MOST])
@pytest.mark.parametrize("laid", ["list", "focus"])
def test_acts_are_drawn_while_another_thread_empties_what_is_kept(monkeypatch, desk, pending, laid, most):
    monkeypatch.setattr(desk_acts, "_drawn", EmptiedMeanwhile())
    monkeypatch.setattr(desk_acts, "SHAPES_MOST", most)
    for _look in range(3):
        shown = desk.get(f"/moderation/?queue=pending&layout={laid}")
        assert shown.status_code == 200
        assert card(shown, pending).find("form") if laid == "list" else b"<form" in shown.content
