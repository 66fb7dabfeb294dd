"""Writes an export in JSON lines, and the articles it speaks of into the database: `export_written FILE COMMENTS`."""

from __future__ import annotations

import json
import sys
from datetime import UTC, datetime
from pathlib import Path

import django


def main(path: Path, comments: int) -> None:
    from comments.models import Discussion
    from comments.seeding import Plan, arrivals, make_articles

    plan = Plan(comments, max(1, comments // 200), comments // 20, seed=1, until=datetime(2026, 1, 1, tzinfo=UTC))
    discussions = make_articles(plan)
    slugs = dict(Discussion.objects.values_list("pk", "article__slug"))
    with path.open("w") as file:
        for arrival in arrivals(plan, discussions):
            told = {
                "article": slugs[arrival.discussion],
                "id": arrival.source_key,
                "parent": arrival.parent_key,
                "author_name": arrival.author_name,
                "email": arrival.email,
                "text": arrival.text,
                "submitted_at": arrival.submitted_at.isoformat(),
                "status": {"APPROVE": "published", "REJECT": "spam", None: "pending"}[arrival.action],
            }
            file.write(json.dumps(told, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    django.setup()
    main(Path(sys.argv[1]), int(sys.argv[2]))
