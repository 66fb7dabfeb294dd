"""Words found across all comments, on both databases alike; what is typed never breaks it."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from comments import queues, search, words_held
from comments.filters import Filters
from comments.models import Comment
from comments.search import index, matching
from comments.submission import Post, submit
from tests.conftest import make_article

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def _no_words_of_other_tests(db):
    search.forget_all()


@pytest.fixture
def texts():
    def found(query: str, **how: bool) -> list[str]:
        return sorted(matching(query, **how).values_list("text", flat=True))

    return found


@pytest.mark.parametrize(
    "query",
    [
        *("été", "ETE", "Éte", "l’été", "l'ete", "rénové", '"pont renove"', "pont été", "ren", "tann", "peut-être"),
        *("peut être", "-absent pont", "été -hiver", "Zoé", "zoe"),
    ],
)
def test_words_are_found_whatever_their_accents_and_case(write, texts, query):
    write("Cet été, l’été du pont rénové des Tanneurs, peut-être.", name="Zoé L.")
    write("Un hiver sans rien.", name="Yann")
    assert len(texts(query)) == 1


@pytest.mark.parametrize(
    "query", ["hiver", '"renove pont"', "pont -été", "pont hiver", "tanneur ", '"tann"', "", "   ", "-", '"']
)
def test_what_is_not_there_is_not_found(write, texts, query):
    write("Cet été, le pont rénové des Tanneurs.")
    assert texts(query) == []


def test_the_last_word_may_go_on_and_a_space_ends_it(write, texts):
    write("riverains")
    assert texts("river") == texts("riverains ") == ["riverains"]
    assert texts("river ") == texts("river pont") == []


def test_only_what_is_not_wanted_leaves_the_rest(write, texts):
    write("pont"), write("gare"), write("tram")
    assert texts("-pont -gare") == ["tram"]
    assert texts('-"pont gare"') == ["gare", "pont", "tram"]


def test_a_status_an_article_and_dates(write, publish, section, texts, at):
    other = make_article(section, slug="ecole-fermee", headline="L’école fermée")
    publish("pont visible", ago=3 * DAY)
    write("pont en attente", under=other)
    assert texts("pont status:approved") == texts("status:APPROVED") == ["pont visible"]
    assert texts("pont -status:approved") == ["pont en attente"]
    assert (
        texts("article:ecole-fermee")
        == texts("article:école")
        == texts('article:"fermée ecole"')
        == ["pont en attente"]
    )
    assert texts("before:2026-11-20") == texts("avant:2026-11-18") == ["pont visible"]
    assert texts("after:2026-11-20") == texts("après:2026-11-18") == ["pont en attente"]
    assert texts("pont status:x") == texts("pont before:hier") == texts("after:9999-12-31") == texts("article:-") == []


def test_an_email_is_found_exactly_and_by_the_newsroom_alone(write, publish, texts):
    write("d’Odile", email="odile@example.org")
    publish("d’Odile aussi", email="odile@example.org")
    publish("de Paul", email="paul@example.org")
    assert texts("ODILE@example.org") == ["d’Odile", "d’Odile aussi"]
    assert texts("dile@example.org") == []
    assert texts("odile@example.org", staff=False) == []
    assert texts("Odile", staff=False) == ["d’Odile aussi"]


def test_an_unknown_operator_is_a_word(write, texts):
    write("note: ceci compte")
    assert texts("note:ceci") == ["note: ceci compte"]


@pytest.mark.parametrize(
    "typed",
    [
        *('"', '""', "AND", "NOT OR AND", "text:pont", "{text}:pont", "pont*", "^pont", "NEAR(pont gare)", "a:b:c"),
        *("* OR 1=1 --", "'; DROP TABLE comments_search; --", "\x00", "\ud800", "(((", "pont & | ! <->", "%s %(x)s"),
        *(
            "é" * 5000,
            "x" * 5000,
            "status:",
            "article:",
            "before:",
            "-status:",
            '-"',
            "a@b.c@d.e",
            "²³ ½",
            "👩\u200d👧",
        ),
        *("\u0301", "-" * 300, "_" * 50),
    ],
)
def test_nothing_that_is_typed_breaks_the_search(write, typed):
    write("pont et gare")
    assert len(list(matching(typed))) <= 1
    assert len(list(matching(f"pont {typed}"))) <= 1


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(typed=some.text(max_size=40))
def test_no_text_at_all_breaks_the_search(db, typed):
    list(matching(typed)[:1])
    list(matching(f'{typed} "{typed}" -{typed}')[:1])


def test_a_reader_s_post_is_found_at_once(article, texts, at):
    submit(article, post=Post(author_name="Odile", email="o@example.org", text="Et les riverains ?"), at=at)
    assert texts("riverains") == texts("odile") == ["Et les riverains ?"]


def test_what_is_not_taken_in_leaves_no_words(write):
    with transaction.atomic():
        write("perdu")
        assert rows() == 1
        transaction.set_rollback(True)
    assert rows() == 0


def test_an_edited_comment_is_found_by_its_new_words_only(write, texts):
    comment = write("ancien texte")
    was = Comment.objects.get(pk=comment.pk)
    Comment.objects.filter(pk=comment.pk).update(text="nouveau propos")
    comment.refresh_from_db()
    with transaction.atomic():
        index(comment, was=was)
    assert texts("nouveau") == ["nouveau propos"]
    assert texts("ancien") == []


def test_a_search_row_outside_a_transaction_is_refused(transactional_db, write):
    with pytest.raises(AssertionError):
        index(write("x"))


def test_the_index_can_be_built_anew(write, texts):
    for number in range(5):
        write(f"pont {number}")
    search.forget_all()
    assert texts("pont") == []
    call_command("index_comments", batch=2, verbosity=0)
    call_command("index_comments", batch=2, verbosity=0)
    assert len(texts("pont")) == 5


def test_free_text_filters_a_queue(write, take, at):
    write("le pont"), write("la gare")
    take(write("le pont flou"), "FLAG")
    assert [row.text for row in queues.page("pending", filters=Filters(q="pont"), at=at).comments] == ["le pont"]


def test_only_the_newest_of_very_many_are_looked_at(write, texts, monkeypatch):
    for number in range(4):
        write(f"pont {number}")
    monkeypatch.setattr(words_held, "MATCHES", 2)
    assert texts("pont") == ["pont 2", "pont 3"]
    assert texts("-gare") == [f"pont {number}" for number in range(4)]


@pytest.mark.parametrize("sample", [1, 3])
@pytest.mark.parametrize("held", ["11110000", "00001111", "10101010", "00010000", "11111111", "00000000"])
def test_a_phrase_is_found_wherever_it_stands_however_common_it_is(write, texts, monkeypatch, sample, held):
    """Whether the newest that are asked first hold it, some of them, or none."""
    monkeypatch.setattr(words_held, "SAMPLE", sample)
    monkeypatch.setattr(words_held, "ONE_IN", 2)
    monkeypatch.setattr(words_held, "WALK", 4)
    monkeypatch.setattr(words_held, "MATCHES", 3)
    asked = [
        f"le vieux pont {number}" if flag == "1" else f"pont le vieux {number}" for number, flag in enumerate(held)
    ]
    for text in asked:
        write(text)
    assert texts('"vieux pont"') == sorted([text for text in asked if "vieux pont" in text][-3:])
    assert texts('"vieux pont" -le') == []
    assert texts("le vieux pon") == sorted(asked[-3:])


def test_of_a_common_phrase_the_index_of_words_is_not_asked(write, monkeypatch):
    """It names every place of it: of a phrase in a quarter of a million comments, half a second's reading."""
    if connection.vendor == "sqlite":
        pytest.skip("SQLite reads its index of words from the newest on")
    for number in range(8):
        write(f"le vieux pont {number}")
    monkeypatch.setattr(words_held, "SAMPLE", 4)
    monkeypatch.setattr(words_held, "MATCHES", 6)
    common = read('"vieux pont" ')
    assert re.search(r"on walked.* rows=6 loops=1", common) and "never executed" in common
    assert "walked" not in read("pont ")


def read(query: str) -> str:
    """What PostgreSQL did to answer, from the reading of search rows on."""
    sql, params = matching(query).order_by("-pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE) {sql}", params)
        return "\n".join(line for (line,) in cursor.fetchall())


def rows() -> int:
    with connection.cursor() as cursor:
        table = "comments_search_docsize" if connection.vendor == "sqlite" else "comments_search"
        cursor.execute(f"SELECT COUNT(*) FROM {table}")
        return cursor.fetchone()[0]
