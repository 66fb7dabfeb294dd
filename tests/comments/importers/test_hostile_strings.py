"""Hostile strings through every system's export: no markup in what is kept of HTML, none on the page, no e-mail."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from xml.sax.saxutils import escape as in_xml

import pytest
from django.test import Client

from comments.models import Comment
from newsroom.models import Article
from tests.comments.importers.test_run import run
from tests.hostile import OWN, RUNS, SETS, markup_that_came_through, parsed

pytestmark = pytest.mark.django_db

BRIDGE = "https://www.lecourrier.example/pont/"
EMAIL = "canari@lecteur.example"


def disqus(texts: list[str]) -> str:
    posts = "".join(
        f"<post dsq:id='{n}'><message>{in_xml(text)}</message><createdAt>2026-03-02T08:00:00Z</createdAt>"
        f"<author><name>{in_xml(text[:50])}</name><email>{EMAIL}</email></author><thread dsq:id='1'/></post>\n"
        for n, text in enumerate(texts)
    )
    thread = f"<thread dsq:id='1'><link>{BRIDGE}</link><title>{in_xml(OWN[0])}Un pont</title></thread>"
    return f"<disqus xmlns:dsq='x'>{thread}\n{posts}</disqus>"


def commento(texts: list[str]) -> str:
    comment = {"domain": "www.lecourrier.example", "url": "/pont/", "parentHex": "root", "state": "approved"}
    rows = [
        comment | {"commentHex": f"c{n}", "commenterHex": "p", "markdown": text, "creationDate": "2026-03-02T08:00:00Z"}
        for n, text in enumerate(texts)
    ]
    people = [{"commenterHex": "p", "name": f"<b>{RUNS}</b>", "email": EMAIL}]
    return json.dumps({"version": 1, "comments": rows, "commenters": people})


def remark42(texts: list[str]) -> str:
    rows = [
        {"id": f"r{n}", "pid": "", "text": text, "user": {"name": text[:50]}, "time": "2026-03-02T08:00:00Z"}
        | {"locator": {"url": BRIDGE}, "title": f"{OWN[0]}Un pont"}
        for n, text in enumerate(texts)
    ]
    return "\n".join(map(json.dumps, [{"version": 1, "users": [], "posts": []}, *rows]))


@pytest.mark.parametrize("strings", ["own", "purify"])
@pytest.mark.parametrize("written", [disqus, commento, remark42])
def test_hostile_strings_come_in_as_text_and_are_shown_as_text(written, strings, tmp_path, article):
    Article.objects.filter(pk=article.pk).update(canonical_url=BRIDGE)
    texts = [text for text in SETS[strings]() if text.isprintable()]
    path = tmp_path / "export.json"
    path.write_text(written(texts))
    run(path)
    comments = Comment.objects.visible()
    assert comments.count() > 15
    # Markdown shows what stands in code; others' strings hold markup that is escaped, and meant as text.
    if written is not commento and strings == "own":
        assert not [one.text for one in comments if f"<script>{RUNS}" in one.text or "<img" in one.text]
    address, pages = article.get_absolute_url(), []
    for after in range(0, comments.count(), 10):
        at = comments.order_by("pk")[after].public_id
        pages.append(Client().get(address, {"at": at}, follow=True).content)
    assert not [markup for page in pages for markup in markup_that_came_through(parsed(page))]
    assert not [page for page in pages if EMAIL.encode() in page]


def test_a_headline_of_an_export_is_text(tmp_path):
    path = tmp_path / "export.xml"
    path.write_text(disqus(["Bonjour."]))
    run(path)
    made = Article.objects.get()
    assert made.headline == "Un pont"
    assert made.published_at == datetime(2026, 3, 2, 8, tzinfo=UTC)
