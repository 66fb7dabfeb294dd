"""The comments of the saved page that the format `page` was made for."""

from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from comments.models import Comment, Decision, Status
from newsroom.models import Article
from tests.newsroom.test_import_seed import seed

__all__ = ["seed"]
pytestmark = pytest.mark.django_db

TIMES = [
    datetime(2023, 9, 13, 9, 9, tzinfo=UTC),
    datetime(2023, 9, 13, 10, 42, tzinfo=UTC),
    datetime(2023, 9, 13, 11, 35, tzinfo=UTC),
    datetime(2023, 9, 13, 12, 37, tzinfo=UTC),
    datetime(2023, 9, 13, 20, 29, tzinfo=UTC),
    datetime(2023, 9, 14, 6, 33, tzinfo=UTC),
]


@pytest.fixture
def imported(seed):
    call_command("import_articles", str(seed))
    call_command("import_comments", str(seed))
    return seed


def test_six_comments_come_in_with_their_times_visible_and_oldest_first(imported):
    comments = list(Comment.objects.order_by("pk"))
    assert [comment.submitted_at for comment in comments] == TIMES
    assert {comment.status for comment in comments} == {Status.APPROVED}
    assert {comment.author_name for comment in comments} == {""}
    assert {(row.policy, row.moderator) for row in Decision.objects.all()} == {("import", None)}
    assert Article.objects.get().discussion.visible_count == 6


def test_their_texts_are_whole_and_hold_nothing_of_the_page(imported):
    texts = list(Comment.objects.order_by("submitted_at", "pk").values_list("text", flat=True))
    assert texts[0].startswith("La Corée du Nord n'aurait-elle pas intérêt")
    assert texts[0].endswith("demander la lune aux Russes")
    assert texts[-1].startswith("Mouais bon enfin") and texts[-1].endswith("quand même hein...")
    for foreign in ("Signaler", "Votre email", "obligatoires", "Merci pour", "à écrit le"):
        assert not any(foreign in text for text in texts)


def test_they_wait_when_the_newsroom_holds_them(seed):
    call_command("import_articles", str(seed))
    call_command("import_comments", str(seed), "--hold")
    assert set(Comment.objects.values_list("status", flat=True)) == {Status.PENDING}
    assert Comment.objects.count() == 6
    assert not Comment.objects.visible().exists()


def test_a_second_import_changes_nothing(imported):
    before = list(Comment.objects.order_by("pk").values())
    call_command("import_comments", str(imported), "--hold")
    assert list(Comment.objects.order_by("pk").values()) == before
