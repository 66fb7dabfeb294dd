"""What each format's reader makes of the export written for it: nothing is lost, nothing is invented."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from comments.importers import FORMATS, format_of
from comments.importers.comment import ImportedComment
from comments.importers.export import Export
from newsroom.importers.source import RefusedArticle
from tests.comments.importers.reading import (
    EXPORTS,
    FIXTURES,
    READ_AT,
    comments,
    fixture,
    left_out,
    read,
    read_text,
    unreadable,
)

BRIDGE = "https://www.lecourrier.example/2026/pont-liberation/"
ASKED = datetime(2026, 3, 2, 8, 1, 2, tzinfo=UTC)
ANSWERED = datetime(2026, 3, 2, 9, 15, tzinfo=UTC)

# Fixture → (id, what it answers, status), in the order of the file.
ROWS = {
    "disqus.xml": [
        ("502", "501", "PUBLISHED"),
        ("501", "", "PUBLISHED"),
        ("503", "", "SPAM"),
        ("505", "504", "PUBLISHED"),
        ("506", "", "DELETED"),
        ("507", "", "PENDING"),
    ],
    "disqus-broken.xml": [("1", "", "PUBLISHED"), ("6", "", "PUBLISHED"), ("7", "", "PUBLISHED")],
    "wordpress.xml": [
        ("12", "11", "PUBLISHED"),
        ("11", "", "PUBLISHED"),
        ("14", "", "SPAM"),
        ("15", "99", "PENDING"),
        ("16", "", "DELETED"),
        ("17", "", "PUBLISHED"),
    ],
    "isso.json": [("1", "", "PUBLISHED"), ("2", "", "PUBLISHED")],
    "isso.sql": [("1", "", "PUBLISHED"), ("2", "1", "PUBLISHED"), ("3", "99", "PUBLISHED"), ("4", "", "PENDING")],
    "remark42.jsonl": [
        ("a1", "", "PUBLISHED"),
        ("a3", "a2", "PUBLISHED"),
        ("a2", "a1", "PUBLISHED"),
        ("a5", "a4", "PUBLISHED"),
        ("a7", "", "PUBLISHED"),
    ],
    "remark42-tree.json": [
        ("1", "", "PUBLISHED"),
        ("11", "1", "PUBLISHED"),
        ("111", "11", "PUBLISHED"),
        ("2", "", "PUBLISHED"),
    ],
    "commento.json": [("c2", "c1", "PUBLISHED"), ("c1", "", "PUBLISHED"), ("c3", "", "PENDING"), ("c4", "", "SPAM")],
    "coral/comments.jsonl": [
        ("k2", "k1", "PUBLISHED"),
        ("k1", "", "PUBLISHED"),
        ("k3", "", "PENDING"),
        ("k4", "", "DELETED"),
        ("k6", "", "PENDING"),
    ],
    "discourse.json": [("2", "", "PUBLISHED"), ("3", "2", "PUBLISHED"), ("4", "", "PENDING"), ("7", "", "DELETED")],
    "blogger.xml": [("401", "", "PUBLISHED"), ("402", "401", "PUBLISHED")],
    "blogger-takeout.atom": [
        ("402", "401", "PUBLISHED"),
        ("403", "", "SPAM"),
        ("404", "", "PUBLISHED"),
        ("405", "", "PENDING"),
        ("401", "", "PUBLISHED"),
    ],
}
# Fixture → lines that could not be read, and what was left out of it.
REST = {
    "disqus.xml": ([83], [("EMPTIED", 49)]),
    "disqus-broken.xml": ([14, 20, 26, 32, 52], []),
    "wordpress.xml": ([], [("PINGBACK", 54)]),
    "isso.json": ([3], []),
    "isso.sql": ([6, 7], [("EMPTIED", 5)]),
    "remark42.jsonl": ([7, 8, 9], [("EMPTIED", 5)]),
    "commento.json": ([6, 7], [("EMPTIED", 5)]),
    "coral/comments.jsonl": ([7, 8, 9], [("EMPTIED", 5)]),
    "discourse.json": ([8], [("STAFF_ONLY", 5), ("STAFF_ONLY", 6)]),
}
# Fixture → what the first question, and its answer, say.
SAID = {
    "disqus.xml": (
        "Par où passer\u00a0?\n\nLe détour fait 12\u00a0km.\nChaque matin.",
        "Je réponds avant la question\u00a0: voir https://www.mairie.example/plan-de-circulation-2026.html",
    ),
    "wordpress.xml": (
        "Par où passer ? 12 km de détour <tous les matins>",
        "Réponse avant la question : le plan (https://www.mairie.example/plan)\nDeuxième ligne.\n\nNouveau paragraphe.",
    ),
    "isso.sql": ("Par où passer ?\nLe détour fait 12 km : https://www.mairie.example/plan", "Par le nord."),
    "remark42.jsonl": ("Par où passer\u00a0? Le détour fait 12 km.", "Par le nord."),
    "remark42-tree.json": ("Par où passer ?", "Par le nord."),
    "commento.json": (
        "Par où passer ?\n\n- 12 km de détour\n- chaque matin",
        "Par le nord : le plan (https://www.mairie.example/plan).",
    ),
    "coral/comments.jsonl": ("Par où passer\u00a0?", "Par le nord\npuis le plan (https://www.mairie.example/plan)"),
    "discourse.json": (
        "Par où passer ? :car:\n\nVoir le plan (https://www.mairie.example/plan), @bruno",
        "Anaïs:\n\n> Par où passer ?\n\nPar le nord.",
    ),
    "blogger.xml": ("Par où passer ?\n\nVoir le plan (https://www.mairie.example/plan).", "Par le nord."),
    "blogger-takeout.atom": ("Par où passer ?\nChaque matin.", "Par le nord."),
}
EVERY = [(format, name) for format, names in FIXTURES.items() for name in names]


def test_each_format_has_a_fixture():
    assert set(FIXTURES) == set(FORMATS) - {"jsonl", "page"}
    assert set(ROWS) == {name for _format, name in EVERY}


@pytest.mark.parametrize(("format", "name"), EVERY)
def test_every_comment_is_told_with_what_it_answers_and_its_status(format, name, tmp_path):
    told = read(format, fixture(name, tmp_path))
    system = "wordpress" if format == "wxr" else format
    rows = [
        (one.id.removeprefix(f"{system}:"), one.parent.removeprefix(f"{system}:"), one.status.value)
        for one in comments(told)
    ]
    assert rows == ROWS[name]
    assert (unreadable(told), left_out(told)) == REST.get(name, ([], []))


@pytest.mark.parametrize(("format", "name"), EVERY)
def test_no_two_comments_have_the_same_place(format, name, tmp_path):
    lines = [one.line for one in comments(read(format, fixture(name, tmp_path)))]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(("format", "name"), [pair for pair in EVERY if pair[1] in SAID])
def test_texts_are_plain_and_keep_their_links_and_times_are_in_utc(format, name, tmp_path):
    found = comments(read(format, fixture(name, tmp_path)))
    asked = next(one for one in found if one.submitted_at.replace(microsecond=0) == ASKED)
    answer = next(one for one in found if one.submitted_at.replace(microsecond=0) == ANSWERED)
    assert (asked.text, answer.text) == SAID[name]
    assert asked.author_name == "Anaïs" and answer.author_name.lower() == "bruno"
    assert answer.parent == asked.id
    assert asked.submitted_at.tzinfo is UTC


@pytest.mark.parametrize(("format", "name"), EVERY)
def test_the_content_tells_the_format(format, name, tmp_path):
    path = fixture(name, tmp_path)
    assert format_of(Export(str(path), path, READ_AT)) == format


def one_of(format: str, name: str, id: str) -> ImportedComment:
    return next(one for one in comments(read(format, EXPORTS / name)) if one.id.endswith(f":{id}"))


def test_e_mails_are_kept_where_they_can_be_one():
    assert one_of("disqus", "disqus.xml", "501").email == "anais@lecteur.example"
    assert one_of("coral", "coral/comments.jsonl", "k2").email == "bruno@lecteur.example"
    assert one_of("commento", "commento.json", "c2").email == ""
    assert one_of("blogger", "blogger.xml", "401").email == ""


def test_votes_are_counted():
    assert one_of("coral", "coral/comments.jsonl", "k2").votes == 5
    assert one_of("coral", "coral/comments.jsonl", "k1").votes == 2
    assert one_of("remark42", "remark42.jsonl", "a1").votes == 3
    assert one_of("commento", "commento.json", "c4").votes == 3
    assert one_of("discourse", "discourse.json", "2").votes == 3


def test_what_an_export_knows_of_an_article_comes_with_the_comment():
    asked = one_of("disqus", "disqus.xml", "501")
    assert (asked.article, asked.article_headline) == (
        BRIDGE,
        "Le pont de la Libération ferme & la ville s’organise",
    )
    assert asked.article_published_at == datetime(2026, 3, 2, 6, 30, tzinfo=UTC)
    assert one_of("discourse", "discourse.json", "2").article == BRIDGE
    assert one_of("commento", "commento.json", "c1").article == BRIDGE
    # The second comment tells no title; the first one of the same page does.
    assert one_of("remark42", "remark42.jsonl", "a2").article_headline == "Le pont de la Libération ferme"


def test_a_drafts_title_is_not_told():
    assert one_of("wxr", "wordpress.xml", "17").article_headline == ""
    assert one_of("blogger", "blogger-takeout.atom", "404").article_headline == ""


def test_a_long_name_is_cut_and_an_impossible_date_refused(tmp_path):
    text = (
        (EXPORTS / "remark42.jsonl")
        .read_text()
        .replace("Chloé", "Chloé " * 50)
        .replace("2026-03-02T09", "2026-99-02T09")
    )
    told = read_text("remark42", text, tmp_path / "backup.jsonl")
    assert [len(one.author_name) for one in comments(told) if one.id == "remark42:a3"] == [60]
    assert {2, 4} <= set(unreadable(told))


def test_a_topic_of_which_only_the_first_posts_are_in_the_file_is_told(tmp_path):
    text = (EXPORTS / "discourse.json").read_text().replace("908]", "908, 909, 910]")
    told = read_text("discourse", text, tmp_path / "topic.json")
    assert [one.count for one in told if hasattr(one, "count")] == [7]


def test_other_versions_are_refused_by_name(tmp_path):
    text = (EXPORTS / "commento.json").read_text().replace('"version": 1', '"version": 9')
    with pytest.raises(RefusedArticle, match="9"):
        read_text("commento", text, tmp_path / "commento.json")
    text = (EXPORTS / "remark42.jsonl").read_text().replace('"version":1', '"version":7')
    with pytest.raises(RefusedArticle, match="7"):
        read_text("remark42", text, tmp_path / "backup.jsonl")


def test_coral_without_its_stories_tells_each_comment_unreadable(tmp_path):
    told = read_text("coral", (EXPORTS / "coral/comments.jsonl").read_bytes(), tmp_path / "comments.jsonl")
    assert comments(told) == [] and len(unreadable(told)) == 8
    assert read("coral", EXPORTS / "coral/stories.jsonl") == read("coral", EXPORTS / "coral/users.jsonl") == []
