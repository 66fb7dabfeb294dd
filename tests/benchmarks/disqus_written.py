"""python -m tests.benchmarks.disqus_written FILE [MEGABYTES]: an export of Disqus as large as asked, for the memory
that an import of it takes. The same size gives the same file.

Articles come first, then comments of some 1,000 characters, half of them answers, some before what they answer.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

# An odd number of articles: what comes later in the file answers nothing, so that no answers go in a circle.
ARTICLES, READERS = 5_001, 50_000
_FIRST = datetime(2012, 1, 1, tzinfo=UTC)
_WORDS = (
    "la le un une des pont rue ville maire conseil travaux budget école train gare tramway quartier eau prix impôt vote"
    " projet loi texte débat avis question réponse jamais toujours encore pourtant demain hier matin soir monde pays"
    " parce que quand comment pourquoi faire dire voir savoir pouvoir vouloir venir prendre mettre trouver donner"
)


def written(path: Path, *, size: int) -> int:
    """Write about `size` bytes; returns how many comments they hold."""
    random, words = Random(5), _WORDS.split()
    sentences = [f"{' '.join(random.choices(words, k=random.randint(6, 24))).capitalize()}." for _n in range(5_000)]
    length = number = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('<?xml version="1.0" encoding="utf-8"?>\n<disqus xmlns="http://disqus.com"')
        file.write(' xmlns:dsq="http://disqus.com/disqus-internals">\n')
        file.writelines(_articles())
        while length < size:
            number += 1
            length += file.write(_comment(number, random, sentences))
        file.write("</disqus>\n")
    return number


def _articles() -> Iterator[str]:
    for number in range(1, ARTICLES + 1):
        yield (
            f'<thread dsq:id="{number}"><id/><forum>courrier</forum><category dsq:id="1"/>'
            f"<link>https://www.lecourrier.example/{number}/</link><title>Article {number} : la ville débat</title>"
            f"<createdAt>{_FIRST + timedelta(hours=number):%Y-%m-%dT%H:%M:%SZ}</createdAt>"
            "<author><name>Rédaction</name></author><isClosed>false</isClosed><isDeleted>false</isDeleted></thread>\n"
        )


def _comment(number: int, random: Random, sentences: list[str]) -> str:
    article, reader = number % ARTICLES + 1, random.randint(1, READERS)
    # Under the same article: mostly one that came before, now and then one that comes later in the file.
    above = number + random.choice((-2 * ARTICLES, -ARTICLES, -ARTICLES, ARTICLES))
    answered = f'<parent dsq:id="{above}"/>' if number % 2 and above > 0 else ""
    paragraphs = "".join(f"<p>{' '.join(random.choices(sentences, k=4))}</p>" for _n in range(random.randint(1, 4)))
    return (
        f'<post dsq:id="{number}"><id/><message><![CDATA[{paragraphs}]]></message>'
        f"<createdAt>{_FIRST + timedelta(minutes=number):%Y-%m-%dT%H:%M:%SZ}</createdAt>"
        f"<isDeleted>false</isDeleted><isSpam>{'true' if number % 50 == 0 else 'false'}</isSpam>"
        f"<author><email>lecteur{reader}@example.org</email><name>Lecteur {reader}</name></author>"
        f'<thread dsq:id="{article}"/>{answered}</post>\n'
    )


def main() -> None:
    size = int(sys.argv[2]) if len(sys.argv) > 2 else 1024
    sys.stdout.write(f"{written(Path(sys.argv[1]), size=size << 20):,} comments\n")


if __name__ == "__main__":
    main()
