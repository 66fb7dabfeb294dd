"""The admin's door: it shows everything, and decides through the same functions as the desk.

Nothing here is added, deleted or edited by hand but the word lists. An action first shows the texts it is about,
with their versions, and decides on those versions.
"""

from comments.admin import comments, exports, readers, reports, words

__all__ = ["comments", "exports", "readers", "reports", "words"]
