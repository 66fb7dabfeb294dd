"""What is prepared in the database, and what is found there afterwards: `python -m tests.faults.inside VERB`.

Asked by site.py in JSON on standard input; the answer is the last line of standard output.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import django

django.setup()

from django.conf import settings  # noqa: E402
from django.contrib.auth.models import Group  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from comments.decisions import decide  # noqa: E402
from comments.integrity import faults  # noqa: E402
from comments.models import Action, Comment, Decision, Discussion, Status  # noqa: E402
from newsroom import roles  # noqa: E402
from newsroom.models import Article, Section, User  # noqa: E402
from tests.faults.site import ANSWER, SECTION, SLUG, TOKEN, TOP  # noqa: E402

# One in so many answers the comment that is visible from the start.
ANSWERS = 5


def prepare(*, pending: int) -> dict[str, Any]:
    """An article with a visible comment and `pending` that wait, some as answers to it; two moderators, signed in.

    `waiting` are (public id, token), the oldest first.
    """
    call_command("migrate", verbosity=0)
    at = timezone.now()
    section = Section.objects.create(name="Ville", slug=SECTION)
    article = Article.objects.create(
        section=section, slug=SLUG, source_key=SLUG, headline="Le pont des Tanneurs ferme pour un an", published_at=at
    )
    discussion = Discussion.objects.create(article=article)
    sessions = [_signed_in(name) for name in ("mona", "karim")]
    told = {"discussion": discussion, "author_name": "Odile"}
    top = Comment.objects.create(
        **told, public_id=TOP, text="Qui ouvre le débat ?", fingerprint="faults", submitted_at=at - timedelta(days=1)
    )
    decide(top, action=Action.APPROVE, version=top.version, by=User.objects.get(username="mona"), at=at)
    ways: list[tuple[str, dict[str, Any]]] = [("jeton-0", {}), (ANSWER, {"parent": top, "root": top, "depth": 1})]
    waiting = []
    for number in range(pending):
        begins, place = ways[number % ANSWERS == ANSWERS - 1]
        text = f"Douze mois, donc dix-huit. {begins}{number:015x}"
        written = {"fingerprint": f"faults {number}", "submitted_at": at - timedelta(seconds=pending - number)}
        waiting.append(Comment(**told, **place, **written, text=text))
    Comment.objects.bulk_create(waiting, batch_size=500)
    pairs = [[comment.public_id, TOKEN.search(comment.text)[0]] for comment in waiting]  # type: ignore[index]
    return {"sessions": sessions, "waiting": pairs}


def audit(*, acknowledged: list[str], decided: list[str]) -> dict[str, Any]:
    """What the outside was told, against what is here. `acknowledged` are tokens, `decided` keys of decisions."""
    found: Counter[str] = Counter()
    for text in Comment.objects.values_list("text", flat=True).iterator():
        if token := TOKEN.search(text):
            found[token[0]] += 1
    keys = set(Decision.objects.exclude(idempotency_key=None).values_list("idempotency_key", flat=True))
    return {
        "lost": [token for token in acknowledged if not found[token]],
        "doubled": [token for token, count in found.items() if count > 1],
        "undone": [key for key in decided if key not in keys],
        "faults": list(faults()),
        "comments": Comment.objects.count(),
        "decisions": Decision.objects.count(),
        "twice": Decision.objects.filter(version__gt=2).count(),
        "visible": Comment.objects.filter(status=Status.APPROVED).count(),
    }


def _signed_in(name: str) -> str:
    user = User.objects.create(username=name, first_name=name.capitalize(), is_staff=True)
    user.groups.add(Group.objects.get(name=roles.MODERATORS))
    browser = Client()
    browser.force_login(user)
    return browser.cookies[settings.SESSION_COOKIE_NAME].value


VERBS = {verb.__name__: verb for verb in (prepare, audit)}

if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(VERBS[sys.argv[1]](**json.load(sys.stdin))) + "\n")
