"""A reader writes: what is taken in, what is refused, what makes two posts the same."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.http import QueryDict
from django.urls import reverse

from comments import submission
from comments.forms import CommentForm, UnseenCommentForm, sign_time
from comments.limits import TooMany
from comments.models import Comment, Finding, LimitCount, Reader, Trace
from comments.submission import Post, submit
from newsroom.models import Article
from tests.conftest import make_article

POST = Post(
    author_name="Odile F.", email="Odile@Example.org", text="Et les riverains du quai bas ?", address="192.0.2.7"
)
FORM = {"author_name": "Odile F.", "email": "odile@example.org", "text": "Et les riverains du quai bas ?"}


def send(reader, article: Article, **fields):
    return reader.post(reverse("submit_comment", args=[article.slug]), FORM | fields)


class TestTakenIn:
    def test_a_comment_waits_with_its_reader_and_its_trace(self, article, at):
        comment = submit(article, post=POST, at=at)
        comment.refresh_from_db()
        assert (comment.status, comment.version, comment.submitted_at) == ("PENDING", 1, at)
        assert comment.reader is not None
        assert comment.reader.email == "odile@example.org"
        assert Trace.objects.get().address == "192.0.2.7"

    def test_the_text_is_stored_as_written(self, article, at):
        hostile = "<script>alert(1)</script> & « tout » 'ça'"
        assert submit(article, post=replace(POST, text=hostile), at=at).text == hostile

    def test_an_answer_hangs_under_its_branch(self, article, publish, at):
        top = publish("haut")
        first = publish("un", parent=top)
        second = publish("deux", parent=first)
        third = submit(article, post=replace(POST, parent_public_id=second.public_id), at=at)
        assert (third.parent, third.root, third.limb, third.depth) == (second, top, first, 3)

    @pytest.mark.parametrize("state", ["hidden", "elsewhere", "missing"])
    def test_answering_what_is_not_visible_here_says_the_same_whatever_it_is(
        self, article, section, pending, publish, at, state
    ):
        other = make_article(section, slug="autre")
        wanted = {"hidden": pending.public_id, "elsewhere": publish(under=other).public_id, "missing": 12345}[state]
        before = Comment.objects.count()
        with pytest.raises(submission.NothingToAnswer, match=r"no longer there|n’est plus là"):
            submit(article, post=replace(POST, parent_public_id=wanted), at=at)
        assert Comment.objects.count() == before

    def test_every_finding_is_kept_and_suspects_wait_apart(self, article, at):
        links = "https://a.example https://b.example https://c.example"
        comment = submit(
            article, post=replace(POST, text=f"{links} VENEZ TOUS ICI MAINTENANT", honeypot_filled=True), at=at
        )
        assert comment.is_suspect
        assert {"links", "honeypot", "shouting"} <= set(Finding.objects.values_list("rule", flat=True))
        assert comment.status == "PENDING"

    def test_a_text_sent_again_under_another_article_is_found_repeated(self, article, section, at):
        submit(article, post=POST, at=at)
        again = submit(make_article(section, slug="autre"), post=POST, at=at)
        assert again.is_suspect
        assert Finding.objects.get().rule == "repeat_post"

    def test_a_post_costs_few_statements(self, reader, article, django_assert_num_queries):
        """Article, policy, what is known; BEGIN, limits, comment, words, imprint, trace, COMMIT.

        PostgreSQL writes all of it in one.
        """
        at_once = connection.vendor == "postgresql"
        send(reader, article)
        with django_assert_num_queries(6 if at_once else 10):
            send(reader, article, text="Une autre question.")
        # To write down a reader met for the first time is one more, or a part of the one.
        with django_assert_num_queries(6 if at_once else 11):
            send(reader, article, email="autre@example.org")


class TestTheSamePost:
    def test_is_one_comment_and_counts_once(self, article, at):
        first = submit(article, post=POST, at=at)
        assert submit(article, post=POST, at=at + timedelta(minutes=1)) == first
        assert Comment.objects.count() == 1
        assert {row.count for row in LimitCount.objects.all()} == {1}

    @pytest.mark.parametrize(
        "change",
        [{"text": "Autre chose."}, {"author_name": "Odile"}, {"email": "autre@example.org"}, {"idempotency_key": "k"}],
        ids=lambda change: next(iter(change)),
    )
    def test_is_another_comment_once_anything_differs(self, article, at, change):
        submit(article, post=POST, at=at)
        submit(article, post=replace(POST, **change), at=at)
        assert Comment.objects.count() == 2

    def test_without_a_key_is_a_new_one_the_next_day(self, article, at):
        submit(article, post=POST, at=at)
        submit(article, post=POST, at=at + timedelta(days=1))
        assert Comment.objects.count() == 2

    def test_with_a_key_stays_one_the_next_day(self, article, at):
        keyed = replace(POST, idempotency_key="k")
        assert submit(article, post=keyed, at=at) == submit(article, post=keyed, at=at + timedelta(days=1))


class TestLimits:
    def test_too_many_from_one_address_are_refused_and_write_nothing(self, article, at, settings):
        settings.COMMENTS = settings.COMMENTS | {"LIMIT_SUBMIT_PER_ADDRESS": (2, 600)}
        for number in range(2):
            submit(article, post=replace(POST, text=f"Texte {number}", email=f"r{number}@example.org"), at=at)
        with pytest.raises(TooMany) as refused:
            submit(article, post=replace(POST, email="r3@example.org"), at=at)
        assert 0 < refused.value.retry_after <= 600
        assert Comment.objects.count() == 2
        assert Reader.objects.count() == 2
        submit(article, post=replace(POST, email="r3@example.org"), at=at + timedelta(minutes=10))

    def test_too_many_from_one_reader_are_refused_from_any_address(self, article, at, settings):
        settings.COMMENTS = settings.COMMENTS | {"LIMIT_SUBMIT_PER_READER": (1, 600)}
        submit(article, post=POST, at=at)
        with pytest.raises(TooMany):
            submit(article, post=replace(POST, text="Encore.", address="192.0.2.8"), at=at)

    def test_one_ipv6_line_is_one_address(self, article, at, settings):
        settings.COMMENTS = settings.COMMENTS | {"LIMIT_SUBMIT_PER_ADDRESS": (2, 600)}
        for number in range(2):
            post = replace(POST, email=f"r{number}@example.org", address=f"2001:db8:1:2::{number}")
            submit(article, post=post, at=at)
        with pytest.raises(TooMany):
            submit(article, post=replace(POST, email="r9@example.org", address="2001:db8:1:2::9"), at=at)
        submit(article, post=replace(POST, email="r9@example.org", address="2001:db8:1:3::9"), at=at)

    def test_a_form_over_the_limit_answers_429_and_keeps_what_was_typed(self, reader, article, settings):
        settings.COMMENTS = settings.COMMENTS | {"LIMIT_SUBMIT_PER_ADDRESS": (1, 600)}
        send(reader, article)
        answer = send(reader, article, text="Un second texte.")
        assert answer.status_code == 429
        assert int(answer["Retry-After"]) > 0
        assert "Un second texte." in answer.content.decode()
        assert Comment.objects.count() == 1


class TestTheForm:
    @pytest.mark.parametrize(
        "query",
        [
            "author_name=Odile&email=o@example.org&text=Bonjour",
            "author_name=Odile&author_name=Ada&email=%20O@Example.org%20&text=%20a%0D%0Ab%20&parent=12&signed_time=x:y",
            "author_name=%20&email=&text=%0A",
            "author_name=R%C3%A9daction&email=o@example.org&text=x",
            "author_name=a%00b&email=o@example.org&text=a%00b&website=%00",
            "author_name=%E2%80%8B&email=o@&text=%E2%80%8B&parent=abc",
            f"author_name={'x' * 61}&email={'x' * 250}@example.org&text={'x' * 5001}&idempotency_key={'k' * 70}",
            "website=https://spam.example&text[]=x",
            "",
        ],
    )
    def test_the_form_that_nobody_sees_reads_a_post_as_the_one_that_is_shown(self, query, db):
        unseen, shown = UnseenCommentForm(QueryDict(query)), CommentForm(QueryDict(query))
        assert (unseen.errors, unseen.cleaned_data) == (shown.errors, shown.cleaned_data)
        assert unseen.fields is UnseenCommentForm.base_fields
        assert set(map(id, unseen.fields.values())).isdisjoint(map(id, shown.fields.values()))

    def test_a_reader_without_scripts_can_post(self, reader, article):
        answer = send(reader, article)
        assert answer.status_code == 303
        assert answer["Location"] == f"{article.get_absolute_url()}?posted=1#comments"
        page = reader.get(answer["Location"]).content.decode()
        assert "Merci pour votre commentaire. Il sera visible prochainement sous réserve de validation." in page
        assert not Finding.objects.exists()
        assert FORM["text"] not in page

    def test_a_script_gets_a_key_and_a_signed_time_that_nobody_keeps(self, reader, article):
        answer = reader.get(reverse("comment_key", args=[article.slug]))
        assert "no-store" in answer["Cache-Control"]
        told = answer.json()
        assert told["delay"] == ""
        again = reader.get(reverse("comment_key", args=[article.slug])).json()
        assert again["key"] != told["key"]
        send(reader, article, idempotency_key=told["key"], signed_time=told["signed_time"])
        send(reader, article, idempotency_key=told["key"], signed_time=told["signed_time"])
        assert Comment.objects.count() == 1

    @pytest.mark.parametrize("signed", ["forged", "quick", "old"])
    def test_a_form_that_no_person_filled_in_waits_among_the_suspects(self, reader, article, signed, at):
        from django.utils import timezone

        now = timezone.now()
        value = {"forged": "x:y", "quick": sign_time(now), "old": sign_time(now - timedelta(hours=25))}[signed]
        assert send(reader, article, signed_time=value).status_code == 303
        assert Comment.objects.get().is_suspect
        assert Finding.objects.get().rule == "form_time"

    def test_a_filled_trap_field_is_thanked_and_held(self, reader, article):
        assert send(reader, article, website="https://spam.example").status_code == 303
        assert Finding.objects.get().rule == "honeypot"

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("author_name", ""),
            ("author_name", " \u200b "),
            ("author_name", "x" * 61),
            ("author_name", "La Rédaction"),
            ("author_name", "Mоdérateur"),  # the first o is Cyrillic
            ("email", ""),
            ("email", "odile@"),
            ("text", ""),
            ("text", " \n\t "),
            ("text", "x" * 5001),
            ("parent", "12345"),
            ("parent", "abc"),
            ("parent", "9" * 40),
            ("email", "a@" + ".".join(["\u0130" * 20] * 11) + ".org"),
        ],
    )
    def test_a_mistake_answers_422_beside_the_field_and_keeps_the_rest(self, reader, article, field, value):
        answer = send(reader, article, **{field: value})
        assert answer.status_code == 422
        page = answer.content.decode()
        kept = {name: text for name, text in FORM.items() if name != field}
        assert all(text in page for text in kept.values())
        assert not Comment.objects.exists()

    def test_a_closed_discussion_answers_403_with_the_sentence_and_the_text(self, reader, article, editor, at):
        from comments import discussions

        discussions.close(article, by=editor, reason="Trop vif", at=at)
        answer = send(reader, article)
        assert answer.status_code == 403
        assert FORM["text"] in answer.content.decode()
        assert "Trop vif" not in answer.content.decode()
        assert not Comment.objects.exists()

    @pytest.mark.parametrize("where", ["missing", "unpublished"])
    def test_an_article_that_is_not_there_answers_404(self, reader, article, where):
        Article.objects.filter(pk=article.pk).update(is_published=False)
        slug = {"missing": "nulle-part", "unpublished": article.slug}[where]
        assert reader.post(reverse("submit_comment", args=[slug]), FORM).status_code == 404

    @pytest.mark.parametrize(
        ("headers", "status"),
        [
            ({}, 303),
            ({"Sec-Fetch-Site": "same-origin"}, 303),
            ({"Origin": "http://testserver"}, 303),
            ({"Referer": "http://testserver/articles/x/"}, 303),
            ({"Sec-Fetch-Site": "cross-site"}, 403),
            ({"Sec-Fetch-Site": "same-site"}, 403),
            ({"Origin": "https://elsewhere.example"}, 403),
            ({"Origin": "null"}, 403),
            ({"Referer": "https://elsewhere.example/testserver"}, 403),
            ({"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"}, 403),
        ],
    )
    def test_a_post_from_a_foreign_page_is_refused(self, reader, article, headers, status):
        answer = reader.post(reverse("submit_comment", args=[article.slug]), FORM, headers=headers)
        assert answer.status_code == status
        assert Comment.objects.exists() == (status == 303)

    def test_htmx_gets_the_forms_part(self, reader, article):
        htmx = {"HX-Request": "true"}
        url = reverse("submit_comment", args=[article.slug])
        thanks = reader.post(url, FORM, headers=htmx)
        assert thanks.status_code == 200
        assert "Merci pour votre commentaire." in thanks.content.decode()
        assert "<html" not in thanks.content.decode()
        mistake = reader.post(url, FORM | {"email": "odile@"}, headers=htmx)
        assert mistake.status_code == 422
        assert FORM["text"] in mistake.content.decode()
