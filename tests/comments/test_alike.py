"""The same text, or nearly: found across articles, with what was decided of it."""

from __future__ import annotations

import random
from hashlib import blake2b
from struct import unpack

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as some

from comments import alike
from comments.alike import like, record
from comments.decisions import decide
from comments.imprints import imprint_of
from comments.models import Comment, Imprint
from comments.screening.folding import folded_words
from comments.submission import Post, submit
from tests.conftest import make_article

LONG = "Le maire a promis trois fois ce pont, et trois fois les riverains des Tanneurs ont attendu pour rien."


@pytest.mark.parametrize(
    "same",
    [
        LONG.upper(),
        LONG.replace(",", " !!!").replace(".", "…"),
        LONG.replace("e", "é"),
        LONG.replace("a", "а"),  # a Cyrillic letter in each place
        f"\n\n{LONG}  ",
    ],
)
def test_the_same_words_have_the_same_imprint(same):
    assert imprint_of(same) == imprint_of(LONG)


@given(some.text(max_size=200))
def test_any_text_has_an_imprint_of_64_bits(text):
    assert 0 <= imprint_of(text) < 2**64 and imprint_of(text) == imprint_of(text)


def test_nine_in_ten_of_nearly_the_same_texts_share_a_band():
    # The figures of docs/decisions/0009-alike.md, on texts made here: one word in twelve changed.
    chance = random.Random(20)
    words = ["".join(chance.choices("aeioulnrstdmpcv", k=chance.randint(2, 9))) for _ in range(3000)]
    texts = [chance.choices(words, k=40) for _ in range(300)]
    found = crossed = 0
    for text, other in zip(texts, texts[1:] + texts[:1], strict=True):
        near = list(text)
        for place in chance.sample(range(40), 3):
            near[place] = chance.choice(words)
        found += shares_a_band(text, near)
        crossed += shares_a_band(text, other)
    assert found >= 270
    assert crossed <= 5


def shares_a_band(one: list[str], other: list[str]) -> bool:
    mine, theirs = alike._bands(imprint_of(" ".join(one))), alike._bands(imprint_of(" ".join(other)))
    return any(mine[band] == theirs[band] for band in mine)


def test_like_ones_are_found_across_articles_the_likest_first(write, publish, section, take):
    other = make_article(section, slug="autre")
    asked = write(LONG)
    near = publish(LONG.replace("trois fois ce", "ce fichu"), under=other)
    same = write(LONG.upper(), under=other)
    take(same, "REJECT", ground="SPAM")
    write("Un tout autre propos, sur la piscine et ses horaires d’hiver que personne ne comprend plus.")
    found = like(asked)
    assert [one.comment.pk for one in found] == [same.pk, near.pk]
    assert found[0].likeness == 100 and 85 <= found[1].likeness < 100
    assert (found[0].decision.ground, found[1].decision.action) == ("SPAM", "APPROVE")


def test_a_very_short_text_is_like_the_very_same_only(write):
    asked, same = write("Oui."), write("oui !")
    write("Ouf.")
    write("Oui oui.")
    assert [one.comment.pk for one in like(asked)] == [same.pk]
    assert like(asked)[0].likeness == 100


def test_emoji_alone_are_like_the_same_emoji(write):
    asked, same = write("👍👍"), write("👍👍")
    write("👎")
    assert [one.comment.pk for one in like(asked)] == [same.pk]


def test_a_withdrawn_text_is_shown_to_nobody(write, publish, at):
    asked, gone = write(LONG), publish(LONG)
    decide(gone, action="WITHDRAW", version=2, by="author", at=at)
    assert like(asked) == []


def test_what_a_reader_posts_can_be_found_at_once(article, write, at):
    first = write(LONG)
    posted = submit(article, post=Post(author_name="Odile", email="o@example.org", text=LONG), at=at)
    assert [one.comment for one in like(first)] == [posted]


def test_an_edited_text_has_its_new_imprint(write):
    asked, other = write(LONG), write("Un propos sur la piscine et ses horaires d’hiver.")
    Comment.objects.filter(pk=other.pk).update(text=LONG)
    other.refresh_from_db()
    with transaction.atomic():
        record(other)
    assert [one.comment.pk for one in like(asked)] == [other.pk]
    assert Imprint.objects.count() == 2


def test_many_of_the_same_are_cut_to_the_newest(write, monkeypatch):
    asked, *others = [write(LONG) for _ in range(6)]
    assert [one.comment.pk for one in like(asked, limit=2)] == [others[-1].pk, others[-2].pk]
    monkeypatch.setattr(alike, "CANDIDATES", 3)
    assert [one.comment.pk for one in like(asked)] == [other.pk for other in others[:1:-1]]


def test_looking_costs_the_same_however_many_are_alike(write, publish):
    asked = write(LONG)
    publish(LONG)
    with CaptureQueriesContext(connection) as of_one:
        read(like(asked))
    for _more in range(5):
        publish(LONG)
    with CaptureQueriesContext(connection) as of_six:
        assert len(read(like(asked))) == 6
    assert len(of_six) == len(of_one) == 5


def read(found) -> list[object]:
    return [(one.comment.discussion.article.headline, one.comment.reader, one.decision.decided_by) for one in found]


def test_imprints_can_be_built_anew(write):
    asked, same = write(LONG), write(LONG)
    Imprint.objects.filter(comment=same).update(band_0=0, band_1=0, band_2=0, band_3=0)
    assert like(asked) == []
    call_command("index_comments", batch=1, verbosity=0)
    assert [one.comment.pk for one in like(asked)] == [same.pk]


def _imprint_as_defined(text):
    """MinHash word for word: twelve hashes of each piece of four letters, the lowest of each, three a band."""
    folded = folded_words(text)
    pieces = {folded[start : start + 4].encode() for start in range(max(1, len(folded) - 3))}
    hashes = [unpack("<12I", blake2b(piece, digest_size=48).digest()) for piece in pieces]
    lowest = [min(column) for column in zip(*hashes, strict=True)]
    bands = [blake2b(repr(lowest[start : start + 3]).encode(), digest_size=2).digest() for start in (0, 3, 6, 9)]
    return sum(int.from_bytes(band, "little") << 16 * place for place, band in enumerate(bands))


@given(some.text(max_size=400) | some.text("aeiou nst rlé’😀", max_size=900))
def test_an_imprint_is_what_its_definition_says_however_it_is_computed(text):
    assert imprint_of(text) == _imprint_as_defined(text)
