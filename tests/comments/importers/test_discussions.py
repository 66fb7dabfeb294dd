"""Comments go under the article that was found for them, whatever else bears its name."""

from __future__ import annotations

import pytest

from comments.importers.saving.discussions import Discussions
from comments.models import Comment
from newsroom.models import Article
from tests.comments.importers.test_run import run
from tests.conftest import make_article

pytestmark = pytest.mark.django_db

ADDRESS = "https://ex.example/a"
POST = f"""<?xml version="1.0"?><rss xmlns:wp="http://wordpress.org/export/1.2/"><channel><item><title>A</title>
<link>{ADDRESS}</link><wp:status>publish</wp:status><wp:comment><wp:comment_id>7</wp:comment_id>
<wp:comment_author>Anne</wp:comment_author><wp:comment_date>2026-11-10 09:44:00</wp:comment_date>
<wp:comment_content>Un avis.</wp:comment_content><wp:comment_approved>1</wp:comment_approved></wp:comment>
</item></channel></rss>"""


@pytest.fixture
def two(section) -> tuple[Article, Article]:
    """The article whose key is the address, and an older one that tells the same address as its own."""
    older = make_article(section, slug="autre", source_key="autre:2026-11-01", canonical_url=ADDRESS)
    return make_article(section, slug="le-bon", source_key=ADDRESS), older


def test_comments_go_under_the_article_whose_key_is_their_address(two, tmp_path):
    (tmp_path / "export.xml").write_text(POST)
    run(tmp_path / "export.xml", "--format", "wxr")
    right, _older = two
    assert Comment.objects.get().discussion.article == right


@pytest.mark.parametrize("name", [ADDRESS, "le-bon"])
def test_a_source_key_names_its_article_before_any_address_or_slug(two, section, name):
    right, older = two
    Article.objects.filter(pk=right.pk).update(source_key=name, slug="un-autre")
    Article.objects.filter(pk=older.pk).update(slug="le-bon" if name == "le-bon" else "autre")
    found = Discussions()
    found.look_up([name])
    assert found[name].source_key == name


def test_of_two_articles_of_one_address_the_first_imported_has_the_name(section):
    first = make_article(section, slug="a", source_key="a:1", canonical_url=ADDRESS)
    make_article(section, slug="b", source_key="b:1", canonical_url=ADDRESS)
    found = Discussions()
    found.look_up([ADDRESS, "b"])
    assert (found[ADDRESS].source_key, found["b"].source_key) == (first.source_key, "b:1")
