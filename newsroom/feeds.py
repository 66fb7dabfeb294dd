"""Atom feeds: what is on the site, for feed readers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.html import escape
from django.utils.translation import gettext as _

from newsroom.models import Article
from newsroom.pages import digest, or_not_modified, site_address

ENTRIES = 30


class ClocklessAtom(Atom1Feed):
    """A feed without entries dates from nowhere: Django's answer, the present, would differ at every reading."""

    def latest_post_date(self) -> datetime:
        dated = any(item["updateddate"] or item["pubdate"] for item in self.items)
        return super().latest_post_date() if dated else datetime(1970, 1, 1, tzinfo=UTC)


class PublicFeed(Feed):
    """The same bytes for every reader, and 304 to who has them."""

    feed_type = ClocklessAtom

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method not in ("GET", "HEAD"):
            return HttpResponseNotAllowed(["GET", "HEAD"])
        response = super().__call__(request, *args, **kwargs)
        del response["Last-Modified"]
        return or_not_modified(request, digest(response.content), lambda: response)


@dataclass(frozen=True)
class Entry:
    article: Article
    link: str


class LatestArticles(PublicFeed):
    def get_object(self, request: HttpRequest) -> str:
        """The site's address: every link of a feed is absolute."""
        return site_address(request)

    def title(self, address: str) -> str:
        return settings.SITE_NAME

    def subtitle(self, address: str) -> str:
        return _("The latest articles")

    def link(self, address: str) -> str:
        return address + reverse("front")

    def feed_url(self, address: str) -> str:
        return address + reverse("feed")

    def items(self, address: str) -> list[Entry]:
        latest = Article.objects.published().newest_first().select_related("section").defer("body")[:ENTRIES]
        return [Entry(article=article, link=address + article.get_absolute_url()) for article in latest]

    def item_title(self, item: Entry) -> str:
        return item.article.headline

    def item_description(self, item: Entry) -> str:
        return escape(item.article.standfirst)

    def item_link(self, item: Entry) -> str:
        return item.link

    def item_author_name(self, item: Entry) -> str:
        return item.article.author_line

    def item_pubdate(self, item: Entry) -> datetime:
        return item.article.published_at

    def item_updateddate(self, item: Entry) -> datetime:
        return item.article.updated_at or item.article.published_at

    def item_categories(self, item: Entry) -> list[str]:
        return [item.article.section.name] if item.article.section else []
