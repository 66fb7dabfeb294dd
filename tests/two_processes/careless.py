"""The site's door for a duel that both win: a decision no longer compares the version that was read."""

from newsroom.wsgi import application  # isort: split

from comments.decisions import writing

__all__ = ["application"]
COMPARES = "AND version = %s"
if COMPARES not in writing._MOVE:
    raise RuntimeError("the comparison is written in other words: nothing was taken away")
writing._MOVE = writing._MOVE.replace(COMPARES, "AND (version = %s OR TRUE)")
