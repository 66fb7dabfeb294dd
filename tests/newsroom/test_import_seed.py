"""The saved page that the format `page` was made for: every fact of it. Skipped where the data folder is not there."""

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.management import call_command

from newsroom.models import Article
from tests.conftest import shared_file

pytestmark = pytest.mark.django_db

HEADLINE = (
    "Kim Jong-un en Russie : Vladimir Poutine vante « des perspectives » de coopération militaire avec la Corée du Nord"
)
INTERTITLES = [
    "« Des perspectives » de coopération militaire avec la Corée du Nord",
    "Kim Jong-un convaincu que Moscou et Poutine remporteront « une grande victoire »",
    "L'ombre de vente d'armes à la Russie",
]
READ_ALSO = [
    "Poutine invite Kim Jong-un à Vladivostok",
    "Moscou se tourne vers la Corée du Nord pour obtenir des armes, selon les Etats-Unis",
    "Corée du Nord : échec du lancement d'un satellite espion",
]


@pytest.fixture
def seed() -> Path:
    pages = sorted(shared_file("seed").glob("*.txt"))
    if not pages:
        pytest.skip("../shared/seed holds no page")
    return pages[0]


@pytest.fixture
def article(seed) -> Article:
    call_command("import_articles", str(seed))
    return Article.objects.get()


def plain(text: str) -> str:
    """Without the no-break spaces that the page scatters, so that sentences compare."""
    return re.sub(r"\s+", " ", text).strip()


def test_headline_standfirst_and_dates(article):
    assert plain(article.headline) == HEADLINE
    assert plain(article.standfirst).startswith("Vladimir Poutine et Kim Jong-un se sont retrouvés ce mercredi")
    assert article.standfirst.endswith("construire des satellites.")
    assert article.published_at == datetime(2023, 9, 13, 7, 44, tzinfo=UTC)
    assert article.updated_at == datetime(2023, 9, 13, 13, 41, tzinfo=UTC)
    assert article.language == "fr"
    assert article.source_key == f"{article.slug}:2023-09-13"


def test_caption_credit_and_source_note(article):
    assert plain(article.image_caption) == (
        "Kim Jong-un et Vladimir Poutine se sont rencontrés en Russie, ce qui n'était plus arrivé depuis 2019."
    )
    assert article.image_credit == "POOL"
    assert article.source_note == "(Avec agences)"


def test_intertitles_related_titles_and_paragraphs(article):
    assert [plain(title) for title in re.findall(r"<h2>(.*?)</h2>", article.body)] == INTERTITLES
    assert [plain(link["title"]) for link in article.related] == READ_ALSO
    paragraphs = re.findall(r"<p>(.*?)</p>", article.body)
    assert len(paragraphs) == 12
    assert paragraphs[0].startswith("C'est une rencontre sous haute sécurité.")
    assert paragraphs[-1].endswith("a-t-il ajouté.")


def test_nothing_of_the_comments_the_form_or_the_page_around_is_in_the_body(article):
    for foreign in (
        *("Article publié", "Lire aussi", "Avec agences", "Commentaires", "à écrit le", "Signaler", "Crédits"),
        *("Votre email", "obligatoires", "Merci pour votre commentaire", "Mouais", "Invite Kim", "POOL"),
        *READ_ALSO,
    ):
        assert foreign not in plain(article.body)


def test_a_second_import_changes_nothing(article, seed, capsys):
    before = Article.objects.values().get()
    call_command("import_articles", str(seed))
    assert Article.objects.values().get() == before
    assert "1" in capsys.readouterr().out
