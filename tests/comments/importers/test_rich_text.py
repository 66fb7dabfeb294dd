"""HTML and Markdown become text that says the same."""

from __future__ import annotations

import pytest

from comments.importers.rows.bad_row import BadRow
from comments.importers.rows.rich_text import HTML_MAX, MARKDOWN_MAX, from_html, from_markdown
from tests.work import worked

HTML = [
    ("Deux lignes\nsans balise", "Deux lignes\nsans balise"),
    ("<p>Un</p>\n<p>Deux<br>trois</p>", "Un\n\nDeux\ntrois"),
    ("a &amp; b &lt;b&gt; &nbsp;&eacute;", "a & b <b> \u00a0é"),
    ('<a href="https://e.example/a">mot</a>', "mot (https://e.example/a)"),
    ('<a href="https://e.example/a">https://www.e.example/a/</a>', "https://e.example/a"),
    ('<a href="https://e.example/abcdef">e.example/abc…</a>', "https://e.example/abcdef"),
    (
        '<a href="https://autre.example/">https://banque.example/</a>',
        "https://banque.example/ (https://autre.example/)",
    ),
    (
        '<a href="https://e.example/<img src=x onerror=y>">mot</a>',
        "mot (https://e.example/%3Cimg%20src=x%20onerror=y%3E)",
    ),
    ('<img src="https://e.example/i.png" alt="<b>chat</b>">', "https://e.example/i.png"),
    ('<a href="javascript:alert(1)">mot</a><a href="/u/x">@x</a>', "mot@x"),
    ('<a href="mailto:a@b.example?subject=x">écrire</a>', "écrire (a@b.example)"),
    ('<img src="https://e.example/i.png" alt="chat">', "chat (https://e.example/i.png)"),
    ('<img class="emoji" src="https://e.example/i.png" alt=":chat:">', ":chat:"),
    ("<script>alert(1)</script><style>p{}</style>mot", "mot"),
    ('<img src=x onerror="alert(1)">mot<svg onload=alert(1)>', "mot"),
    ("<ul><li>un</li><li><p>deux</p></li></ul><ol><li>a</li><li>b</li></ol>fin", "- un\n- deux\n\n1. a\n2. b\n\nfin"),
    ("<blockquote><p>cité</p></blockquote>dit", "> cité\n\ndit"),
    ("<pre>  a\n  b</pre>", "a\n  b"),
    ("<b>gras <i>et penché</b></i> <unknown>reste</unknown>", "gras et penché reste"),
    ("1 < 2 et 3 > 2", "1 < 2 et 3 > 2"),
    ("<!-- caché -->vu<![CDATA[x]]>", "vu"),
    ("", ""),
]
MARKDOWN = [
    ("Rien à tourner\nici : a_b_c, 2*3", "Rien à tourner\nici : a_b_c, 2*3"),
    ("*a* **b** `c`\nd", "a b c\nd"),
    ("[mot](https://e.example/a) <https://e.example/b>", "mot (https://e.example/a) https://e.example/b"),
    ("> cité\n\ndit", "> cité\n\ndit"),
    ("- un\n- deux", "- un\n- deux"),
    ("<script>alert(1)</script>\n\n<b>mot</b> [x](javascript:alert(1))", "mot [x](javascript:alert(1))"),
]
COSTLY = ["<div>", "<b><p>", "<ul><li>", "<a><b><i><u>", "&", "<", "<!--", "<table>"]
COSTLY_MARKDOWN = ["[", "![[](", "[](", "*a_ ", "> ", "`a", "a**b", "- "]


@pytest.mark.parametrize(("markup", "text"), HTML)
def test_html(markup, text):
    assert from_html(markup) == text


@pytest.mark.parametrize(("markup", "text"), MARKDOWN)
def test_markdown(markup, text):
    assert from_markdown(markup) == text


def test_line_ends_count_everywhere_where_they_are_kept():
    assert (
        from_html("un\n<blockquote>deux</blockquote>trois\nquatre", keep_lines=True) == "un\n\n> deux\n\ntrois\nquatre"
    )


@pytest.mark.parametrize(("turn", "most"), [(from_html, HTML_MAX), (from_markdown, MARKDOWN_MAX)])
def test_what_is_too_long_is_refused(turn, most):
    assert turn("a" * most)
    with pytest.raises(BadRow, match=str(most)):
        turn("a" * (most + 1))


@pytest.mark.parametrize("piece", COSTLY)
def test_markup_made_to_cost_time_costs_as_its_length(piece):
    assert_calls_grow_as_the_length(from_html, piece, HTML_MAX)


@pytest.mark.parametrize("piece", COSTLY_MARKDOWN)
def test_markdown_made_to_cost_time_costs_as_its_length(piece):
    assert_calls_grow_as_the_length(from_markdown, piece, MARKDOWN_MAX)


def assert_calls_grow_as_the_length(turn, piece, most):
    """Four times as long, four times the calls: sixteen times, where each piece looked at all the others."""
    with worked() as quarter:
        turn(piece * (most // 4 // len(piece)))
    with worked() as whole:
        turn(piece * (most // len(piece)))
    assert whole.calls <= 5 * quarter.calls
