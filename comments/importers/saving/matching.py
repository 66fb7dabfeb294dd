"""Between a reader of a format and the saving: each comment's article found or made, and what is met counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q
from django.utils.translation import gettext as _

from comments.importers.comment import ImportedComment, LeftOut, SourceStatus, Told, Unreadable
from comments.importers.saving.addresses import AddressMap, is_address, spellings
from newsroom.importers.article import save_article
from newsroom.importers.imported import ImportedArticle, slug_of
from newsroom.importers.source import RefusedArticle
from newsroom.models import Article

# An article made of an export is known by its headline and its address alone.
LONGEST_KEY = Article._meta.get_field("source_key").max_length or 0


@dataclass(frozen=True)
class Choices:
    """What the person who imports decided."""

    addresses: AddressMap = field(default_factory=AddressMap)
    leave_out: frozenset[SourceStatus] = frozenset()
    makes_articles: bool = True


@dataclass
class Account:
    """What was met: comments by their status there, what was left out by kind, votes, articles found and made."""

    formats: set[str] = field(default_factory=set)
    statuses: Counter[SourceStatus] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    votes: int = 0
    found: int = 0
    made: list[str] = field(default_factory=list)
    missing: Counter[str] = field(default_factory=Counter)


def with_articles(read: Iterable[Told], *, choices: Choices, account: Account, at: datetime) -> Iterator[Told]:
    """The comments, each with the source key of its article, which is made where the export knows enough of it.

    What is met is counted in `account`. A comment whose article is not here keeps its name: saving refuses it.
    """
    keys: dict[str, str | None] = {}
    for one in read:
        if isinstance(one, LeftOut):
            account.left_out[one.kind] += 1
        elif not isinstance(one, ImportedComment):
            yield one
        elif _is_left_out(one, choices, account):
            account.left_out[LeftOut.BY_CHOICE] += 1
        else:
            name = choices.addresses.now(one.article)
            if name not in keys:
                if not name.isprintable():
                    yield Unreadable(_("The address of its article holds a character that cannot be shown."), one.line)
                    continue
                keys[name] = _key_of(name, one, choices, account, at)
            key = keys[name]
            if key is None:
                account.missing[name] += 1
            one.article = key or name
            yield one


def _is_left_out(one: ImportedComment, choices: Choices, account: Account) -> bool:
    account.statuses[one.status] += 1
    account.votes += one.votes
    return one.status in choices.leave_out


def _key_of(name: str, one: ImportedComment, choices: Choices, account: Account, at: datetime) -> str | None:
    """The source key of the article, found or made; None where there is none."""
    article = _found(name)
    if article:
        account.found += 1
    elif choices.makes_articles:
        article = _made(name, one, at)
        if article:
            account.made.append(name)
    return article.source_key if article else None


def _found(name: str) -> Article | None:
    ways = spellings(name)
    candidates = Article.objects.filter(Q(source_key__in=ways) | Q(canonical_url__in=ways) | Q(slug=name))
    # Put in order here: for an order and a limit PostgreSQL would rather go through all articles by their keys.
    return min(
        candidates.order_by(),
        key=lambda article: (name not in (article.source_key, article.slug), article.pk),
        default=None,
    )


def _made(name: str, one: ImportedComment, at: datetime) -> Article | None:
    """Of headline, address and date. Without a date, its first comment's in the file: it was there by then."""
    headline = one.article_headline.strip()
    address = next((way for way in (name, one.article_url) if is_address(way)), "")
    key = address or name
    if not headline or not key or len(key) > LONGEST_KEY or not key.isprintable():
        return None
    imported = ImportedArticle(
        headline=headline,
        published_at=one.article_published_at or one.submitted_at,
        source_key=key,
        slug=slug_of(headline),
        canonical_url=address,
    )
    try:
        return save_article(imported, at=at).article
    except RefusedArticle:
        return None
