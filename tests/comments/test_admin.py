"""The admin decides through the same door as the desk, on the versions it has shown."""

from __future__ import annotations

import pytest
from django.urls import reverse

from comments import claims
from comments.decisions import decide
from comments.models import Comment, Decision, Report, WordList
from comments.reports import file_report
from newsroom.models import Article, User

COMMENTS = reverse("admin:comments_comment_changelist")
REPORTS = reverse("admin:comments_report_changelist")


@pytest.fixture
def at_admin(signed_in, moderator):
    return signed_in(moderator)


def choose(browser, url: str, action: str, *rows, **more):
    return browser.post(url, {"action": action, "_selected_action": [row.pk for row in rows]} | more)


def versions(*comments: Comment) -> dict[str, int]:
    return {"confirmed": 1} | {f"version_{comment.pk}": comment.version for comment in comments}


class TestConfirming:
    def test_an_action_first_shows_the_texts_and_decides_nothing(self, at_admin, write):
        comment = write("Texte <b>à lire</b>")
        page = choose(at_admin, COMMENTS, "approve", comment)
        assert page.status_code == 200
        assert "Texte &lt;b&gt;à lire&lt;/b&gt;" in page.content.decode()
        assert f'name="version_{comment.pk}" value="1"' in " ".join(page.content.decode().split())
        assert not Decision.objects.exists()

    def test_confirming_decides_as_the_desk_would(self, at_admin, write, moderator):
        one, other = write("un"), write("deux")
        answer = choose(at_admin, COMMENTS, "approve", one, other, **versions(one, other))
        assert answer.status_code == 302
        assert set(Comment.objects.values_list("status", flat=True)) == {"APPROVED"}
        assert set(Decision.objects.values_list("moderator", "action")) == {(moderator.pk, "APPROVE")}

    def test_what_changed_since_it_was_shown_is_left_out_by_name(self, at_admin, write, colleague, at):
        fresh, stale, held = write("un"), write("deux", name="Gildas"), write("trois", name="Anselme")
        shown = versions(fresh, stale, held)
        decide(stale, action="APPROVE", version=1, by=colleague, at=at)
        from django.utils import timezone

        claims.take(held, by=colleague, at=timezone.now())
        answer = at_admin.post(
            COMMENTS,
            {"action": "reject", "_selected_action": [fresh.pk, stale.pk, held.pk], "ground": "SPAM"} | shown,
            follow=True,
        )
        page = answer.content.decode()
        assert "Gildas" in page
        assert "Anselme" in page
        assert [c.status for c in Comment.objects.order_by("pk")] == ["REJECTED", "APPROVED", "PENDING"]

    @pytest.mark.parametrize(("action", "field"), [("reject", "ground"), ("flag", "note")])
    def test_a_missing_ground_or_note_is_asked_for_and_nothing_happens(self, at_admin, pending, action, field):
        page = choose(at_admin, COMMENTS, action, pending, **versions(pending))
        assert page.status_code == 422
        assert f'name="{field}"' in page.content.decode()
        assert not Decision.objects.exists()
        done = choose(at_admin, COMMENTS, action, pending, **versions(pending), **{field: "ABUSE"})
        assert done.status_code == 302
        assert getattr(Decision.objects.get(), field) == "ABUSE"

    def test_a_forged_version_decides_nothing(self, at_admin, pending):
        choose(at_admin, COMMENTS, "approve", pending, confirmed=1, **{f"version_{pending.pk}": "99"})
        choose(at_admin, COMMENTS, "approve", pending, confirmed=1, **{f"version_{pending.pk}": "x"})
        choose(at_admin, COMMENTS, "approve", pending, confirmed=1)
        assert not Decision.objects.exists()


class TestReports:
    @pytest.mark.parametrize(
        ("action", "state", "status"), [("dismiss", "DISMISSED", "APPROVED"), ("uphold", "UPHELD", "REJECTED")]
    )
    def test_all_open_reports_of_a_comment_are_settled_together(self, at_admin, approved, at, action, state, status):
        for email in ("a@example.org", "b@example.org"):
            file_report(approved, reason="HATE", detail="", email=email, address="192.0.2.1", port=None, at=at)
        one = Report.objects.earliest("pk")
        choose(at_admin, REPORTS, action, one, ground="HATE", **versions(approved))
        assert set(Report.objects.values_list("state", flat=True)) == {state}
        assert Comment.objects.get().status == status


class TestLocked:
    def test_comments_cannot_be_added_edited_or_deleted(self, signed_in, admin, pending):
        browser = signed_in(admin)
        change = reverse("admin:comments_comment_change", args=[pending.pk])
        assert browser.get(reverse("admin:comments_comment_add")).status_code == 403
        assert (
            browser.post(reverse("admin:comments_comment_delete", args=[pending.pk]), {"post": "yes"}).status_code
            == 403
        )
        page = browser.get(change)
        assert page.status_code == 200
        assert 'name="status"' not in page.content.decode()
        assert 'name="_save"' not in page.content.decode()
        assert browser.post(change, {"status": "APPROVED", "text": "x"}).status_code == 403
        assert "delete_selected" not in browser.get(COMMENTS).content.decode()
        assert Comment.objects.get().is_pending

    def test_articles_and_people_are_not_deleted(self, signed_in, admin, article, moderator):
        browser = signed_in(admin)
        for name, row in (("newsroom_article", article), ("newsroom_user", moderator)):
            answer = browser.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"})
            assert answer.status_code == 403
        assert Article.objects.exists()
        assert User.objects.filter(pk=moderator.pk).exists()

    def test_an_article_body_is_cleaned_and_its_slug_stays(self, signed_in, admin, article):
        url = reverse("admin:newsroom_article_change", args=[article.pk])
        form = {
            "headline": "Nouveau titre",
            "slug": "autre-adresse",
            "body": '<p onclick="x()">Bon</p><script>alert(1)</script>',
            "language": "fr",
            "published_at_0": "2026-11-20",
            "published_at_1": "10:00",
            "related": "[]",
            "is_published": "on",
            "old_slugs-TOTAL_FORMS": "0",
            "old_slugs-INITIAL_FORMS": "0",
        }
        answer = signed_in(admin).post(url, form)
        assert answer.status_code == 302, answer.context["errors"] if answer.context else ""
        article.refresh_from_db()
        assert article.headline == "Nouveau titre"
        assert article.slug == "pont-des-tanneurs"
        assert article.body.strip() == "<p>Bon</p>"


class TestWhoSeesWhat:
    @pytest.mark.parametrize(
        ("who", "sees", "not_seen"),
        [
            ("moderator", ["comment", "report"], ["article", "reader", "wordlist", "discussion"]),
            ("chief", ["comment", "report", "wordlist", "reader", "discussion"], ["article", "user"]),
            ("admin", ["comment", "report", "wordlist", "reader", "discussion", "article", "user"], []),
        ],
    )
    def test_each_role_sees_its_pages(self, signed_in, request, who, sees, not_seen):
        browser = signed_in(request.getfixturevalue(who))
        for model, status in [(model, 200) for model in sees] + [(model, 403) for model in not_seen]:
            app = "newsroom" if model in ("article", "user") else "comments"
            assert browser.get(reverse(f"admin:{app}_{model}_changelist")).status_code == status, model

    def test_an_editor_has_no_business_there(self, signed_in, editor):
        assert signed_in(editor).get(COMMENTS).status_code in (302, 403)


class TestWordLists:
    def test_a_pattern_that_cannot_be_read_is_told_with_its_line(self, signed_in, chief):
        url = reverse("admin:comments_wordlist_add")
        form = {"name": "Injures", "ground": "ABUSE", "words": "andouille", "patterns": "ok\n(a", "is_active": "on"}
        answer = signed_in(chief).post(url, form)
        assert answer.status_code == 200
        assert "(a" in answer.content.decode()
        assert not WordList.objects.exists()
        signed_in(chief).post(url, form | {"patterns": "a+"})
        assert WordList.objects.get().words == "andouille"


def test_lists_cost_the_same_whatever_they_hold(at_admin, publish, django_assert_max_num_queries, at):
    for number in range(3):
        publish(f"texte {number}")
    with django_assert_max_num_queries(14):
        at_admin.get(COMMENTS)
    for number in range(20):
        comment = publish(f"encore {number}", email=f"e{number}@example.org")
        file_report(comment, reason="SPAM", detail="", email="", address=f"192.0.2.{number}", port=None, at=at)
    with django_assert_max_num_queries(14):
        at_admin.get(COMMENTS)
    with django_assert_max_num_queries(14):
        at_admin.get(REPORTS)


def test_a_reader_is_found_by_the_name_shown_and_counted_once(signed_in, admin, publish):
    publish("un", name="Odile")
    publish("deux", name="Odile")
    publish("trois", name="Gildas", email="gildas@example.org")
    url = reverse("admin:comments_reader_changelist")
    page = signed_in(admin).get(url, {"q": "Odile"}).content.decode()
    assert page.count("yannick@example.org") == 1
    assert "gildas@example.org" not in page
    assert ">2</a>" in page
