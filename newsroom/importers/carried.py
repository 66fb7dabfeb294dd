"""ImportedArticle as JSON and back: between processes, and in an import that waits for a person."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from newsroom.importers.imported import Figure, ImportedArticle

_MOMENTS = ("published_at", "updated_at")


def packed(article: ImportedArticle) -> dict[str, Any]:
    data = asdict(article)
    for name in _MOMENTS:
        data[name] = data[name] and data[name].isoformat()
    data["image_path"] = _written(article.image_path)
    data["figures"] = [{"path": _written(one.path), "address": one.address} for one in article.figures]
    return data


def unpacked(data: dict[str, Any]) -> ImportedArticle:
    moments = {name: data[name] and datetime.fromisoformat(data[name]) for name in _MOMENTS}
    figures = tuple(Figure(path=_path(one["path"]), address=one["address"]) for one in data["figures"])
    lists = {"related": tuple(data["related"]), "old_slugs": tuple(data["old_slugs"]), "figures": figures}
    return ImportedArticle(**data | moments | lists | {"image_path": _path(data["image_path"])})


def _written(path: Path | None) -> str:
    return str(path) if path else ""


def _path(written: str) -> Path | None:
    return Path(written) if written else None
