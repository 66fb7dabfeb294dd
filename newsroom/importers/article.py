"""save_article(): the one way in for what a reader found. Importing twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.html import strip_tags
from django.utils.translation import gettext as _

from newsroom.importers.decoding import one_line, tidy
from newsroom.importers.imported import ImportedArticle, slug_of
from newsroom.importers.picture import name_of, stored_name, with_stored_figures, without_figures
from newsroom.importers.source import RefusedArticle
from newsroom.models import Article, OldSlug, Section
from newsroom.moments import has_room

# A text that lost more than this part of its length is told: it may be a teaser that overwrites the whole.
SHORTER = 0.9


class Outcome(StrEnum):
    NEW = "NEW"
    UPDATED = "UPDATED"
    UNCHANGED = "UNCHANGED"


class Shortened(NamedTuple):
    """Characters of the text before and after."""

    before: int
    after: int


class Saved(NamedTuple):
    outcome: Outcome
    article: Article
    shortened: Shortened | None = None


class Foreseen(NamedTuple):
    """What saving would do; `article` is the one that is here."""

    outcome: Outcome
    article: Article | None = None
    shortened: Shortened | None = None


def save_article(imported: ImportedArticle, *, at: datetime) -> Saved:
    """Make or renew the article of this source. An unchanged one is not written.

    The slug never changes once stored; an empty section or picture erases none; `is_published` is the newsroom's.
    Raises RefusedArticle.
    """
    values = _values(imported)
    try:
        with transaction.atomic():
            return _save(imported, values, at)
    except IntegrityError:
        # Two imports of one new article at once: the second finds the first's row.
        with transaction.atomic():
            return _save(imported, values, at)


def foresee(imported: ImportedArticle) -> Foreseen:
    """What `save_article` would do: nothing is written, and nothing fetched. Raises RefusedArticle.

    Pictures that have an address only are left out of account.
    """
    values = values_of(imported)
    article = Article.objects.filter(source_key=imported.source_key).select_related("section").first()
    if article is None:
        return Foreseen(Outcome.NEW)
    stored = without_figures(article.body) if _has_far_pictures(imported) else article.body
    is_same = (
        all(getattr(article, name) == value for name, value in values.items() if name != "body")
        and stored == values["body"]
        and _stays_in_its_section(article, imported.section)
    )
    if is_same:
        has_new_ways_in = bool(leading_nowhere(imported.old_slugs))
        return Foreseen(Outcome.UPDATED if has_new_ways_in else Outcome.UNCHANGED, article)
    return Foreseen(Outcome.UPDATED, article, shortening(article, values["body"]))


def _stays_in_its_section(article: Article, named: str) -> bool:
    return not named or (article.section is not None and article.section == _known_section(named))


def values_of(imported: ImportedArticle) -> dict[str, Any]:
    """What would be stored, but slug, key and section. Raises RefusedArticle."""
    if _has_far_pictures(imported):
        imported = replace(imported, image_path=None, figures=())
    return _values(imported, keep=name_of)


def _has_far_pictures(imported: ImportedArticle) -> bool:
    far = [
        not imported.image_path and imported.image_address,
        *(not one.path and one.address for one in imported.figures),
    ]
    return any(far)


def shortening(article: Article, body: str) -> Shortened | None:
    """Whether `body` says much less than what the article says now."""
    before, after = len(strip_tags(article.body)), len(strip_tags(body))
    return Shortened(before, after) if after < SHORTER * before else None


def _save(imported: ImportedArticle, values: dict[str, Any], at: datetime) -> Saved:
    if imported.section:
        values = values | {"section": _section(imported.section)}
    article = Article.objects.select_for_update(of=("self",)).filter(source_key=imported.source_key).first()
    if article is None:
        slug = _free_slug(imported.slug)
        new = Article.objects.create(source_key=imported.source_key, slug=slug, imported_at=at, **values)
        _keep_old_slugs(new, imported.old_slugs)
        return Saved(Outcome.NEW, new)
    has_new_ways_in = _keep_old_slugs(article, imported.old_slugs)
    changed = [name for name, value in values.items() if getattr(article, name) != value]
    if not changed:
        return Saved(Outcome.UPDATED if has_new_ways_in else Outcome.UNCHANGED, article)
    shortened = shortening(article, values["body"])
    for name in changed:
        setattr(article, name, values[name])
    article.imported_at = at
    article.save()
    return Saved(Outcome.UPDATED, article, shortened)


def _keep_old_slugs(article: Article, slugs: Iterable[str]) -> bool:
    """Slugs that lead nowhere yet lead to this article from now on. True: there were some."""
    new = [OldSlug(slug=slug, article=article) for slug in sorted(leading_nowhere(slugs))]
    return bool(OldSlug.objects.bulk_create(new))


def leading_nowhere(slugs: Iterable[str]) -> set[str]:
    wanted = {slug for slug in slugs if slug}
    taken = {*Article.objects.filter(slug__in=wanted).values_list("slug", flat=True)}
    return wanted - taken - {*OldSlug.objects.filter(slug__in=wanted).values_list("slug", flat=True)}


def _values(imported: ImportedArticle, *, keep: Callable[[Path], str] = stored_name) -> dict[str, Any]:
    """The article's fields but slug and key, each fitted to its column, so that they compare with what is stored."""
    _refuse_misfits(imported)
    values: dict[str, Any] = {
        name: _fitted(getattr(imported, name), Article._meta.get_field(name).max_length)  # type: ignore[union-attr]
        for name in ("headline", "image_alt", "image_caption", "image_credit", "source_note", "author_line")
    }
    values |= {
        "standfirst": tidy(imported.standfirst).strip(),
        "body": with_stored_figures(imported.body, imported.figures, keep=keep),
        "related": [{"title": one_line(link["title"]), "url": link.get("url", "")} for link in imported.related],
        "language": imported.language,
        "canonical_url": imported.canonical_url,
        "published_at": imported.published_at,
        "updated_at": imported.updated_at,
        "is_paywalled": imported.is_paywalled,
    }
    if imported.image_path:
        values["image"] = keep(imported.image_path)
    return values


def _fitted(text: str, longest: int | None) -> str:
    text = one_line(text)
    return text if longest is None or len(text) <= longest else text[: longest - 1].rstrip() + "…"


def _refuse_misfits(imported: ImportedArticle) -> None:
    if not imported.headline.strip():
        raise RefusedArticle(_("The page has no headline."), 1)
    longest = Article._meta.get_field("headline").max_length
    if longest and len(imported.headline) > longest:
        raise RefusedArticle(
            _("The first line has %(length)s characters: it is not a headline.") % {"length": len(imported.headline)}, 1
        )
    longest = Article._meta.get_field("source_key").max_length
    if longest and len(imported.source_key) > longest:
        raise RefusedArticle(_("The page's address is longer than %(most)s characters.") % {"most": longest})
    for name in ("published_at", "updated_at"):
        moment = getattr(imported, name)
        if moment and not has_room(moment):
            raise RefusedArticle(_("This is no “%(name)s” of an article.") % {"name": name})


def _known_section(name: str) -> Section | None:
    name = _fitted(name, 80)
    return Section.objects.filter(name__iexact=name).first() or Section.objects.filter(name=name).first()


def _section(name: str) -> Section:
    if found := _known_section(name):
        return found
    name = _fitted(name, 80)
    last = Section.objects.aggregate(last=Max("position"))["last"] or 0
    wanted = slug_of(name)[:80]
    slug = _numbered(wanted, {*Section.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)})
    return Section.objects.create(name=name, slug=slug, position=last + 1)


def _free_slug(wanted: str) -> str:
    """One that leads nowhere yet: not to an article, not to one that was known by it before."""
    taken = {*Article.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)}
    taken |= {*OldSlug.objects.filter(slug__startswith=wanted).values_list("slug", flat=True)}
    return _numbered(wanted, taken)


def _numbered(wanted: str, taken: set[str]) -> str:
    if wanted not in taken:
        return wanted
    return next(slug for n in range(2, len(taken) + 3) if (slug := f"{wanted}-{n}") not in taken)
