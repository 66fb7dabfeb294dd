"""The site's people, what it publishes, and where that came from. Comments stand in their own room."""

from newsroom.models.articles import Article, ArticleQuerySet, OldSlug, Section
from newsroom.models.imports import ImportRemark, ImportRun, WatchedFeed
from newsroom.models.people import User

__all__ = [
    "Article",
    "ArticleQuerySet",
    "ImportRemark",
    "ImportRun",
    "OldSlug",
    "Section",
    "User",
    "WatchedFeed",
]
