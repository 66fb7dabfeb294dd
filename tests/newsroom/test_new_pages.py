"""A page after a change is put together from what was made before; it is the page that is made from nothing."""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from django.core.cache import caches
from django.template.loader import render_to_string
from django.test import Client
from django.utils.html import escape, linebreaks
from django.utils.safestring import SafeString

from comments.decisions import Refused, undo
from comments.discussions import close, reopen
from comments.models import Comment
from newsroom import mould
from newsroom.models import Article, Section
from newsroom.templatetags import site
from tests.conftest import NOON

ACTIONS = ("APPROVE", "APPROVE", "REJECT", "FLAG", "EDIT", "WITHDRAW", "UNDO", "UNDO")
STEPS = 30
HOSTILE = "</p><script>alert('1')</script> %s %(name)s %(comments)s \ue000comments\ue000 9007199254740991 &amp; \"x\""


@pytest.fixture
def url(article: Article) -> str:
    return article.get_absolute_url()


def made_from_nothing(path: str) -> bytes:
    """As by a process that has just started."""
    for kept in (caches["pages"], caches["frames"]):
        kept.clear()
    mould._made.cache_clear()
    site._element.cache_clear()
    site._speech_of.cache_clear()
    return Client().get(path).content


def put_together(path: str) -> bytes:
    caches["pages"].clear()
    return Client().get(path).content


@pytest.mark.parametrize("seed", range(3))
def test_after_any_decisions_it_is_the_page_made_from_nothing(seed, url, article, write, take, chief, editor):
    chance, written = random.Random(seed), []
    for step in range(STEPS):
        if not written or chance.random() < 0.2:
            parent = chance.choice(written) if written and chance.random() < 0.6 else None
            said = chance.choice(["Une ligne.", "Deux\nlignes.", "Trois\n\nparagraphes.", HOSTILE])
            written.append(
                write(f"{said} [{step}]", parent=parent, name=chance.choice(["Odile", "", "<i>É</i> & l'une"]))
            )
        for _act in range(6):
            act(chance.choice(ACTIONS), chance.choice(written), take=take, chief=chief, step=step)
        if chance.random() < 0.1:
            close(article, by=editor, reason="Assez.", at=NOON)
        elif chance.random() < 0.2:
            reopen(article, by=editor)
        one = chance.choice(written).public_id
        query = chance.choice(["", "?sort=oldest", "?sort=answers", f"?at={one}", f"?reply={one}", "?posted=1"])
        page = put_together(url + query)
        assert page == made_from_nothing(url + query), f"{query} after step {step}"
        assert shown_on(page.decode()) == visible(url + query, page.decode())


def act(action: str, comment: Comment, *, take, chief, step: int) -> None:
    """What the comment's state refuses is left."""
    comment.refresh_from_db()
    with suppress(Refused):
        if action == "UNDO":
            undo(comment, version=comment.version, by=chief, at=NOON)
        elif action in ("EDIT", "WITHDRAW"):
            take(
                comment,
                action,
                by="author",
                **({"text": f"Corrigé. [{step}, {comment.version}]"} if action == "EDIT" else {}),
            )
        else:
            take(comment, action, by=chief)


def shown_on(page: str) -> set[int]:
    return {one.public_id for one in Comment.objects.all() if f'id="comment-{one.public_id}"' in page}


def visible(path: str, page: str) -> set[int]:
    """What may stand there: a long branch ends with a link, and `at` begins with one branch of many."""
    approved = {one.public_id for one in Comment.objects.visible()}
    return approved & shown_on(page) if "?at=" in path or 'class="more"' in page else approved


def test_an_article_that_changes_is_framed_anew(url, article, approved):
    changes = [
        lambda: Article.objects.update(body="<p>Corrigé.</p>"),
        lambda: Article.objects.update(headline="Autre titre", standfirst="Autre chapeau"),
        lambda: Article.objects.update(image_caption="Le pont", image_credit="Odile"),
        lambda: Article.objects.update(related=[{"title": "À lire", "url": ""}]),
        lambda: Article.objects.update(updated_at=NOON, is_paywalled=True),
        lambda: Section.objects.update(name="Cité"),
        lambda: Section.objects.update(slug="cite"),
        lambda: Section.objects.create(name="Culture", slug="culture", position=2),
        lambda: Article.objects.update(section=Section.objects.get(slug="culture")),
        lambda: Article.objects.update(section=None),
    ]
    seen = {put_together(url)}
    for number, change in enumerate(changes):
        change()
        page = put_together(url)
        assert page not in seen, f"change {number}"
        assert page == made_from_nothing(url), f"change {number}"
        seen.add(page)


@pytest.mark.parametrize(
    "named", [{"SITE_NAME": "Le Phare"}, {"SITE_URL": "https://phare.example"}, {"TIME_ZONE": "UTC"}]
)
def test_a_site_that_is_named_otherwise_frames_otherwise(url, article, settings, named):
    before = put_together(url)
    for name, value in named.items():
        setattr(settings, name, value)
    assert put_together(url) == made_from_nothing(url) != before


def test_the_number_of_comments_is_that_of_now(url, article, publish, take):
    for number in range(1, 4):
        publish(f"Voix {number}")
        page = put_together(url).decode()
        assert f'"commentCount": {number}' in page
        assert f'Commentaires <span class="num">{number}</span>' in page
    take(Comment.objects.visible().first(), "REJECT")
    assert '"commentCount": 2' in put_together(url).decode()


def test_an_articles_own_words_are_never_a_place_for_others(url, article, publish):
    """Not for the thread, nor for a number, nor for a sign of formatting."""
    publish("Une voix.")
    words = "100 % %s %(comments)s \ue000comments\ue000 9007199254740991 9007199254740990"
    Article.objects.update(headline=words, body=f"<p>{words}</p>", standfirst=words)
    page = put_together(url).decode()
    assert page.count(words) >= 3
    assert page.count('id="ecrire"') == page.count("<ol>") == 1
    assert page == put_together(url).decode()


def test_a_frame_knows_no_visitor(url, article, moderator, signed_in):
    caches["frames"].clear()
    made_by_staff = signed_in(moderator).get(url).content
    assert "Mona" not in made_by_staff.decode()
    assert made_by_staff == made_from_nothing(url)


@pytest.mark.parametrize("answering", ["", "<b>Odile</b>"])
@pytest.mark.parametrize("is_open", [True, False])
def test_a_comment_is_poured_as_its_template_writes_it(url, article, editor, publish, answering, is_open):
    chain = publish("haut")
    for _deeper in range(2):
        chain = publish("entre", parent=chain, name="<b>Odile</b>")
    comment = publish(f"{HOSTILE}\n\nfin", parent=chain if answering else None, name="<i>%d</i>'\"")
    if not is_open:
        close(article, by=editor, reason="Assez.", at=NOON)
    straight = render_to_string(
        "comments/threads/_comment.html",
        {
            "number": str(comment.public_id),
            "name": comment.shown_name,
            "when": site.time(comment.submitted_at),
            "text": SafeString(linebreaks(comment.text, autoescape=True)),
            "answering": answering,
            "here": escape(url),
            "is_open": is_open,
        },
    )
    assert straight.strip() in Client().get(url).content.decode()
