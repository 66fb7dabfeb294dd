"""From what a reader hands over to rows: articles found, comments put in order, batches through the one door."""

from __future__ import annotations

from comments.importers.saving.coming_in import BATCH, OUTCOMES, How, save_comments

__all__ = ["BATCH", "OUTCOMES", "How", "save_comments"]
