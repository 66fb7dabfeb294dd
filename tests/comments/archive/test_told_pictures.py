"""An archive names pictures and carries none: a name that leads nowhere costs its own line, never the others."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

import pytest
from PIL import Image

from comments.models import Comment
from newsroom.models import Article
from tests.comments.archive.emptying import empty_database
from tests.comments.archive.test_round_trip import archive, bring_in, changed
from tests.conftest import make_article

pytestmark = pytest.mark.django_db


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


# It says that it is 20,000 × 20,000 points.
BOMB = (
    b"\x89PNG\r\n\x1a\n"
    + chunk(b"IHDR", struct.pack(">IIBBBBB", 20_000, 20_000, 1, 0, 0, 0, 0))
    + chunk(b"IDAT", zlib.compress(b"\0"))
    + chunk(b"IEND", b"")
)
SIZED = {"image_width": 30, "image_height": 20}


@pytest.fixture
def archived(section, article, approved) -> list[str]:
    """The first article has a comment; the second comes after it."""
    make_article(section, slug="la-suite")
    lines = archive()
    empty_database()
    return lines


def slugs() -> set[str]:
    return set(Article.objects.values_list("slug", flat=True))


def picture(media: str, name: str) -> None:
    path = Path(media) / name
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (30, 20)).save(path)


@pytest.mark.parametrize(
    "told",
    [
        {"image": "articles/nulle-part.jpg"},
        {"image": "articles/nulle-part.jpg", "image_width": 0, "image_height": 0},
        {"image": "articles/nulle-part.jpg", "image_width": 30},
        {"image": f"articles/{'a' * 280}.jpg"},
        {"image": "articles"},
        {"image": "articles/lettre.jpg"},
        {"image": "articles/bombe.png"},
        {"image": f"{'a/' * 150}a", **SIZED},
        {"image": "a\0b.jpg", **SIZED},
        {"image": "articles/autre.jpg", "image_width": -1, "image_height": 20},
        {"image": "../x"},
        {"image": "../x", **SIZED},
        {"image": "articles/../../x.jpg", **SIZED},
        {"image": "/etc/hostname"},
        {"image": "/etc/hostname", **SIZED},
        {"image": "articles/", **SIZED},
        {"image": ".", **SIZED},
        {"image": 5},
        {"image": True, **SIZED},
        {"image": ["x.jpg"]},
        {"image": {"name": "x.jpg"}, **SIZED},
    ],
)
def test_an_article_whose_picture_leads_nowhere_is_refused_by_its_number(told, archived, settings):
    picture(settings.MEDIA_ROOT, "articles/autre.jpg")
    (Path(settings.MEDIA_ROOT) / "articles/lettre.jpg").write_text("Chère rédaction,")
    (Path(settings.MEDIA_ROOT) / "articles/bombe.png").write_bytes(BOMB)
    place = next(number for number, line in enumerate(archived, start=1) if '"kind":"article"' in line)
    tally = bring_in(changed(archived, "article", **told))
    refused = {remark.line: remark.sentence for remark in tally.refused}
    assert "image" in refused[place]
    assert min(refused) == place, "the discussion and the comments below it go with it"
    assert slugs() == {"la-suite"}


def test_a_picture_that_is_told_with_its_size_need_not_be_there_yet(archived):
    assert not bring_in(changed(archived, "article", image="articles/a-venir.jpg", **SIZED)).refused
    told = Article.objects.get(image="articles/a-venir.jpg")
    assert (told.image_width, told.image_height, Comment.objects.count()) == (30, 20, 1)


def test_an_article_with_a_picture_goes_out_and_comes_back_without_its_file(section, settings):
    picture(settings.MEDIA_ROOT, "articles/pont.jpg")
    make_article(section, slug="pont", image="articles/pont.jpg")
    first = archive()
    empty_database()
    (Path(settings.MEDIA_ROOT) / "articles/pont.jpg").unlink()
    assert not bring_in(first).refused
    assert archive() == first


def test_the_size_of_a_picture_that_is_there_is_read_from_it(archived, settings):
    picture(settings.MEDIA_ROOT, "articles/pont.jpg")
    assert not bring_in(changed(archived, "article", image="articles/pont.jpg")).refused
    told = Article.objects.get(image="articles/pont.jpg")
    assert (told.image_width, told.image_height) == (30, 20)


def test_an_article_without_a_picture_comes_in(archived):
    assert not bring_in(changed(archived, "article", image=None)).refused
    assert slugs() == {"pont-des-tanneurs", "la-suite"}
