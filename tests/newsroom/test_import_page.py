"""Format `page`, read without a database."""

import contextlib
from datetime import datetime
from time import monotonic
from zoneinfo import ZoneInfo

import pytest

from newsroom.importers import page as reader
from newsroom.importers.source import RefusedArticle
from tests.newsroom.saved_page import BODY, CAPTION, COMMENTS, DATE, FORM, HEAD, STANDFIRST, page, source

PARIS = ZoneInfo("Europe/Paris")


def read(text):
    (article,) = reader.read(source(text))
    return article


def refused(text):
    with pytest.raises(RefusedArticle) as refusal:
        list(reader.read(source(text)))
    return refusal.value


def test_an_editor_finds_every_part_of_a_saved_page():
    article = read(page())
    assert article.headline == HEAD
    assert article.standfirst == STANDFIRST
    assert (article.image_caption, article.image_credit) == (CAPTION, "POOL")
    assert article.published_at == datetime(2026, 11, 10, 9, 44, tzinfo=PARIS)
    assert article.updated_at == datetime(2026, 11, 10, 15, 41, tzinfo=PARIS)
    assert [link["title"] for link in article.related] == ["Deux hivers sans funiculaire", "Le câble venait d’Autriche"]
    assert article.source_note == "(Avec agences)"
    assert article.body.startswith("<p>La première cabine est partie à six heures. Elle était pleine.</p>")
    assert article.body.count("<h2>") == 1
    assert "<h2>« Une si longue » attente</h2>" in article.body
    for foreign in ("publié le", "Lire aussi", "Avec agences", "Commentaires", "Signaler", "obligatoires", "panne"):
        assert foreign not in article.body
    assert article.source_key == f"{article.slug}:2026-11-10"


@pytest.mark.parametrize(
    "saved",
    [
        page().replace("\n", "\r\n").encode(),
        page().replace("\n", "\r").encode(),
        b"\xef\xbb\xbf" + page().encode(),
        page().encode("utf-16"),
        page().replace("\u202f", "\u00a0").encode("cp1252"),
        page().replace("’", "'").replace("\u202f", " ").encode("latin-1"),
    ],
    ids=["CRLF", "CR", "BOM", "UTF-16", "cp1252", "Latin-1"],
)
def test_a_page_reads_the_same_whatever_program_saved_it(saved):
    article, plain = read(saved), read(page())
    for name in ("headline", "source_key", "published_at", "related", "image_caption", "source_note"):
        assert _folded(getattr(article, name)) == _folded(getattr(plain, name)), name
    assert _folded(article.body) == _folded(plain.body)


def _folded(value):
    return str(value).replace("’", "'").replace('"', "'").replace("\u00a0", " ")


def test_a_page_with_no_break_spaces_everywhere_is_understood():
    article = read(page().replace(" ", "\u202f"))
    assert (article.published_at, article.updated_at) == (read(page()).published_at, read(page()).updated_at)
    assert len(article.related) == 2 and article.image_credit == "POOL"
    assert "obligatoires" not in article.body and "Lire" not in article.body


def test_no_break_spaces_and_curly_quotes_stay_as_written():
    text = page(body=["L’Orvence monte\u202f: «\u00a0encore\u00a0» dix centimètres."])
    assert "L’Orvence monte\u202f: «\u00a0encore\u00a0» dix centimètres." in read(text).body


@pytest.mark.parametrize(
    ("date", "published", "updated"),
    [
        ("[Article publié le mardi 10 novembre à 9h05]", "2026-11-10 09:05", None),
        ("[Article publié le 10 novembre 2026 à 9 h 05]", "2026-11-10 09:05", None),
        (
            "[Publié le mardi 10 novembre 2020 à 07:00, mis à jour le 11 novembre à 08H00]",
            "2020-11-10 07:00",
            "2020-11-11 08:00",
        ),
        (
            "[Article publié le jeudi 1er octobre à 09H44 et mis à jour le vendredi 2 octobre à 0H10]",
            "2026-10-01 09:44",
            "2026-10-02 00:10",
        ),
        ("[Article publié le 10/11/2026 à 09:44 et mis à jour à 15:41]", "2026-11-10 09:44", "2026-11-10 15:41"),
        ("[Article publié le mardi 10 novembre à 23H50 et mis à jour à 00H20]", "2026-11-10 23:50", "2026-11-11 00:20"),
        (
            "[Article published on Tuesday 10 November at 9:44 pm and updated at 10:05 pm]",
            "2026-11-10 21:44",
            "2026-11-10 22:05",
        ),
        (
            "[Article publié le mercredi 31 décembre 2025 à 22H00 et mis à jour le 2 janvier à 8H00]",
            "2025-12-31 22:00",
            "2026-01-02 08:00",
        ),
    ],
)
def test_dates_in_the_words_that_newspapers_use(date, published, updated):
    article = read(page(date=date, comments=[COMMENTS[0]] if "2020" not in date and "octobre" not in date else []))
    assert f"{article.published_at:%Y-%m-%d %H:%M}" == published
    assert (f"{article.updated_at:%Y-%m-%d %H:%M}" if article.updated_at else None) == updated


@pytest.mark.parametrize(
    ("weekday", "first_comment", "year"),
    [("vendredi", "13/11/2020 à 8:00", 2020), ("mercredi", "11/11/2015 à 8:00", 2015), ("mardi", "", 2026)],
)
def test_the_weekday_and_the_comments_tell_the_year(weekday, first_comment, year):
    day = {2020: 13, 2015: 11, 2026: 10}[year]
    comments = [("", first_comment, "Bien.")] if first_comment else []
    article = read(page(date=f"[Article publié le {weekday} {day} novembre à 07H00]", comments=comments))
    assert article.published_at == datetime(year, 11, day, 7, 0, tzinfo=PARIS)


@pytest.mark.parametrize(
    "date", ["[Article publié le lundi 10 novembre à 09H44]", "[Article publié le lundi 10 novembre 2026 à 09H44]"]
)
def test_a_weekday_that_contradicts_the_year_is_refused_with_its_line(date):
    assert refused(page(date=date)).line == 7


@pytest.mark.parametrize(
    ("intertitles", "related"),
    [([], []), (["Un seul intertitre"], ["Un"]), (["A bas les", "Deux", "Trois", "Et que faire ?"], list("abcde"))],
)
def test_any_number_of_intertitles_and_related_titles(intertitles, related):
    body = ["Une phrase ouvre l’article."]
    for title in intertitles:
        body += [title, "Un paragraphe qui finit par un point."]
    body += [f"Lire aussi{title.upper()} est un titre" for title in related]
    article = read(page(body=body))
    assert article.body.count("<h2>") == len(intertitles)
    for title in intertitles:
        assert f"<h2>{title}</h2>" in article.body
    assert [link["title"] for link in article.related] == [f"{title.upper()} est un titre" for title in related]
    assert article.source_note == ""


@pytest.mark.parametrize(
    "block",
    [
        "Lire aussi Le titre cherché",
        "Lire aussi\nLe titre cherché",
        "Lire aussi\n\nLe titre cherché",
        "À lire aussi : Le titre cherché",
        "LIRE AUSSI\u00a0: Le titre cherché",
        "Le paragraphe finit.Lire aussiLe titre cherché",
    ],
)
def test_read_also_is_found_however_it_was_saved(block):
    article = read(page(body=["Début.", block, "Une longue suite qui finit par un point."]))
    assert article.related == ({"title": "Le titre cherché", "url": ""},)
    assert "Le titre" not in article.body
    assert "suite" in article.body


def test_a_sentence_that_only_speaks_of_reading_stays_in_the_body():
    article = read(page(body=["Il faut lire aussi les notes, dit-elle. Lire aussi vite est un exploit."]))
    assert article.related == ()
    assert "les notes" in article.body


@pytest.mark.parametrize(
    ("top", "caption", "credit", "standfirst"),
    [
        ((STANDFIRST,), "", "", STANDFIRST),
        ((STANDFIRST, CAPTION, CAPTION), CAPTION, "", STANDFIRST),
        ((STANDFIRST, f"{CAPTION} (Crédit : Reuters)"), CAPTION, "Reuters", STANDFIRST),
        ((CAPTION, f"{CAPTION} (Crédits : POOL)"), CAPTION, "POOL", ""),
        ((), "", "", ""),
        ((STANDFIRST, "", CAPTION, f"{CAPTION} (Crédits\u00a0: DR)"), CAPTION, "DR", STANDFIRST),
    ],
)
def test_pages_with_and_without_caption_credit_and_standfirst(top, caption, credit, standfirst):
    article = read(page(top=top))
    assert (article.image_caption, article.image_credit, article.standfirst) == (caption, credit, standfirst)
    assert article.body.startswith("<p>La première cabine")


def test_section_and_author_lines_above_the_body():
    article = read(page(top=("Rubrique : Vallée", STANDFIRST, "Par Maëlle Vaugrenard")))
    assert (article.section, article.author_line, article.standfirst) == ("Vallée", "Maëlle Vaugrenard", STANDFIRST)


@pytest.mark.parametrize(
    "text",
    [
        page(comments=[], announced=0),
        page(comments=[]).replace("Commentaires 0\n", "Commentaires\n"),
        page(comments=[]).replace("Commentaires 0\n", ""),
        page(comments=[], form="").replace("Commentaires 0\n", ""),
    ],
)
def test_a_page_without_comments_keeps_its_whole_body_and_nothing_of_the_form(text):
    article = read(text)
    assert article.body.endswith("<p>Les tarifs ne changent pas.</p>")
    assert article.source_note == "(Avec agences)"


def test_the_date_may_stand_alone_under_the_headline():
    text = (
        f"{HEAD}\n\nPublié le 10/11/2026 à 09:44\n\n{STANDFIRST}\n\n"
        + "\n\n".join(BODY)
        + "\n\nCommentaires 0\n\n"
        + FORM
    )
    article = read(text)
    assert article.standfirst == STANDFIRST
    assert article.body == read(page()).body


def test_the_date_may_stand_at_the_end_of_the_page():
    text = f"{HEAD}\n\n{STANDFIRST}\n\n" + "\n\n".join(BODY[:-1]) + f"\n\n{DATE}\n\nCommentaires 0\n\n" + FORM
    article = read(text)
    assert (article.standfirst, article.body) == (STANDFIRST, read(page()).body)


def test_an_english_page_of_this_shape_is_read_too():
    text = (
        "The cable car is back\n\nTwo winters without it.\n\n"
        "[Article published on Tuesday 10 November at 09:44] It left at six.\n\nAlso read: Two winters\n\n"
        "A long wait\n\nIt took twenty months.\n\n(With agencies)\n\n"
        "Comments 1\nJo wrote on 11/11/2026 at 8:33\nReport\nAt last!\n\n"
        "Your e-mail address will not be published.\nAll fields are required.\n"
    )
    article = read(text)
    assert (article.language, article.source_note) == ("en", "(With agencies)")
    assert article.published_at == datetime(2026, 11, 10, 9, 44, tzinfo=PARIS)
    assert article.body == "<p>It left at six.</p>\n<h2>A long wait</h2>\n<p>It took twenty months.</p>"
    assert article.related == ({"title": "Two winters", "url": ""},)


def test_an_address_behind_a_related_title_is_its_link():
    article = read(page(body=["Début.", "Lire aussi : Le câble (https://courrier.example/cable)", "Fin."]))
    assert article.related == ({"title": "Le câble", "url": "https://courrier.example/cable"},)


def test_hostile_html_in_a_saved_page_is_text():
    body = read(page(body=["<script>alert(1)</script> <b onclick=x>gras</b> & plus."])).body
    assert "<script" not in body and "<b" not in body
    assert "&lt;script&gt;" in body


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (b"", None),
        (b" \n\r\n", None),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", 3),
        ("Un titre\n\nUn texte, mais pas de date.\n", 1),
        (f"{DATE} Un texte sans titre.\n", 1),
        ("Un titre\n\n[Article publié le 42 brumaire à 09H44] Texte.", 3),
        ("Un titre\n\n[Article publié le mardi 10 novembre à 29H44] Texte.", 3),
        (f"Commentaires 1\nà écrit le 10/11/2026 à 8:00\nSignaler\nSeul.\n\n{FORM}", None),
        ("Un titre\n\nété ".encode() + b"\xff\xfe abc \xc3\xa9\xc3\xa9 \xc3\xa9", 3),
    ],
)
def test_a_page_that_cannot_be_read_is_refused_with_its_line(text, line):
    refusal = refused(text)
    assert refusal.reason.endswith(".")
    assert refusal.line == line or line is None


@pytest.mark.parametrize(
    "filler",
    [
        " \u00a0" * 50_000,
        "[publié " * 100_000,
        "Lire aussi " * 80_000,
        "à écrit le " * 80_000,
        "(Avec " * 100_000,
        "a\n" * 30_000,
    ],
)
def test_a_page_made_to_cost_time_is_read_in_seconds(filler):
    started = monotonic()
    with contextlib.suppress(RefusedArticle):
        read(page(top=("Un chapô.", f"a{filler}b"), body=["Début.", f"a{filler}b", "Fin."]))
    assert monotonic() - started < 5
