"""The samples that a newcomer meets, through the same importers as any page, and the demonstration made of them."""

import io
import json
import re
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.management import CommandError, call_command
from django.utils.translation import pgettext

from comments.decisions import decide
from comments.importers.comment import Announced
from comments.importers.page import read as read_comments
from comments.models import Action, Comment, Decision, Finding, Ground, Reader, Report, ReportState, Status, WordList
from newsroom.models import Article, Section, User
from tests.comments.exports import export

pytestmark = pytest.mark.django_db
SAMPLES = Path(project.BASE_DIR) / "newsroom" / "samples"
PEOPLE = {"moderator", "chief", "editor", "admin"}


@pytest.fixture
def demonstration(settings):
    settings.DEBUG = True
    return lambda: call_command("demo", stdout=io.StringIO())


@pytest.fixture
def loaded(demonstration):
    demonstration()
    return demonstration


def everything():
    models = (Article, Section, Comment, Decision, Finding, Reader, Report, WordList, User)
    return {model.__name__: list(model.objects.order_by("pk").values()) for model in models}


def test_the_samples_come_in_by_the_importers_without_a_refusal_or_warning():
    for command in ("import_articles", "import_comments"):
        out = io.StringIO()
        call_command(command, str(SAMPLES / "articles"), stdout=out)
        figures, *told = out.getvalue().splitlines()
        assert "refused 0" in _folded(figures), out.getvalue()
        remarks = tuple(pgettext("import", kind) for kind in ("refused", "warning"))
        assert [line for line in told if line.startswith(remarks)] == []


def _folded(text):
    """The figure behind the last word, in whatever language."""
    return re.sub(r"\w+ (\d+)$", r"refused \1", text.strip())


def test_a_newcomer_finds_a_newspaper(loaded):
    assert Article.objects.count() >= 6
    assert {section.name for section in Section.objects.all()} >= {"Ville", "Économie", "Culture"}
    assert Article.objects.exclude(image="").count() == 4
    for article in Article.objects.all():
        assert article.section and article.standfirst and article.author_line, article
        assert article.body.count("<h2>") >= 2 and len(re.sub("<[^>]+>", "", article.body).split()) >= 280, article
        for link in article.related:
            if link["url"]:
                assert Article.objects.filter(slug=link["url"].split("/")[2]).exists(), link


def test_pictures_are_light_and_their_size_is_known(loaded):
    for article in Article.objects.exclude(image=""):
        assert article.image.size < 80_000
        assert article.image_width == 1200 and article.image_height and article.image_alt


def test_both_formats_are_among_the_samples():
    assert {path.suffix for path in (SAMPLES / "articles").iterdir()} >= {".html", ".txt"}


def test_each_page_announces_the_comments_it_holds():
    for path in (SAMPLES / "articles").glob("*.txt"):
        announced, *comments = read_comments(export(path.read_bytes(), name=path.name))
        assert announced == Announced(len(comments)) and comments, path


def test_a_moderator_finds_work_in_every_queue(loaded):
    statuses = set(Comment.objects.values_list("status", flat=True))
    assert statuses == {Status.PENDING, Status.FLAGGED, Status.APPROVED, Status.REJECTED}
    assert 55 <= Comment.objects.count() <= 90
    assert Comment.objects.filter(depth=3).exists()
    assert Comment.objects.filter(status=Status.PENDING, is_suspect=True).exists()
    assert {"links", "honeypot", "repeat_post", "banned_words", "shouting"} <= set(
        Finding.objects.values_list("rule", flat=True)
    )
    reasons = set(Report.objects.open().values_list("reason", flat=True))
    assert len(reasons) >= 4
    assert Report.objects.filter(state=ReportState.DISMISSED).exists()
    assert set(Decision.objects.values_list("action", flat=True)) == {"APPROVE", "REJECT", "FLAG", "UNDO"}
    for article in Article.objects.filter(discussion__isnull=False):
        assert article.discussion.visible_count == Comment.objects.visible().of(article.discussion).count()


def test_about_twenty_five_readers_write_from_example_org(loaded):
    emails = set(Reader.objects.values_list("email", flat=True))
    assert 20 <= len(emails) <= 30
    assert {email.split("@")[1] for email in emails} == {"example.org"}


def test_each_demo_account_signs_in_with_the_rights_of_its_role(loaded, client):
    assert set(User.objects.values_list("username", flat=True)) == PEOPLE
    for name in PEOPLE:
        assert client.login(username=name, password="demo"), name
    rights = {name: User.objects.get(username=name) for name in PEOPLE}
    assert rights["moderator"].has_perm("comments.decide_comment")
    assert not rights["moderator"].has_perm("comments.override_decision")
    assert rights["chief"].has_perm("comments.override_decision")
    assert not rights["editor"].has_perm("comments.decide_comment") and not rights["editor"].is_staff
    assert rights["admin"].is_superuser and rights["moderator"].is_staff and rights["chief"].is_staff


def test_a_second_run_changes_nothing(loaded):
    before = everything()
    loaded()
    assert everything() == before


def test_a_second_run_leaves_what_people_have_decided_since(loaded, at):
    moderator = User.objects.get(username="moderator")
    comment = Comment.objects.awaiting_validation().oldest_first()[0]
    decide(comment, action=Action.REJECT, version=comment.version, by=moderator, at=at, ground=Ground.SPAM)
    moderator.set_password("a password of one's own")
    moderator.save()
    WordList.objects.all()[0].delete()
    Article.objects.filter(pk=comment.discussion.article_id).update(is_published=False)
    before = everything()
    loaded()
    assert everything() == before


@pytest.mark.parametrize("command", ["demo", "demo_accounts"])
def test_nobody_makes_demo_accounts_where_debug_is_off(settings, command):
    settings.DEBUG = False
    with pytest.raises(CommandError):
        call_command(command, stdout=io.StringIO())
    assert not User.objects.exists() and not Article.objects.exists()


def test_every_scene_is_about_a_comment_of_the_samples():
    folder = SAMPLES / "comments"
    names = {json.loads(line)["id"] for name in ("published", "waiting") for line in (folder / f"{name}.jsonl").open()}
    names |= {post["key"] for post in json.loads((folder / "posts.json").read_text())}
    assert set(json.loads((folder / "scenes.json").read_text())) <= names
