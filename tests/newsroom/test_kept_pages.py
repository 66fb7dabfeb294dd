"""A kept page is the page: the same bytes and headers as when it was made, and never longer than it is true."""

from __future__ import annotations

import gzip

import pytest
from django.core.cache import caches
from django.test import Client
from django.test.utils import override_script_prefix
from django.urls import resolve
from hypothesis import example, given
from hypothesis import strategies as some

from comments.discussions import close, reopen
from comments.models import Comment, Discussion
from newsroom.middleware import _ARTICLE
from newsroom.models import Article, Section
from newsroom.pages import kept, state
from newsroom.pages.memory import Memory
from newsroom.staff_paths import is_staff_page
from tests.conftest import NOON, make_article

KEPT_PAGES = "newsroom.middleware.kept_pages"


@pytest.fixture
def url(article, approved) -> str:
    return article.get_absolute_url()


def facts(answer) -> tuple[int, list[tuple[str, str]], bytes]:
    return answer.status_code, sorted(answer.items()), answer.content


@pytest.fixture
def made_and_kept(url):
    """(the answer that made the copy, the answer from the copy) to one request."""

    def ask(*, method: str = "get", query: str = "", **how: object):
        caches["pages"].clear()
        first, second = (getattr(Client(), method)(url + query, **how) for _time in range(2))
        return facts(first), facts(second)

    return ask


@pytest.mark.parametrize("query", ["", "?sort=oldest", "?posted=1", "?at=5", "?utm_source=%C3%A9t%C3%A9"])
@pytest.mark.parametrize("encoding", ["", "gzip, br", "gzip;q=0", "identity"])
def test_the_kept_answer_is_the_one_that_was_made(made_and_kept, query, encoding):
    made, kept_one = made_and_kept(query=query, headers={"Accept-Encoding": encoding})
    assert made == kept_one
    assert dict(made[1]).get("Content-Encoding") == ("gzip" if encoding == "gzip, br" else None)
    assert dict(made[1])["Content-Length"] == str(len(made[2]))


@pytest.mark.parametrize("headers", [{"If-None-Match": "*"}, {"If-Match": '"another"'}, {"If-None-Match": '"another"'}])
def test_a_conditional_answer_is_the_same_from_a_copy(made_and_kept, headers):
    made, kept_one = made_and_kept(headers=headers)
    assert made == kept_one
    assert {"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} <= dict(made[1]).keys()


def test_nothing_is_lost_by_answering_before_the_rest(url, settings):
    """Without the copies the page is the same, but for its tag and that it comes uncompressed."""
    kept_one = Client().get(url)
    settings.MIDDLEWARE = [name for name in settings.MIDDLEWARE if name != KEPT_PAGES]
    bare = Client().get(url)
    assert bare.content == kept_one.content
    own = {name: value for name, value in kept_one.items() if name not in ("ETag", "Vary")}
    assert own == dict(bare.items())


def test_head_is_get_without_the_body(url):
    for _made_then_kept in range(2):
        head, get = Client().head(url), Client().get(url)
        assert (head.content, sorted(head.items())) == (b"", sorted(get.items()))


def test_the_compressed_page_is_the_page(url):
    plain = Client().get(url)
    packed = Client().get(url, headers={"Accept-Encoding": "gzip"})
    assert gzip.decompress(packed.content) == plain.content
    assert packed["ETag"] == plain["ETag"]
    assert packed["Vary"] == plain["Vary"] == "Accept-Encoding"


def test_a_copy_is_refused_where_the_page_is(url, settings, django_assert_num_queries):
    """A foreign host, malformed input, another method, plain HTTP where only TLS is spoken."""
    Client().get(url)
    settings.ALLOWED_HOSTS = ["www.example.org"]
    refused = [Client().get(url, headers={"Host": "evil.example"}), Client().get(url, QUERY_STRING="a=%ff")]
    assert [answer.status_code for answer in refused] == [400, 400]
    settings.ALLOWED_HOSTS = ["testserver"]
    assert Client().post(url).status_code == 405
    settings.SECURE_SSL_REDIRECT = True
    settings.SECURE_HSTS_SECONDS = 60
    assert Client().get(url).status_code == 301
    for _made_then_kept in range(2):
        secure = Client().get(url, secure=True)
        assert (secure.status_code, secure["Strict-Transport-Security"]) == (200, "max-age=60")


def test_a_cookie_that_one_visitor_is_sent_is_kept_for_nobody(url):
    """Django sends an empty session's cookie back to be forgotten."""
    Client().get(url, headers={"Cookie": "sessionid="})
    answer = Client().get(url)
    assert not answer.cookies
    assert answer["Vary"] == "Accept-Encoding"


def test_every_change_is_another_page_at_once(url, article, approved, editor, take, publish):
    """Whoever writes, by whatever door: the state is read from the rows themselves."""
    changes = [
        lambda: publish("Encore une."),
        lambda: take(approved, "REJECT"),
        lambda: take(approved, "APPROVE"),
        lambda: take(approved, "EDIT", by="author", text="Autre texte."),
        lambda: close(article, by=editor, reason="Assez.", at=NOON),
        lambda: reopen(article, by=editor),
        lambda: Article.objects.update(body="<p>Corrigé.</p>"),
        lambda: Article.objects.update(image_alt="Le pont"),
        lambda: Section.objects.update(name="Cité"),
        lambda: Section.objects.create(name="Culture", slug="culture", position=2),
        lambda: Article.objects.update(section=None),
    ]
    seen = {Client().get(url)["ETag"]}
    # Opening again what was closed gives the page of before.
    for number, change in enumerate(changes):
        change()
        page = Client().get(url)
        assert page["ETag"] not in seen or number == 5, f"change {number}"
        assert page.content == _made_now(url), f"change {number}"
        seen.add(page["ETag"])
    Article.objects.update(is_published=False)
    assert Client().get(url).status_code == 404


def test_a_page_made_below_another_prefix_is_kept_for_that_prefix_alone(url):
    """SCRIPT_NAME may come from a proxy: every link and form of the page begins with it."""
    with override_script_prefix("/ailleurs/"):
        assert 'action="/ailleurs/' in Client().get(url).content.decode()
    assert "/ailleurs/" not in Client().get(url).content.decode()


def test_below_a_prefix_a_staff_page_is_one_still(rf):
    for page in ("/moderation/", "/admin/", "/accounts/login/"):
        assert is_staff_page(rf.get(page, SCRIPT_NAME="/ailleurs"))
    assert not is_staff_page(rf.get("/articles/pont/", SCRIPT_NAME="/admin"))


# Texts made of what a tag tells lengths and ends with, so that one list of values could be taken for another.
VALUES = some.lists(
    some.text("1 \n\"'é\ud800", max_size=4) | some.integers(0, 12) | some.none(), min_size=2, max_size=3
)


@given(VALUES, VALUES)
@example(["1\n1 1", "1"], ["1", "1\n1 1"])
@example([1, "1"], ["1", 1])
def test_no_two_states_have_one_tag(one, other):
    assert (kept._tag_of(one) == kept._tag_of(other)) == (one == other)


def _made_now(url: str) -> bytes:
    caches["pages"].clear()
    return Client().get(url).content


def test_a_page_that_changes_while_it_is_made_is_not_kept(url, article, monkeypatch):
    """The state is read before and after; between them a headline changes, and changes back."""
    states = [("before",), ("after",), ("before",), ("before",)]
    monkeypatch.setattr(kept, "state_of", lambda slug: states.pop(0))
    Article.objects.update(headline="Entre deux")
    between = Client().get(url)
    Article.objects.update(headline="Comme avant")
    again = Client().get(url)
    assert b"Entre deux" in between.content
    assert b"Comme avant" in again.content
    assert between["ETag"] != again["ETag"]


def test_a_database_that_does_not_answer_is_asked_the_long_way(url, monkeypatch):
    monkeypatch.setattr(kept, "state_of", lambda slug: None)
    assert Client().get(url).status_code == 200


def test_the_route_of_an_article_is_the_one_of_the_site_map(article):
    for path in ("/articles/a/", "/articles/a-b_C9/", "/articles/a", "/articles/é/", "/articles/a/b/", "/articles//"):
        assert bool(_ARTICLE.fullmatch(path)) == (_name(path) == "article"), path


def _name(path: str) -> str | None:
    from django.urls import Resolver404

    try:
        return resolve(path).url_name
    except Resolver404:
        return None


def test_a_thread_that_never_moved_reads_like_none(section, write):
    silent, waited_for = make_article(section, slug="a"), make_article(section, slug="b")
    before = state.state_of("b")
    write(under=waited_for)
    assert Discussion.objects.filter(article=waited_for).exists()
    assert state.state_of("b") == before
    assert state.state_of(silent.slug) != before


class TestMemory:
    """Bounded in bytes: what was used least leaves first."""

    @pytest.fixture
    def memory(self) -> Memory:
        memory = Memory("test of memory", {"OPTIONS": {"bytes": 100}})
        memory.clear()
        return memory

    def test_the_least_used_leaves_when_room_is_needed(self, memory):
        memory.set("a", b"x" * 40)
        memory.set("b", b"x" * 40)
        assert memory.get("a")
        memory.set("c", b"x" * 40)
        assert [bool(memory.get(name)) for name in "abc"] == [True, False, True]

    def test_what_is_larger_than_all_room_is_not_kept(self, memory):
        memory.set("a", b"x" * 101)
        assert memory.get("a") is None
        memory.set("b", b"x" * 100)
        assert memory.get("b")

    def test_what_is_replaced_gives_its_room_back(self, memory):
        for _time in range(10):
            memory.set("a", b"x" * 60)
        memory.set("b", b"x" * 40)
        assert memory.get("a") and memory.get("b")
        assert memory.delete("a") and not memory.delete("a")


def test_comments_are_poured_as_the_template_writes_them(url, article, publish):
    """The mould's pieces hold what the template would have escaped."""
    hostile = "</p><script>alert('1')</script> %s %(name)s \ue000name\ue000 9007199254740991 &amp; \"x\""
    comment = publish(f"{hostile}\n\nseconde", name="<i>%d</i>'\"")
    page = Client().get(url).content.decode()
    for shown in ("&lt;script&gt;alert(&#x27;1&#x27;)", "%s %(name)s \ue000name\ue000 9007199254740991 &amp;amp;"):
        assert shown in page
    assert 'data-name="&lt;i&gt;%d&lt;/i&gt;&#x27;&quot;"' in page
    assert page.count(f'id="comment-{comment.public_id}"') == 1
    assert Comment.objects.get(pk=comment.pk).text in comment.text
