"""save_article and the command: what stands in the tables after imports, and what the command says."""

import io
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.utils import translation
from PIL import Image

from newsroom.importers import importing
from newsroom.importers import page as reader
from newsroom.importers.article import ImportedArticle, Outcome, save_article
from newsroom.importers.source import PAGE_MAX, RefusedArticle
from newsroom.models import Article, Section
from tests.newsroom.saved_page import READ_AT, page, source
from tests.newsroom.test_import_html import saved as saved_html

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def imported() -> ImportedArticle:
    (article,) = reader.read(source(page(top=("Rubrique : Vallée", "Un chapô."))))
    return article


def run(*args, **options):
    """What the command wrote, and its exit status."""
    out = io.StringIO()
    try:
        call_command("import_articles", *map(str, args), stdout=out, **options)
    except SystemExit as end:
        return out.getvalue(), end.code
    return out.getvalue(), 0


def test_a_new_article_comes_in_whole(imported):
    outcome, article, _shortened = save_article(imported, at=READ_AT)
    article.refresh_from_db()
    assert outcome == Outcome.NEW
    assert article.imported_at == READ_AT and article.is_published
    assert article.section == Section.objects.get(name="Vallée", slug="vallee")
    for name in ("headline", "slug", "standfirst", "body", "source_key", "published_at", "updated_at", "source_note"):
        assert getattr(article, name) == getattr(imported, name), name
    assert article.related == list(imported.related)


def test_importing_twice_changes_nothing(imported):
    save_article(imported, at=READ_AT)
    before = Article.objects.values().get()
    assert save_article(imported, at=READ_AT + timedelta(days=1)).outcome == Outcome.UNCHANGED
    assert Article.objects.values().get() == before


def test_a_changed_page_renews_its_article_and_leaves_slug_and_address(imported):
    first = save_article(imported, at=READ_AT).article
    Article.objects.update(is_published=False)
    later = replace(imported, body="<p>Autre corps.</p>", slug="autre-slug", section="")
    outcome, article, _shortened = save_article(later, at=READ_AT + timedelta(days=1))
    article.refresh_from_db()
    assert (outcome, article.pk, article.slug) == (Outcome.UPDATED, first.pk, first.slug)
    assert article.body == "<p>Autre corps.</p>"
    assert article.section and article.section.name == "Vallée" and not article.is_published


def test_another_article_with_the_same_headline_gets_another_slug(imported):
    save_article(imported, at=READ_AT)
    other = replace(imported, source_key="https://courrier.example/2")
    slug = save_article(other, at=READ_AT).article.slug
    assert slug == f"{imported.slug}-2"
    assert Article.objects.count() == 2


def test_the_picture_is_compared_by_its_content(imported, tmp_path):
    path = tmp_path / "photo.png"
    Image.new("RGB", (40, 30), "red").save(path)
    with_picture = replace(imported, image_path=path)
    article = save_article(with_picture, at=READ_AT).article
    assert (article.image_width, article.image_height) == (40, 30)
    assert save_article(with_picture, at=READ_AT).outcome == Outcome.UNCHANGED
    name = article.image.name
    Image.new("RGB", (20, 10), "blue").save(path)
    outcome, article, _shortened = save_article(with_picture, at=READ_AT)
    assert (outcome, article.image_width) == (Outcome.UPDATED, 20)
    assert article.image.name != name
    assert save_article(replace(imported, image_path=None), at=READ_AT).outcome == Outcome.UNCHANGED


def test_a_file_that_only_pretends_to_be_a_picture_is_refused(imported, tmp_path):
    path = tmp_path / "photo.png"
    path.write_text("<svg onload='alert(1)'></svg>")
    with pytest.raises(RefusedArticle):
        save_article(replace(imported, image_path=path), at=READ_AT)
    assert not Article.objects.exists()


def test_texts_are_fitted_to_their_columns_and_still_compare(imported):
    long = replace(imported, author_line="A" * 300, image_credit="B" * 300, headline="Un\nmot")
    assert save_article(long, at=READ_AT).outcome == Outcome.NEW
    assert save_article(long, at=READ_AT).outcome == Outcome.UNCHANGED
    assert len(Article.objects.get().author_line) == 200


@pytest.mark.parametrize(
    "change", [{"headline": "A" * 301}, {"headline": " "}, {"source_key": "https://e.example/" + "a" * 600}]
)
def test_what_fits_no_column_is_refused(imported, change):
    with pytest.raises(RefusedArticle):
        save_article(replace(imported, **change), at=READ_AT)


def test_one_bad_file_among_good_ones_stops_nothing(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.txt").write_text(page())
    (tmp_path / "b.txt").write_text("Un titre\n\nSans date.")
    (tmp_path / "c.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "sub" / "d.html").write_text(saved_html(), encoding="utf-8")
    (tmp_path / "photo.jpg").write_bytes(b"not a page")
    out, status = run(tmp_path)
    assert status == 1
    assert Article.objects.count() == 2
    assert "new 2, updated 0, unchanged 0, refused 2" in out
    assert re.search(r"refused: .*b\.txt: line 1: ", out)
    assert re.search(r"refused: .*c\.txt: ", out)
    assert "photo.jpg" not in out


def test_a_good_import_exits_with_zero_and_a_second_one_says_unchanged(tmp_path):
    (tmp_path / "a.txt").write_text(page())
    assert run(tmp_path / "a.txt")[1] == 0
    out, status = run(tmp_path)
    assert status == 0
    assert "new 0, updated 0, unchanged 1, refused 0" in out


@pytest.mark.parametrize("name", ["absent.txt", "empty", "unknown.pdf", "large.txt", "void.txt"])
def test_a_place_that_cannot_be_read_is_refused(tmp_path, name):
    (tmp_path / "empty").mkdir()
    (tmp_path / "unknown.pdf").write_bytes(b"%PDF")
    (tmp_path / "large.txt").write_bytes(b"a" * (PAGE_MAX + 1))
    (tmp_path / "void.txt").write_bytes(b"")
    out, status = run(tmp_path / name)
    assert status == 1
    assert "refused 1" in out and name in out


@pytest.mark.parametrize("text", [page(), saved_html()])
def test_a_page_may_come_by_standard_input(text, monkeypatch):
    monkeypatch.setattr("newsroom.management.commands.import_articles.Command.stdin", io.BytesIO(text.encode()))
    assert run("-")[1] == 0
    assert Article.objects.count() == 1


def test_the_format_may_be_named_and_a_section_given(tmp_path):
    (tmp_path / "saved.page").write_text(page())
    assert run(tmp_path / "saved.page", format="page", section="Sports")[1] == 0
    assert Article.objects.get().section.name == "Sports"


def test_no_control_code_reaches_a_pipe_or_a_terminal(tmp_path):
    (tmp_path / "bad\x1b[31m.txt").write_text("Un titre sans date.")
    out, _status = run(tmp_path)
    assert "\x1b" not in out
    terminal = io.StringIO()
    terminal.isatty = lambda: True
    with pytest.raises(SystemExit):
        call_command("import_articles", str(tmp_path), stdout=terminal)
    assert "[31m.txt" in terminal.getvalue() and "\x1b[31m.txt" not in terminal.getvalue()


def test_an_unforeseen_fault_in_one_file_is_told_and_the_next_is_read(tmp_path, monkeypatch):
    (tmp_path / "a.txt").write_text(page())
    (tmp_path / "b.html").write_text(saved_html(), encoding="utf-8")
    really = importing.save_article
    monkeypatch.setattr(
        importing, "save_article", lambda new, *, at: 1 / 0 if "funiculaire" in new.slug else really(new, at=at)
    )
    monkeypatch.setattr(importing.log, "exception", lambda *args: None)
    out, status = run(tmp_path)
    assert (status, Article.objects.count()) == (1, 1)
    assert "a.txt" in out


def test_dates_are_stored_in_utc(imported):
    article = save_article(imported, at=READ_AT).article
    article.refresh_from_db()
    assert article.published_at == datetime(2026, 11, 10, 8, 44, tzinfo=UTC)


def _pages(folder):
    """Pages of one address, twice the same and then another; one with a picture, one with a broken one."""
    folder.mkdir()
    Image.new("RGB", (8, 6)).save(folder / "lavoir.png")
    (folder / "broken.png").write_bytes(b"\x89PNG broken")
    (folder / "a.html").write_text(saved_html())
    (folder / "b.html").write_text(saved_html())
    (folder / "c.html").write_text(saved_html().replace("douze bassins", "treize bassins"))
    elsewhere = saved_html().replace("ville/lavoir", "ville/autre")
    (folder / "d.html").write_text(elsewhere.replace("lavoir.png", "broken.png"))
    (folder / "e.jsonl").write_text(
        '{"headline": "Un", "slug": "un", "published_at": "2026-11-10T09:00:00Z", "url": "https://e.example/1"}\n'
        '{"headline": "Un", "published_at": "2026-11-10T09:00:00Z", "url": "https://e.example/1", "section": "Ville"}\n'
        '{"headline": "Un", "published_at": "2026-11-10T09:00:00Z", "url": "https://e.example/1"}\n'
    )
    return [folder, folder / "e.jsonl"]


def test_a_rehearsal_says_what_the_import_then_says(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    places = _pages(tmp_path / "pages")
    for _time in range(2):
        rehearsed = run(*places, "--dry-run")
        assert run(*places) == rehearsed
        (tmp_path / "pages" / "lavoir.png").unlink()
        Image.new("RGB", (4, 3)).save(tmp_path / "pages" / "lavoir.png")
    with (tmp_path / "pages" / "e.jsonl").open("a") as file:
        file.write(
            '{"headline": "Un", "published_at": "2026-11-10T09:00:00Z", "url": "https://e.example/1", '
            '"section": "VILLE", "old_slugs": ["ancien"]}\n'
        )
    rehearsed = run(*places, "--dry-run")
    assert run(*places) == rehearsed


def test_a_rehearsal_keeps_no_picture(tmp_path, settings):
    settings.MEDIA_ROOT = tmp_path / "media"
    run(*_pages(tmp_path / "pages"), "--dry-run")
    assert not (tmp_path / "media").exists() and not Article.objects.exists()
