"""Public pages: how they are built, what is said of their copies, and which copies are kept.

`sharing` is for every public page, `article` builds the one with a thread, `state` says what it is made from and `kept`
keeps it, in the cache that `memory` is.
"""

from newsroom.pages.article import article_page, news_article, register_counts, visible_counts
from newsroom.pages.kept import KNOWN_PARAMETERS, kept_page
from newsroom.pages.sharing import SHARED, digest, or_not_modified, public_page, shared, site_address
from newsroom.pages.state import register

__all__ = [
    "KNOWN_PARAMETERS",
    "SHARED",
    "article_page",
    "digest",
    "kept_page",
    "news_article",
    "or_not_modified",
    "public_page",
    "register",
    "register_counts",
    "shared",
    "site_address",
    "visible_counts",
]
