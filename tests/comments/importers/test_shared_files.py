"""Real exports from other projects' test suites, with the counts that a reader of each file can see.

They lie beside the project, never in it: the tests say so where they are absent.
"""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from comments.models import Comment, Status
from newsroom.models import Article
from tests.comments.archive.emptying import empty_database
from tests.comments.archive.test_round_trip import archive, bring_in
from tests.comments.importers.test_run import rows, run
from tests.conftest import shared_file
from tests.integrity import assert_whole

pytestmark = pytest.mark.django_db


@dataclass(frozen=True)
class Seen:
    """What one can count in a file: comments that come in, visible ones among them, answers, articles, refusals."""

    new: int
    visible: int
    answers: int
    articles: int
    refused: int


FILES = {
    # Six posts: 8 belongs to a thread without a title, 6 to no thread of the file, 9 was emptied when it was deleted
    # (so that 11, its answer, stands at the top). What remains: 4, 5 and 11.
    "formats__isso__disqus.xml": Seen(new=3, visible=3, answers=1, articles=1, refused=2),
    # Six posts under two threads: four published (one without a dsq:id), one spam, one that is no XML. A character
    # stands before the first tag.
    "formats__remark42__disqus.xml": Seen(new=5, visible=4, answers=0, articles=2, refused=1),
    # Eight comments under two items (number 11 occurs in both), a third item without comments. 7 answers 6; 8 and 9
    # answer 7.
    "formats__isso__wordpress.xml": Seen(new=8, visible=8, answers=3, articles=2, refused=0),
    # Four posts, as `posts_count` says; the last answers the first.
    "formats__discourse__topic.json": Seen(new=4, visible=4, answers=1, articles=1, refused=0),
    # Twelve comments that say nothing, under an address that is none and has no title.
    "formats__remark42__tree.json": Seen(new=0, visible=0, answers=0, articles=0, refused=1),
    # One comment of the thirty that the feed announces, of a post whose title is not in the feed.
    "formats__blogger__blogger-comments-atom-threading.xml": Seen(new=0, visible=0, answers=0, articles=0, refused=1),
}


def seen(out: str) -> Seen:
    refused = int(out.splitlines()[0].rpartition(" ")[2])
    comments = Comment.objects.all()
    return Seen(
        new=comments.count(),
        visible=comments.filter(status=Status.APPROVED).count(),
        answers=comments.filter(parent__isnull=False).count(),
        articles=Article.objects.count(),
        refused=refused,
    )


def test_every_real_export_has_its_counts():
    names = {path.name for path in shared_file("data").glob("formats__*")}
    assert names == set(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_real_export_comes_in_with_the_counts_one_can_see_and_twice_without_change(name):
    path = shared_file(f"data/{name}")
    assert seen(run(path)) == FILES[name]
    first = rows()
    assert seen(run(path)) == FILES[name]
    assert rows() == first
    assert_whole()


def test_the_tree_says_nothing_twelve_times(article):
    """With an article to stand under, each of the twelve is refused: it has no text."""
    path = shared_file("data/formats__remark42__tree.json")
    out = run(path, "--url-map", f"url={article.slug}")
    assert seen(out) == Seen(new=0, visible=0, answers=0, articles=1, refused=12)


def test_the_feeds_comment_comes_in_under_its_article(article):
    path = shared_file("data/formats__blogger__blogger-comments-atom-threading.xml")
    address = "http://salmon-test.blogspot.com/2009/10/test-post.html"
    Article.objects.filter(pk=article.pk).update(canonical_url=address)
    assert seen(run(path)) == Seen(new=1, visible=1, answers=0, articles=1, refused=0)
    comment = Comment.objects.get()
    assert (comment.author_name, comment.reader) == ("John", None)
    assert comment.text == "bloffo bliff by te... (http://example.org/profile/te...)"
    assert f"{comment.submitted_at:%Y-%m-%dT%H:%M:%S.%f}" == "2009-12-09T00:59:02.544000"


def test_texts_and_times_of_the_wordpress_export():
    run(shared_file("data/formats__isso__wordpress.xml"))
    several_lines = Comment.objects.get(author_name="Multiline Author")
    assert several_lines.text == "When you have a comment with multiple lines:\nWordPress exports it like this."
    assert f"{several_lines.submitted_at:%Y-%m-%d %H:%M:%S}" == "2022-06-06 02:13:14"
    assert several_lines.reader and several_lines.reader.email == "multiline@example.org"
    assert {"Erster!1", "Zweiter.", "Drölfter!", "Yet another reply."} <= set(
        Comment.objects.values_list("text", flat=True)
    )


@pytest.mark.parametrize("name", FILES)
def test_what_a_real_export_brought_goes_out_and_in_again(name):
    run(shared_file(f"data/{name}"))
    archived = archive()
    empty_database()
    bring_in(archived)
    assert archive() == archived
