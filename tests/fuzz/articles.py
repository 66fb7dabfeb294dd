"""Mutated pages, feeds and exports of articles: articles or refusals, never an error, never markup that is not ours."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from random import Random

from newsroom.importers import FORMATS, SUFFIXES
from newsroom.importers.cleaning import clean_body
from newsroom.importers.imported import ImportedArticle
from newsroom.importers.source import RefusedArticle, Source
from newsroom.moments import has_room
from tests.fuzz.mutations import mutated
from tests.fuzz.reading import Wrong
from tests.newsroom import exports

READ_AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
_HERE = Path(__file__).resolve().parent.parent
PAGES = _HERE / "newsroom" / "fixtures" / "pages"
SAMPLES = _HERE.parent / "newsroom" / "samples" / "articles"
_LINE = (
    '{"id": "bac-1", "headline": "Le bac repart", "published_at": "2026-11-10T09:44:00+01:00",'
    ' "body": "<p>Premier.</p>", "section": "Ville", "related": [{"title": "Le pont", "url": "https://a.example/"}]}\n'
)


def fixtures() -> dict[str, tuple[str, bytes]]:
    """By name: the format and the bytes."""
    pages = {path.name: ("html", path.read_bytes()) for path in sorted(PAGES.glob("*.html"))}
    samples = {path.name: (SUFFIXES[path.suffix], path.read_bytes()) for path in sorted(SAMPLES.glob("*.[ht]*"))}
    told = {
        "rss.xml": ("feed", exports.rss(exports.item(1) + exports.item(2))),
        "atom.xml": ("feed", exports.ATOM),
        "wxr.xml": ("wxr", exports.wxr(exports.post(1) + exports.post(2))),
        "articles.jsonl": ("jsonl", _LINE.encode() * 2),
    }
    return pages | samples | told


def read_mutated(format: str, data: bytes, *, name: str, number: int) -> str:
    """Read mutation `number`; returns what came of it in a word. Raises Wrong."""
    broken = mutated(data, Random(f"{name} {number}"))
    try:
        told = list(FORMATS[format](Source(name, broken, READ_AT)))
    except RefusedArticle as refusal:
        if not refusal.reason:
            raise Wrong("a refusal without a reason") from refusal
        return "refused"
    for one in told:
        if isinstance(one, ImportedArticle):
            _judge(one)
    return "read" if told else "empty"


def _judge(article: ImportedArticle) -> None:
    if clean_body(article.body) != article.body:
        raise Wrong(f"markup let through: {article.body!r:.2000}")
    if not all(has_room(one) and one.tzinfo for one in (article.published_at, article.updated_at) if one):
        raise Wrong(f"a moment that cannot be kept or shown: {article!r:.2000}")
    if not article.headline.strip():
        raise Wrong(f"an article without a headline: {article!r:.2000}")
    if any(link.get("url", "").lower().lstrip().startswith(("javascript:", "data:")) for link in article.related):
        raise Wrong(f"a link that runs: {article.related!r:.500}")
