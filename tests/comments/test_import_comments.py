"""manage.py import_comments: saved pages and JSON lines."""

import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command
from django.utils import translation

from comments.decisions import decide
from comments.importers import page as reader
from comments.importers.comment import Announced
from comments.models import Action, Comment, Ground, Reader, Status
from newsroom.models import Article
from tests.comments.exports import comments_of, export
from tests.newsroom.saved_page import COMMENTS, FORM, page

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def saved(tmp_path):
    """A page on disk whose article is already imported."""
    path = tmp_path / "page.txt"
    path.write_text(page())
    call_command("import_articles", str(path))
    return path


def run(*args, **options):
    """What the command wrote, and its exit status."""
    out = io.StringIO()
    try:
        call_command("import_comments", *map(str, args), stdout=out, **options)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def lines(path, *told):
    path.write_text("\n".join(json.dumps(line) if isinstance(line, dict) else line for line in told))
    return path


def told(number, **fields):
    return {
        "article": Article.objects.get().slug,
        "id": str(number),
        "text": f"Texte {number}",
        "submitted_at": f"2026-11-10T10:{number:02}:00+01:00",
    } | fields


def test_names_times_and_paragraphs_come_in_as_the_page_has_them(saved):
    assert run(saved)[1] == 0
    first, second = Comment.objects.order_by("pk")
    assert (first.author_name, first.submitted_at) == ("Jean", datetime(2026, 11, 10, 12, 35, tzinfo=UTC))
    assert first.text == "Premier paragraphe.\n\nSecond paragraphe, plus long."
    assert (second.author_name, second.submitted_at) == ("", datetime(2026, 11, 11, 7, 33, tzinfo=UTC))
    assert second.shown_name == "Reader"
    with translation.override("fr"):
        assert second.author_name == ""
    assert first.reader is None and first.status == Status.APPROVED


def test_twice_changes_nothing_whatever_was_decided_since(saved, moderator, at):
    run(saved)
    comment = Comment.objects.get(author_name="Jean")
    decide(comment, action=Action.REJECT, version=comment.version, by=moderator, at=at, ground=Ground.ABUSE)
    before = list(Comment.objects.order_by("pk").values())
    out, status = run(saved)
    assert status == 0 and "new 0, unchanged 2, refused 0" in out
    assert list(Comment.objects.order_by("pk").values()) == before


def test_a_page_saved_again_with_newer_comments_adds_only_those(saved):
    run(saved)
    twin = ("Jean", "10/11/2026 à 13:35", "Premier paragraphe.\n\nSecond paragraphe, plus long.")
    saved.write_text(page(comments=[("Zoé", "12/11/2026 à 9:00", "Nouveau."), COMMENTS[0], twin, COMMENTS[1]]))
    out, _status = run(saved)
    assert "new 2, unchanged 2" in out
    assert Comment.objects.filter(author_name="Jean").count() == 2


def test_held_comments_wait_and_nobody_sees_them(saved):
    run(saved, hold=True)
    assert set(Comment.objects.values_list("status", flat=True)) == {Status.PENDING}
    assert Article.objects.get().discussion.visible_count == 0


@pytest.mark.parametrize(("announced", "warned"), [(2, False), (3, True), (0, True), (1, True)])
def test_another_count_than_the_page_announces_is_told(saved, announced, warned):
    saved.write_text(page(announced=announced))
    out, status = run(saved)
    assert status == 0
    assert ("warning: " in out) is warned
    assert Comment.objects.count() == 2


def test_comments_without_their_article_are_refused_with_the_way_out(tmp_path):
    path = tmp_path / "page.txt"
    path.write_text(page())
    out, status = run(path)
    assert status == 1
    assert f"manage.py import_articles {path}" in out
    assert not Comment.objects.exists()


def test_a_page_without_comments_is_no_mistake(saved):
    saved.write_text(page(comments=[]))
    out, status = run(saved)
    assert status == 0 and "new 0, unchanged 0, refused 0" in out


def test_one_comment_that_cannot_be_taken_does_not_stop_the_others(saved):
    comments = [
        ("", "12/11/2026 à 9:00", "x" * 5001),
        ("N" * 61, "12/11/2026 à 9:01", "Nom trop long."),
        ("", "12/11/2026 à 9:02", ""),
        ("", "31/02/2026 à 9:00", "Jour qui n’existe pas."),
        *COMMENTS,
    ]
    saved.write_text(page(comments=comments))
    out, status = run(saved)
    assert status == 1
    assert "new 2, unchanged 0, refused 4" in out and "line " in out
    assert "warning" not in out


def test_what_a_reader_quotes_is_text_and_no_comment_of_its_own():
    quoted = (
        "Marc à écrit le 10/11/2026 à 12:00\nSignaler est facile.\n\n"
        "Commentaires 12\n\nTous les champs sont obligatoires.\n\nFin."
    )
    announced, *read = reader.read(export(page(comments=[("Zoé", "12/11/2026 à 9:00", quoted), *COMMENTS])))
    assert [comment.author_name for comment in read] == ["Zoé", "", "Jean"]
    assert read[0].text == quoted
    assert announced == Announced(3)


def test_a_comment_may_speak_of_the_button_and_quote_the_form():
    text = "Signaler\n\nVotre email ne sera pas affiché publiquement.\n\nMerci."
    read = reader.read(export(page(comments=[("Zoé", "12/11/2026 à 9:00", text)])))
    assert [comment.text for comment in comments_of(read)] == [text]


@pytest.mark.parametrize(
    "change",
    [
        str,
        lambda text: text.replace("\n", "\r\n"),
        lambda text: "\ufeff" + text,
        lambda text: text.replace("\n\nVotre email", "\nVotre email"),
        lambda text: text.replace("Commentaires 2", "Commentaires 2\n\nTrier par date\n"),
        lambda text: text.replace(FORM, ""),
        lambda text: text.replace("Commentaires 2", FORM + "\n\nCommentaires 2").removesuffix(FORM),
    ],
)
def test_pages_saved_otherwise_give_the_same_comments(change):
    read, plain = list(reader.read(export(change(page())))), list(reader.read(export(page())))
    assert [(c.author_name, c.submitted_at, c.text, c.article) for c in comments_of(read)] == [
        (c.author_name, c.submitted_at, c.text, c.article) for c in comments_of(plain)
    ]
    assert len(comments_of(plain)) == 2 and Announced(2) in read


def test_answers_come_in_below_what_they_answer(saved, tmp_path):
    path = lines(
        tmp_path / "export.jsonl",
        told(3, parent="2", author_name="Zoé"),
        told(1, author_name="Marc", email="Marc@Example.org"),
        told(2, parent="1"),
        told(4, parent="1", submitted_at="2026-11-09T10:00:00"),
    )
    assert run(path)[1] == 0
    top, first, deep, early = (Comment.objects.get(text=f"Texte {n}") for n in (1, 2, 3, 4))
    assert (first.parent, deep.parent, early.parent) == (top, first, top)
    assert (deep.root, deep.depth, top.visible_answers) == (top, 2, 3)
    assert Reader.objects.get().email == "marc@example.org"
    assert "unchanged 4" in run(path)[0]


def test_a_chain_of_two_thousand_answers_comes_in(saved):
    from comments.importers import jsonl

    rows = [
        json.dumps(
            {
                "article": "a",
                "id": str(n),
                "parent": str(n - 1) if n else "",
                "text": "t",
                "submitted_at": "2026-11-10T10:00:00Z",
            }
        )
        for n in range(2000)
    ]
    assert len(comments_of(jsonl.read(export("\n".join(rows), name="a.jsonl")))) == 2000


@pytest.mark.parametrize(
    "line",
    [
        "{not json",
        "[]",
        "7",
        '{"id": "9"}',
        "[" * 50_000,
        '{"article": "x", "id": "9", "text": {"a": 1}, "submitted_at": "2026-11-10T10:00:00Z"}',
        '{"article": "x", "id": "9", "text": "t", "submitted_at": "hier"}',
        '{"article": "x", "id": "9", "text": "t", "submitted_at": "2026-02-31T10:00:00Z"}',
    ],
)
def test_a_bad_line_is_refused_by_its_number_and_the_others_come_in(saved, tmp_path, line):
    out, status = run(lines(tmp_path / "export.jsonl", told(1), line, told(2)))
    assert status == 1
    assert "new 2, unchanged 0, refused 1" in out and "line 2: " in out


def test_an_answer_to_what_is_not_there_stands_at_the_top_and_is_told(saved, tmp_path):
    out, status = run(lines(tmp_path / "e.jsonl", told(1, parent="9"), told(2), told(3, parent="1")))
    assert status == 0
    assert "new 3, unchanged 0, refused 0" in out
    assert out.count("warning: ") == 1 and "line 1: " in out
    orphan, below = Comment.objects.get(text="Texte 1"), Comment.objects.get(text="Texte 3")
    assert (orphan.parent, orphan.depth, below.root) == (None, 0, orphan)


def test_a_circle_of_answers_is_cut_where_an_answer_is_older_than_what_it_answers(saved, tmp_path):
    circle = [told(1, parent="3"), told(2, parent="1"), told(3, parent="2"), told(4, parent="4")]
    out, status = run(lines(tmp_path / "e.jsonl", *circle, told(5, parent="3")))
    assert status == 0 and "new 5" in out and out.count("warning: ") == 2
    places = dict(Comment.objects.values_list("text", "depth"))
    assert places == {"Texte 1": 0, "Texte 2": 1, "Texte 3": 2, "Texte 4": 0, "Texte 5": 3}


def test_comments_may_come_by_standard_input(saved, monkeypatch):
    monkeypatch.setattr("comments.management.commands.import_comments.Command.stdin", io.BytesIO(page().encode()))
    assert run("-")[1] == 0
    assert Comment.objects.count() == 2


def test_hostile_text_comes_in_as_text(saved, tmp_path):
    run(lines(tmp_path / "e.jsonl", told(1, text="<script>alert(1)</script>\u0000\u202e fin", author_name="<b>Moi")))
    comment = Comment.objects.get()
    assert comment.text == "<script>alert(1)</script> fin"
    assert comment.author_name == "<b>Moi"


def test_older_comments_get_lower_numbers_whatever_their_order_in_the_export(saved, tmp_path):
    run(lines(tmp_path / "e.jsonl", told(2), told(9), told(1), told(5)))
    assert [comment.text for comment in Comment.objects.order_by("pk")] == [f"Texte {n}" for n in (1, 2, 5, 9)]
