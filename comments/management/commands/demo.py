"""manage.py demo: the samples, the demo accounts, and a desk with something on it. For demonstrations only.

Everything goes through the doors that readers, moderators and importers use. A second run adds nothing and leaves
what people have decided since: the scenes are played once, in one transaction with the comments they are about.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from comments import discussions
from comments.decisions import decide, undo
from comments.importers import FORMATS as COMMENT_FORMATS
from comments.importers.export import Export
from comments.importers.saving import OUTCOMES, How, save_comments
from comments.models import Comment, WordList
from comments.reports import file_report
from comments.submission import Post, submit
from comments.taking_over import fingerprint_of
from newsroom.importers import FORMATS, SUFFIXES, format_of
from newsroom.importers.article import save_article
from newsroom.importers.imported import ImportedArticle
from newsroom.importers.showing import Tally
from newsroom.importers.source import Source, open_source, walk
from newsroom.models import Article, User

SAMPLES = Path(settings.BASE_DIR) / "newsroom" / "samples"


class Command(BaseCommand):
    help = "Loads the samples and makes the demo accounts. Only where DEBUG is on. Safe to repeat."

    def handle(self, **_options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError(
                _("The demonstration makes accounts with a public password: it runs only with DEBUG on.")
            )
        at = timezone.now()
        call_command("demo_accounts", stdout=self.stdout)
        _make_word_lists()
        pages = [_opened(place, at) for place in walk([str(SAMPLES / "articles")], suffixes=SUFFIXES)]
        for page in pages:
            for imported in FORMATS[format_of(page) or "page"](page):
                if isinstance(imported, ImportedArticle):
                    save_article(imported, at=at)
        _bring_comments(pages, at)
        self.stdout.write(
            _("Samples: %(articles)s articles, %(comments)s comments.")
            % {"articles": Article.objects.count(), "comments": Comment.objects.count()}
        )


def _opened(place: str | Path, at: datetime) -> Source:
    return open_source(str(place), at=at)


def _told(name: str) -> Any:
    return json.loads((SAMPLES / "comments" / name).read_text(encoding="utf-8"))


def _make_word_lists() -> None:
    """Once: a list that a chief has deleted does not come back."""
    if WordList.objects.exists():
        return
    for told in _told("word-lists.json"):
        words, patterns = "\n".join(told["words"]), "\n".join(told.get("patterns", []))
        WordList.objects.create(name=told["name"], ground=told["ground"], words=words, patterns=patterns)


@transaction.atomic
def _bring_comments(pages: list[Source], at: datetime) -> None:
    tally, exports = Tally(OUTCOMES), SAMPLES / "comments"
    for page in pages:
        if format_of(page) == "page":
            _bring("page", Path(page.name), tally, How(at))
    _bring("jsonl", exports / "published.jsonl", tally, How(at))
    _bring("jsonl", exports / "waiting.jsonl", tally, How(at, hold=True))
    before = Comment.objects.count()
    cast = _cast(exports / "published.jsonl") | _cast(exports / "waiting.jsonl") | _submit_posts(at)
    if tally.refused:
        raise CommandError(str(tally.refused))
    if tally.counts["NEW"] or Comment.objects.count() > before:
        _play_scenes(cast, at)


def _bring(format: str, path: Path, tally: Tally, how: How) -> None:
    save_comments(COMMENT_FORMATS[format](Export(path.name, path, how.at)), place=path.name, tally=tally, how=how)


def _cast(path: Path) -> dict[str, Comment]:
    """The comments of an export that came in before, by their id in it."""
    told = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    keys = {line["id"]: f"{Article.objects.get(slug=line['article']).source_key}|{line['id']}" for line in told}
    return {name: Comment.objects.get(fingerprint=fingerprint_of(key)) for name, key in keys.items()}


def _submit_posts(at: datetime) -> dict[str, Comment]:
    """What readers have sent in the last hour: only a post is screened, so only these have findings."""
    cast = {}
    for told in _told("posts.json"):
        post = Post(
            author_name=told["author_name"],
            email=told["email"],
            text=told["text"],
            idempotency_key=f"demo:{told['key']}",
            address=told["address"],
            honeypot_filled=told.get("honeypot_filled", False),
            form_age=told.get("form_age"),
        )
        article = Article.objects.get(slug=told["article"])
        cast[told["key"]] = submit(article, post=post, at=at - timedelta(minutes=told["minutes_ago"]))
    return cast


def _play_scenes(cast: dict[str, Comment], at: datetime) -> None:
    for number, (name, scene) in enumerate(_told("scenes.json").items()):
        comment = cast[name]
        if comment.reports.exists() or comment.decisions.filter(moderator__isnull=False).exists():
            continue
        for other, report in enumerate(scene.get("reports", [])):
            _report(comment, report, address=f"198.51.100.{10 * number + other + 1}", at=at)
        for step in scene.get("steps", []):
            _decide(comment, step, at)
    for slug, told in _told("discussions.json").items():
        _keep(Article.objects.get(slug=slug), told, at)


def _report(comment: Comment, told: dict[str, str], *, address: str, at: datetime) -> None:
    file_report(
        comment, reason=told["reason"], detail=told["detail"], email=told["email"], address=address, port=None, at=at
    )


def _decide(comment: Comment, step: dict[str, str], at: datetime) -> None:
    comment.refresh_from_db()
    by = User.objects.get(username=step["by"])
    if step["action"] == "UNDO":
        undo(comment, version=comment.version, by=by, at=at)
        return
    ground, note = step.get("ground", ""), step.get("note", "")
    decide(comment, action=step["action"], version=comment.version, by=by, at=at, ground=ground, note=note)


def _keep(article: Article, told: dict[str, str], at: datetime) -> None:
    by = User.objects.get(username=told["by"])
    if "instructions" in told and not article.discussion.instructions:
        discussions.instruct(article, by=by, instructions=told["instructions"])
    if "closed" in told and article.discussion.is_open:
        discussions.close(article, by=by, reason=told["closed"], at=at)
