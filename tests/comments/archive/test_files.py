"""The exports as files: commands, spreadsheet, WordPress; damaged and hostile ones on the way in."""

from __future__ import annotations

import csv
import gzip
import io
import random
from html import unescape

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation
from lxml import etree

from comments.archive import sheet, wxr
from comments.archive.reading import NotAnArchive, read
from comments.models import Comment
from newsroom.importers.showing import Tally
from newsroom.models import Article, ImportRun
from tests.comments.archive.emptying import empty_database
from tests.comments.archive.test_round_trip import archive, lived  # noqa: F401 (a fixture)
from tests.conftest import NOON
from tests.integrity import assert_whole

WP = {"wp": "http://wordpress.org/export/1.2/"}


def out(*arguments: str) -> str:
    said = io.StringIO()
    call_command("export", *arguments, stdout=said, stderr=said)
    return said.getvalue()


def back(path) -> str:
    said = io.StringIO()
    call_command("import_archive", str(path), stdout=said, stderr=said)
    return said.getvalue()


@pytest.mark.parametrize("name", ["tout.jsonl", "tout.jsonl.gz"])
def test_a_file_goes_out_comes_back_and_goes_out_the_same(lived, tmp_path, name):  # noqa: F811
    first, second = tmp_path / name, tmp_path / f"2-{name}"
    assert str(Comment.objects.count()) in out(str(first), "--with-emails")
    empty_database()
    back(first)
    out(str(second), "--with-emails")
    assert second.read_bytes() == first.read_bytes()
    assert_whole()


def test_a_file_that_is_there_is_not_written_over_unasked(approved, tmp_path):
    path = tmp_path / "tout.jsonl"
    path.write_text("à moi")
    with pytest.raises(CommandError, match=r"tout\.jsonl"):
        out(str(path))
    assert path.read_text() == "à moi"
    out(str(path), "--replace")
    assert path.read_text().startswith('{"kind":"archive"')


def test_an_export_that_breaks_off_leaves_no_half_file(approved, tmp_path, monkeypatch):
    def broken(**_how):
        yield "une ligne\n"
        raise OSError(28, "No space left on device")

    monkeypatch.setitem(__import__("comments.archive.files", fromlist=["FORMATS"]).FORMATS, "csv", broken)
    with pytest.raises(CommandError, match="No space left"):
        out(str(tmp_path / "tout.csv"), "--format", "csv")
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_named_and_what_came_in_is_whole(lived, tmp_path):  # noqa: F811
    path = tmp_path / "tout.jsonl.gz"
    out(str(path), "--with-emails")
    path.write_bytes(path.read_bytes()[:-200])
    empty_database()
    with pytest.raises(CommandError, match=r"tout\.jsonl\.gz"):
        back(path)
    assert_whole()


@pytest.mark.parametrize("content", [b"", b"\x00\xff" * 50, gzip.compress(b"{}"), b"PK\x03\x04rien"])
def test_what_is_no_archive_is_refused_by_name(db, tmp_path, content):
    path = tmp_path / "autre.jsonl"
    path.write_bytes(content)
    if content:
        with pytest.raises(CommandError, match=r"autre\.jsonl"):
            back(path)
    else:
        assert "autre.jsonl" in back(path)


def test_an_archive_that_came_in_stands_in_the_history_of_imports(lived, tmp_path, admin, signed_in):  # noqa: F811
    path = tmp_path / "tout.jsonl"
    out(str(path), "--with-emails")
    broken = path.read_text().splitlines()
    broken[-2] = '{"kind":"meteor"}'
    path.write_text("\n".join(broken))
    empty_database()
    with pytest.raises(SystemExit):
        back(path)
    with pytest.raises(SystemExit):
        back(path)
    again, first = ImportRun.objects.all()
    assert (first.what, first.format, first.source, first.state, first.by) == (
        "ARCHIVE",
        "archive",
        str(path),
        "DONE",
        None,
    )
    assert (first.new_count, first.unchanged_count, first.refused_count) == (Comment.objects.count(), 0, 1)
    assert (again.new_count, again.unchanged_count) == (0, Comment.objects.count())
    assert first.remarks.get(kind="REFUSED").line == len(broken) - 1
    admin.save()
    page = signed_in(admin).get(f"/admin/newsroom/importrun/{first.pk}/change/").content.decode()
    assert "meteor" in page and "archive" in page


def test_what_came_of_the_articles_of_an_archive_is_told(lived, tmp_path):  # noqa: F811
    path, count = tmp_path / "tout.jsonl", Article.objects.count()
    out(str(path))
    empty_database()
    with translation.override("en"):
        assert f"articles: {count} new, 0 unchanged" in back(path)
        assert f"articles: 0 new, {count} unchanged" in back(path)


def test_an_archive_that_could_not_be_read_stands_there_with_its_reason(db, tmp_path):
    path = tmp_path / "autre.jsonl"
    for content in (b"rien", gzip.compress(b'{"kind":"archive","version":1}\n')[:-9]):
        path.write_bytes(content)
        with pytest.raises(CommandError) as told:
            back(path)
        run = ImportRun.objects.first()
        assert (run.state, run.new_count, run.refused_count) == ("DONE", 0, 1)
        assert run.remarks.get(kind="REFUSED").sentence == str(told.value)


def test_a_sheet_holds_every_comment_and_runs_no_formula(publish, write):
    publish('=HYPERLINK("https://example.org")', name="@chef")
    write("Deux lignes,\net une virgule ; un « guillemet »")
    rows = list(csv.reader(io.StringIO("".join(sheet.rows()).removeprefix("\ufeff"))))
    assert len(rows) == 3
    published = next(row for row in rows if "HYPERLINK" in row[5])
    assert (published[4], published[5]) == ("'@chef", '\'=HYPERLINK("https://example.org")')
    assert "Deux lignes,\net une virgule ; un « guillemet »" in [row[5] for row in rows]
    assert "yannick@example.org" not in "".join(sheet.rows())
    assert "yannick@example.org" in "".join(sheet.rows(with_emails=True))


def test_wordpress_gets_every_article_and_comment_as_it_knows_them(lived, take, write):  # noqa: F811
    write("Acheter <b>moins</b> cher & vite\x0b")
    tree = etree.fromstring("".join(wxr.pieces(with_emails=True)).encode())
    assert len(tree.findall(".//item")) == Article.objects.count()
    told = {
        unescape(one.findtext("wp:comment_content", namespaces=WP)): one for one in tree.iterfind(".//wp:comment", WP)
    }
    assert len(told) == Comment.objects.exclude(status="WITHDRAWN").count()
    assert "À oublier." not in told

    def says(text: str, leaf: str) -> str:
        return told[text].findtext(f"wp:{leaf}", namespaces=WP)

    assert says("Le pont ferme à 18 h, pas à 17 h.", "comment_approved") == "1"
    assert says("Je connais le maire.", "comment_approved") == "0"
    spam = Comment.objects.get(status="REJECTED")
    assert says(spam.text, "comment_approved") == "spam"
    top = says("Le pont ferme à 18 h, pas à 17 h.", "comment_id")
    assert says("C’est écrit au-dessus.", "comment_parent") == top
    assert says("Le pont ferme à 18 h, pas à 17 h.", "comment_author_email") == "lea@example.org"


def test_signs_of_html_go_to_wordpress_as_text_and_come_back(publish, take, tmp_path):
    text = "Le pont <du nord> & 3 < 4, <script>alert(1)</script> &amp; « bien »"
    publish(text, name="Dupont & <fils>")
    article = Article.objects.get(discussion__isnull=False)
    article.headline, article.standfirst = "Le prix < 3 € & <b>plus</b>", "Q&A : 3 < 4 &amp; 5"
    article.save()
    article.section.name = "Arts & spectacles"
    article.section.save()
    path = tmp_path / "tout.xml"
    out(str(path), "--format", "wxr")
    (told,) = etree.parse(path).iterfind(".//wp:comment", WP)
    # WordPress shows what stands there as HTML.
    assert "<" not in told.findtext("wp:comment_content", namespaces=WP)
    before = (article.headline, article.standfirst, article.body, article.slug)
    empty_database()
    for command in ("import_articles", "import_comments"):
        call_command(command, str(path), stdout=io.StringIO())
    here = Article.objects.get(slug=article.slug)
    assert (here.headline, here.standfirst, here.body, here.slug) == before
    assert here.section.name == "Arts & spectacles"
    comment = Comment.objects.get()
    assert (comment.text, comment.author_name) == (text, "Dupont & <fils>")


def test_an_altered_archive_breaks_nothing(lived):  # noqa: F811
    """Bytes exchanged, lines doubled, dropped and moved: refusals, never an error, and what came in is whole."""
    archived = archive()
    chance = random.Random(5)
    for _round in range(25):
        empty_database()
        try:
            read(_altered(archived, chance), place="a", tally=Tally(("NEW", "UNCHANGED")), at=NOON)
        except NotAnArchive:
            continue
        assert_whole()
        for article in Article.objects.all():
            assert "<script" not in article.body


def _altered(archived: list[str], chance: random.Random) -> list[str]:
    lines = list(archived)
    for _time in range(chance.randint(1, 6)):
        place = chance.randrange(1, len(lines))
        line = lines[place]
        cut = chance.randrange(len(line))
        match chance.randrange(5):
            case 0:
                lines[place] = line[:cut] + chance.choice('"{}[],:0\x00é\\<') + line[cut + 1 :]
            case 1:
                lines.insert(place, chance.choice(lines))
            case 2:
                del lines[place]
            case 3:
                lines[place] = line.replace(
                    chance.choice(['"', "null", "1", "APPROVED", "Z"]),
                    chance.choice(
                        ["[]", "{}", "null", "-1", "1e400", '"\\ud800"', '"\\u0000"', "99999999999999999999", "true"]
                    ),
                    1,
                )
            case 4:
                lines[place] = line[:cut]
    return lines
