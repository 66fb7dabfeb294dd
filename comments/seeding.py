"""Plausible comments in any number, for trying out and measuring: the same seed gives the same ones.

Lengths are log-normal with a mean of about 260 characters, as in newspapers' threads; four in ten answer another, most
often a recent one; a few articles have most of the comments, most articles a few; the newest wait.
"""

from __future__ import annotations

import math
from bisect import bisect
from collections import defaultdict, deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import accumulate
from random import Random

from comments.models import Action, Discussion, Ground
from comments.taking_over import Arrival
from newsroom.models import Article, Section

ANSWERS, REJECTED = 0.4, 0.08
MEAN_LENGTH, SPREAD, LENGTH_MAX = 260, 0.8, 4_000
# How many of an article's last comments are answered.
RECENT = 20
DAYS = 365
# The day of the newest comment where none is named: a fixed one, so that two runs on two days are the same.
UNTIL = date(2026, 1, 1)
COMMENTS_A_READER = 20
_GROUNDS = [Ground.ABUSE, Ground.ABUSE, Ground.OFF_TOPIC, Ground.SPAM, Ground.HATE, Ground.MISINFORMATION]
_NAMES = (
    "Yannick",
    "Rosalie",
    "Gildas",
    "Maëlle",
    "Paul",
    "Ana",
    "Jérôme",
    "Chloé",
    "Ibrahim",
    "Lucie",
    "Bernard",
    "Inès",
    "Marc",
    "Solène",
    "Hugo",
    "Nadia",
    "Théo",
    "Élise",
    "Karim",
    "Odile",
    "Victor",
    "Zoé",
    "Denis",
    "Amel",
    "Claire",
    "Loïc",
    "Fatou",
    "René",
    "Agathe",
    "Samir",
)
_SUBJECTS = (
    "la mairie",
    "le conseil municipal",
    "le pont",
    "la gare",
    "le marché",
    "la cantine",
    "le tramway",
    "l’hôpital",
    "le quai",
    "la piscine",
    "le stade",
    "la médiathèque",
    "le parking",
    "la préfecture",
    "le lycée",
    "la rivière",
    "le budget",
    "la fibre",
    "le syndicat",
    "la rocade",
)
_DOINGS = (
    "coûte plus cher chaque année",
    "mérite mieux que cela",
    "ne change rien pour les riverains",
    "ferme au pire moment",
    "a été promis trois fois",
    "n’a jamais été entretenu",
    "arrive enfin",
    "profite toujours aux mêmes",
    "devrait rester public",
    "attend depuis dix ans",
    "sera prêt quand nos enfants seront grands",
    "vaut le détour",
    "a besoin de bras, pas de discours",
)
_TURNS = (
    "Franchement, ",
    "Je passe là chaque matin : ",
    "On oublie de dire que ",
    "Merci pour l’article ; ",
    "Soyons justes, ",
    "Comme d’habitude, ",
    "À mon avis ",
    "Rappelons que ",
    "Personne n’en parle, mais ",
    "Pour une fois, ",
    "",
)
_ENDS = (".", ".", ".", " !", " ?", ", et tout le monde le sait.", ", non ?", " : il suffit d’y aller voir.")
_SENTENCES = 4_000


@dataclass(frozen=True, slots=True)
class Plan:
    """How many of what. `pending` are the newest; `until` is the moment of the last comment."""

    comments: int
    articles: int
    pending: int
    seed: int
    until: datetime


def make_articles(plan: Plan) -> list[int]:
    """The discussions of the plan's articles, the busiest first; made where they are not there."""
    section, _new = Section.objects.get_or_create(slug="essai", defaults={"name": "Essai"})
    rng = Random(plan.seed)  # noqa: S311 (plausible, not secret)
    slugs = [f"essai-{plan.seed}-{number}" for number in range(1, plan.articles + 1)]
    there = set(Article.objects.filter(source_key__in=slugs).values_list("source_key", flat=True))
    Article.objects.bulk_create(
        Article(
            section=section,
            slug=slug,
            source_key=slug,
            headline=f"{subject.capitalize()} {doing}",
            standfirst="Article d’essai, pour mesurer.",
            body="<p>Les commentaires qui suivent ont été composés par une machine, pour mesurer.</p>",
            published_at=plan.until - timedelta(days=DAYS) * rng.random(),
        )
        for slug, subject, doing in ((slug, rng.choice(_SUBJECTS), rng.choice(_DOINGS)) for slug in slugs)
        if slug not in there
    )
    articles = dict(Article.objects.filter(source_key__in=slugs).values_list("source_key", "pk"))
    Discussion.objects.bulk_create(
        (Discussion(article_id=article) for article in articles.values()), ignore_conflicts=True
    )
    discussions = dict(Discussion.objects.filter(article__in=articles.values()).values_list("article", "pk"))
    return [discussions[articles[slug]] for slug in slugs]


def arrivals(plan: Plan, discussions: Sequence[int]) -> Iterator[Arrival]:
    """The comments, oldest first, an answer after what it answers."""
    rng = Random(plan.seed)  # noqa: S311 (plausible, not secret)
    corpus = _Corpus(rng)
    busy = list(accumulate(1 / rank for rank in range(1, len(discussions) + 1)))
    readers = max(100, plan.comments // COMMENTS_A_READER)
    recent: dict[int, deque[str]] = defaultdict(lambda: deque(maxlen=RECENT))
    began, step = plan.until - timedelta(days=DAYS), timedelta(days=DAYS) / plan.comments
    for number in range(plan.comments):
        discussion = discussions[bisect(busy, rng.random() * busy[-1], 0, len(busy) - 1)]
        reader = int(readers * rng.random() ** 2)
        others, key = recent[discussion], f"seed {plan.seed}|{number}"
        answers = others and rng.random() < ANSWERS
        action, ground = _outcome(rng, waits=number >= plan.comments - plan.pending)
        yield Arrival(
            discussion=discussion,
            source_key=key,
            author_name=f"{_NAMES[reader % len(_NAMES)]} {chr(65 + reader % 26)}.",
            text=corpus.text(),
            submitted_at=began + step * number,
            email=f"lecteur{reader}@example.org",
            parent_key=rng.choice(others) if answers else "",
            action=action,
            ground=ground,
        )
        others.append(key)


def _outcome(rng: Random, *, waits: bool) -> tuple[Action | None, str]:
    if waits:
        return None, ""
    if rng.random() < REJECTED:
        return Action.REJECT, rng.choice(_GROUNDS).value
    return Action.APPROVE, ""


class _Corpus:
    """A long text of sentences, of which each comment is a piece that starts with one."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng
        sentences = [_sentence(rng) for _number in range(_SENTENCES)]
        self._text = " ".join(sentences)
        self._starts = [0, *accumulate(len(sentence) + 1 for sentence in sentences)]
        self._starts = [start for start in self._starts if start < len(self._text) - LENGTH_MAX]

    def text(self) -> str:
        """Cut after a word, so that no two comments of other lengths are the same."""
        length = min(LENGTH_MAX, int(self._rng.lognormvariate(math.log(MEAN_LENGTH) - SPREAD**2 / 2, SPREAD)) + 12)
        start = self._rng.choice(self._starts)
        return self._text[start : self._text.index(" ", start + length)].rstrip(" ,;:")


def _sentence(rng: Random) -> str:
    middle = f"{rng.choice(_SUBJECTS)} {rng.choice(_DOINGS)}{rng.choice(_ENDS)}"
    sentence = rng.choice(_TURNS) + middle
    return sentence[0].upper() + sentence[1:]
