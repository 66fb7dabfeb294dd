"""Saved pages of plain text, written for these tests in the shape of the format `page`."""

from datetime import UTC, datetime
from pathlib import Path

from newsroom.importers.source import Source

READ_AT = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)

HEAD = "Le funiculaire de Brévolle repart : la vallée retrouve « ses » dix minutes"
STANDFIRST = "Arrêté depuis deux hivers, le funiculaire reprend du service. Les habitants, eux, n’y croyaient plus."
CAPTION = "La cabine rouge quitte la gare basse, lundi matin."
DATE = "[Article publié le mardi 10 novembre à 09H44 et mis à jour à 15H41]"
FORM = """Votre email ne sera pas affiché publiquement.
Tous les champs sont obligatoires.

-

Merci pour votre commentaire. Il sera visible prochainement sous réserve de validation."""
COMMENTS = [
    ("", "11/11/2026 à 8:33", "Dix minutes, quand il\u202fne tombe pas en panne\u00a0!"),
    ("Jean", "10/11/2026 à 13:35", "Premier paragraphe.\n\nSecond paragraphe, plus long."),
]


def comment_lines(name, when, text):
    return f"{name} à écrit le {when}\nSignaler\n{text}".strip()


def page(
    *,
    head=HEAD,
    top=(STANDFIRST, CAPTION, f"{CAPTION} (Crédits : POOL)"),
    date=DATE,
    body=None,
    comments=COMMENTS,
    announced=None,
    form=FORM,
):
    """The text of a saved page; `body` is a list of blocks, the first on the line of the date."""
    body = body if body is not None else BODY
    announced = len(comments) if announced is None else announced
    blocks = ["\n".join([head, "", *top]), f"{date} {body[0]}".strip(), *body[1:], f"Commentaires {announced}"]
    told = "\n\n".join(comment_lines(*comment) for comment in comments)
    return "\n\n".join(blocks) + "\n" + told + ("\n\n" + form if form else "")


BODY = [
    "La première cabine est partie à six heures. Elle était pleine.",
    "Lire aussiDeux hivers sans funiculaire",
    "Il a fallu changer le câble, les poulies et « jusqu’au dernier boulon », raconte le chef d’exploitation.",
    "« Une si longue » attente",
    "Les travaux devaient durer six mois. Ils en ont pris vingt.",
    "Lire aussi : Le câble venait d’Autriche",
    "Les tarifs ne changent pas.",
    "(Avec agences)",
]


def source(text, *, name="page.txt", folder=None):
    data = text if isinstance(text, bytes) else text.encode()
    return Source(name, data, READ_AT, folder or Path("."))
