"""The whole way in: exports of other systems become articles, discussions and comments, through the same doors."""

from __future__ import annotations

import re
from contextlib import suppress
from html import unescape
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from comments.models import Comment, Decision, Discussion, Ground, Reader, Status
from newsroom.models import Article, ImportRun
from tests.comments.importers.reading import EXPORTS, FIXTURES, fixture
from tests.integrity import assert_whole

pytestmark = pytest.mark.django_db

BRIDGE = "https://www.lecourrier.example/2026/pont-liberation/"


def run(*words: object) -> str:
    """What the command says; that it ends with 1 where something was refused is no error here."""
    out = StringIO()
    with suppress(SystemExit):
        call_command("import_comments", *map(str, words), stdout=out)
    return out.getvalue()


def rows() -> list[object]:
    tables = (Article, Discussion, Reader, Comment, Decision)
    return [list(table.objects.order_by("pk").values()) for table in tables]


def by_name(name: str) -> Comment:
    return Comment.objects.get(author_name=name)


@pytest.mark.parametrize(("format", "name"), [(format, name) for format, names in FIXTURES.items() for name in names])
def test_every_format_comes_in_and_the_second_time_changes_nothing(format, name, tmp_path):
    path = fixture(name, tmp_path)
    run(path, "--url-map", "/=https://www.lecourrier.example/")
    first = rows()
    assert Comment.objects.exists() or format == "commento"
    run(path, "--url-map", "/=https://www.lecourrier.example/")
    assert rows() == first
    assert_whole()


def test_statuses_become_ours_each_with_its_decision():
    run(EXPORTS / "disqus.xml")
    assert by_name("Anaïs").status == by_name("Bruno").status == Status.APPROVED
    assert by_name("Émile").status == Status.PENDING
    assert by_name("Promo").status == by_name("Didier").status == Status.REJECTED
    decided = {row.comment.author_name: (row.policy, row.moderator, row.ground) for row in Decision.objects.all()}
    assert decided["Anaïs"] == ("import", None, "")
    assert decided["Promo"] == ("import", None, Ground.SPAM)
    assert "Émile" not in decided
    assert set(Comment.objects.visible().values_list("author_name", flat=True)) == {"Anaïs", "Bruno", "Chloé"}
    assert Discussion.objects.get(article__canonical_url=BRIDGE).visible_count == 3


def test_answers_hang_where_they_hung_also_when_they_came_first_and_at_the_top_without_a_parent():
    out = run(EXPORTS / "disqus.xml")
    assert by_name("Bruno").parent == by_name("Anaïs")
    assert by_name("Chloé").parent is None
    assert "57" in out


def test_missing_articles_are_made_of_what_the_export_knows():
    run(EXPORTS / "disqus.xml")
    article = Article.objects.get(canonical_url=BRIDGE)
    assert article.headline == "Le pont de la Libération ferme & la ville s’organise"
    assert f"{article.published_at:%Y-%m-%d %H:%M}" == "2026-03-02 06:30"
    assert article.source_key == BRIDGE


def test_an_article_that_is_here_is_found_by_any_spelling_of_its_address(article):
    Article.objects.filter(pk=article.pk).update(canonical_url="http://lecourrier.example/2026/pont-liberation")
    before = Article.objects.get(pk=article.pk)
    run(EXPORTS / "disqus.xml", "--leave-out", "pending")
    assert Article.objects.count() == 1
    assert Article.objects.get(pk=article.pk).headline == before.headline
    assert article.discussion.visible_count == 3


def test_no_article_is_made_where_that_is_asked_and_what_has_none_is_listed():
    out = run(EXPORTS / "disqus.xml", "--no-new-articles")
    assert not Article.objects.exists() and not Comment.objects.exists()
    assert f"5 · {BRIDGE}" in out and "1 · https://www.lecourrier.example/2026/budget/" in out


def test_paths_are_mapped_to_addresses(article):
    Article.objects.filter(pk=article.pk).update(canonical_url="https://neuf.example/pont")
    run(EXPORTS / "isso.json", "--url-map", "/2026/pont-liberation/=https://neuf.example/pont")
    assert article.discussion.visible_count == 2
    assert Article.objects.count() == 1


def test_a_table_maps_an_address_to_a_slug(article, tmp_path):
    table = tmp_path / "map.csv"
    table.write_text(f"{BRIDGE};{article.slug}\n")
    run(EXPORTS / "commento.json", "--url-table", table)
    assert Comment.objects.filter(discussion__article=article).count() == 4
    with pytest.raises(CommandError):
        run(EXPORTS / "commento.json", "--url-table", tmp_path / "nowhere.csv")
    with pytest.raises(CommandError):
        run(EXPORTS / "commento.json", "--url-map", "nothing")


def test_a_drafts_comments_make_no_article():
    out = run(EXPORTS / "wordpress.xml")
    assert Article.objects.count() == 1
    assert not Comment.objects.filter(author_name="Relecteur").exists()
    assert "https://www.lecourrier.example/?p=42" in out


def test_what_is_left_out_by_choice_does_not_come_in_and_is_counted():
    out = run(EXPORTS / "disqus.xml", "--leave-out", "spam", "--leave-out", "deleted")
    assert not Comment.objects.filter(status=Status.REJECTED).exists()
    assert Comment.objects.count() == 4
    assert "· 2" in next(line for line in out.splitlines() if "--leave-out" in line)


def test_a_rehearsal_says_exactly_what_comes_in_and_makes_nothing():
    rehearsed = run(EXPORTS / "disqus.xml", "--dry-run")
    assert all(table == [] for table in rows())
    done = run(EXPORTS / "disqus.xml")
    assert rehearsed.splitlines()[1:] == done.splitlines()
    assert Comment.objects.count() == 6


def test_the_report_tells_what_becomes_of_each_status():
    """Published, pending, spam, deleted: met and new. The comment under a draft has no article."""
    for new in ([["3", "2"], ["1", "1"], ["1", "1"], ["1", "1"]], [["3", "0"], ["1", "0"], ["1", "0"], ["1", "0"]]):
        lines = run(EXPORTS / "wordpress.xml").splitlines()
        assert [re.findall(r"\d+", line) for line in lines if re.search(r": \d+ \w+, \d+ \w+$", line)] == new


def test_a_rehearsal_over_what_is_here_changes_nothing():
    run(EXPORTS / "disqus.xml", "--hold")
    before = rows()
    run(EXPORTS / "disqus.xml", "--dry-run")
    run(EXPORTS / "coral", "--dry-run", "--format", "coral")
    assert rows() == before


def test_a_moderators_decision_outlives_another_import(moderator, at):
    run(EXPORTS / "disqus.xml")
    from comments.decisions import decide
    from comments.models import Action

    comment = by_name("Anaïs")
    decide(comment, action=Action.REJECT, version=comment.version, ground=Ground.ABUSE, by=moderator, at=at)
    run(EXPORTS / "disqus.xml")
    assert by_name("Anaïs").status == Status.REJECTED


@pytest.mark.parametrize(("name", "is_named"), [("disqus.xml", False), ("wordpress.xml", True)])
def test_who_misses_an_article_is_told_a_command_that_can_bring_it(name, is_named):
    refusals = [line for line in run(EXPORTS / name, "--no-new-articles").splitlines() if "--url-map" in line]
    assert refusals and all((f"import_articles {EXPORTS / name}" in line) is is_named for line in refusals)


def test_two_systems_that_number_from_one_do_not_meet():
    run(EXPORTS / "isso.json", "--url-map", f"/2026/pont-liberation/={BRIDGE}")
    run(EXPORTS / "disqus-broken.xml")
    assert Comment.objects.filter(discussion__article__canonical_url=BRIDGE).count() == 5


def test_a_folder_of_corals_collections_comes_in_once():
    out = run(EXPORTS / "coral")
    assert Comment.objects.count() == 5
    # Nothing of stories and users was taken for a comment.
    assert out.splitlines()[0].endswith(" 3")


def test_votes_and_what_is_no_comment_are_told():
    assert "3" in next(line for line in run(EXPORTS / "discourse.json").splitlines() if "vote" in line)
    assert any(line.endswith(" · 2") for line in run(EXPORTS / "discourse.json").splitlines())


def test_a_run_is_kept_with_its_counts_and_what_was_refused(admin, signed_in):
    run(EXPORTS / "disqus-broken.xml")
    kept = ImportRun.objects.get()
    assert (kept.what, kept.state, kept.source) == ("COMMENTS", "DONE", str(EXPORTS / "disqus-broken.xml"))
    assert (kept.new_count, kept.updated_count, kept.refused_count) == (Comment.objects.count(), 0, 5)
    assert list(kept.remarks.filter(kind="REFUSED").values_list("line", flat=True)) == [14, 20, 26, 32, 52]
    browser = signed_in(admin)
    history = browser.get("/admin/newsroom/importrun/?what__exact=COMMENTS").content.decode()
    assert "disqus-broken.xml" in history
    page = browser.get(f"/admin/newsroom/importrun/{kept.pk}/change/").content.decode()
    assert all(sentence in unescape(page) for sentence in kept.remarks.values_list("sentence", flat=True))
    sheet = browser.get(f"/admin/newsroom/importrun/{kept.pk}/remarks/").getvalue().decode()
    assert len(sheet.splitlines()) == 1 + kept.remarks.count()


def test_a_second_run_is_kept_too_and_a_rehearsal_is_not():
    run(EXPORTS / "disqus.xml", "--dry-run")
    assert not ImportRun.objects.exists()
    run(EXPORTS / "disqus.xml", "--format", "disqus")
    run(EXPORTS / "disqus.xml")
    assert list(ImportRun.objects.values_list("format", "new_count", "unchanged_count")) == [
        ("disqus", 0, 6),
        ("disqus", 6, 0),
    ]


def test_refusals_that_quote_a_hostile_file_are_kept_as_text(tmp_path):
    path = tmp_path / "backup.jsonl"
    lines = (EXPORTS / "remark42.jsonl").read_text().splitlines()
    lines[1] = lines[1].replace('"time":"', '"time":"\\u0000\\ud800\\n')
    path.write_text("\n".join(lines))
    run(path, "--format", "remark42")
    assert "�" in ImportRun.objects.get().remarks.get(line=2).sentence
