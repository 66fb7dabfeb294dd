"""What each page in fixtures/pages tells, as a person reads it there. docs/reference/formats.md shows the table."""

from __future__ import annotations

from dataclasses import dataclass

FR, FR_END = "La passerelle du moulin rouvrira aux piétons samedi matin", "entre huit et dix-neuf heures."
EN, EN_END = "The old ferry will carry passengers again from Monday", "the harbour office says."
MISSING = ""


@dataclass(frozen=True)
class Shape:
    """`published` and `updated` are UTC; empty is what the page does not tell, and must be told as missing.

    `begins` and `ends` are of the body's text; `paragraphs` its number of paragraphs and list items. `refused`: the
    page lacks what an article must have.
    """

    name: str
    file: str
    headline: str = "La passerelle du moulin rouvre samedi"
    published: str = "2026-11-10T08:44"
    updated: str = MISSING
    authors: str = MISSING
    begins: str = FR
    ends: str = FR_END
    paragraphs: int = 4
    language: str = "fr"
    paywalled: bool = False
    refused: bool = False


SHAPES = [
    Shape("JSON-LD, boxes between and around", "json-ld.html", updated="2026-11-10T14:41",
          authors="Jeanne Aubin, Marc Tellier"),
    Shape("JSON-LD `@graph` with references (WordPress)", "json-ld-graph.html", updated="2026-11-11T07:00",
          authors="Jeanne Aubin"),
    Shape("`ReportageNewsArticle` in a list with others, figures, late pictures", "reportage-figures.html",
          headline="Une nuit avec les soudeurs", published="2026-11-07T23:00", authors="Jeanne Aubin"),
    Shape("Open Graph only, English", "open-graph.html", headline="River ferry sails again on Monday",
          published="2026-10-02T06:30", updated="2026-10-02T11:05", authors="Oliver Grange", begins=EN, ends=EN_END,
          paragraphs=5, language="en"),
    Shape("nothing marked, date in words, English", "nothing-marked.html",
          headline="River ferry sails again on Monday", published="2026-10-02T05:30", begins=EN, ends=EN_END,
          language="en"),
    Shape("tables, `font`, `<br><br>`, Windows-1252, date in words", "old-tables.html", published="2023-09-13T07:44"),
    Shape("AMP", "amp.html", authors="Jeanne Aubin"),
    Shape("live blog, its text in JSON-LD alone", "live-blog.html",
          headline="EN DIRECT. La crue de la Varenne, heure par heure", published="2026-11-12T05:00",
          updated="2026-11-12T20:10", authors="La rédaction", begins="Les écoles ferment à midi",
          ends="passer par la rocade nord.", paragraphs=3),
    Shape("paywall, whole text in JSON-LD", "paywall-with-text.html", authors="Jeanne Aubin", paywalled=True),
    Shape("paywall, teaser only, English", "paywall-teaser.html", headline="River ferry sails again on Monday",
          published="2026-10-02T06:30", authors="Oliver Grange", begins=EN, ends="on Friday evening.", paragraphs=1,
          language="en", paywalled=True),
    Shape("German, date in words", "german.html", headline="Bibliothek am Marktplatz öffnet wieder",
          published="2026-09-13T07:44", authors="Katrin Sommer", begins="Die kleine Bibliothek am Marktplatz",
          ends="Plätze gibt es für achtzig Gäste.", language="de"),
    Shape("Spanish, microdata", "spanish-microdata.html", headline="El mercado de la plaza vuelve los sábados",
          published="2026-09-13T07:44", authors="Lucía Ferrer", begins="El mercado de la plaza vuelve a abrir",
          ends="junto a la estación.", language="es"),
    Shape("broken markup, broken JSON-LD", "broken.html", paragraphs=6),
    Shape("« mardi 10 novembre à 09H44 », no year, another date over the page", "words-without-year.html",
          updated="2026-11-10T14:41", authors="Jeanne Aubin"),
    Shape("a gallery without text", "no-body.html", headline="En images : la crue vue du ciel",
          published="2026-11-12T17:00", begins=MISSING, ends=MISSING, paragraphs=0),
    Shape("no date but today's and other articles'", "no-date.html", published=MISSING, refused=True),
    Shape("10/11/2026 on an English page", "ambiguous-date.html", published=MISSING, refused=True),
]  # fmt: skip

# Of no page's text: menus, advertising, share bars, newsletters, comments, other articles, offers to subscribe.
FOREIGN = [
    "Publicité", "bottes", "Partage", "Lire aussi", "platanes seront", "lettre d’information", "bonne nouvelle",
    "tramway", "Mentions légales", "Météo", "Imprimer", "Le quai en travaux", "Sign up", "Bridge repairs", "Read also",
    "All rights", "Older notes", "Petites annonces", "Cinémas", "Accueil", "Annonce", "Envoyer", "rubriques",
    "Chargement", "Abonnez-vous", "Subscribe", "Endlich wieder", "Turnhalle wird", "Compre hoy", "Publié le",
    "Published on", "Veröffentlicht",
]  # fmt: skip


def table() -> str:
    """As docs/reference/formats.md shows it."""
    rows = ["| page | headline | published | updated | authors | body |", "|---|---|---|---|---|---|"]
    for shape in SHAPES:
        told = ["right", _told(shape.published), _told(shape.updated), _told(shape.authors), _told(shape.begins)]
        if shape.refused:
            told = ["", "missing: refused", "", "", ""]
        rows.append(f"| {shape.name} | {' | '.join(told)} |")
    return "\n".join(rows)


def _told(value: str) -> str:
    return "right" if value else "missing"
