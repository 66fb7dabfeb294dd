"""Signing in: who arrives where, and what stays closed."""

from __future__ import annotations

import pytest
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import translation

LOGIN = "/accounts/login/"


@pytest.fixture(autouse=True)
def _no_attempts_yet(db):
    cache.clear()


def sign_in(client: Client, username: str, password: str = "demo", **extra: str):
    return client.post(LOGIN, {"login": username, "password": password, **extra})


@pytest.mark.parametrize(
    ("who", "where"),
    [
        ("moderator", "/moderation/"),
        ("chief", "/moderation/"),
        ("editor", "/moderation/articles/"),
        ("admin", "/admin/"),
    ],
)
def test_each_member_of_the_newsroom_lands_where_the_work_is(client, request, who, where):
    user = request.getfixturevalue(who)
    landing = sign_in(client, user.username)
    assert (landing.status_code, landing["Location"]) == (302, reverse("account_landing"))
    assert client.get(landing["Location"])["Location"] == where


def test_who_was_on_the_way_somewhere_arrives_there(client, moderator):
    assert sign_in(client, "mona", next="/moderation/articles/")["Location"] == "/moderation/articles/"


@pytest.mark.parametrize("outside", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"])
def test_a_foreign_next_is_ignored(client, moderator, outside):
    assert sign_in(client, "mona", next=outside)["Location"] == reverse("account_landing")


def test_an_account_without_a_role_is_told_so_and_can_leave(client, stranger):
    sign_in(client, "serge")
    for refused in (reverse("account_landing"), "/moderation/"):
        page = client.get(refused)
        assert page.status_code == 403
        assert reverse("account_logout") in page.content.decode()


def test_nobody_lands_without_signing_in(client):
    assert client.get("/accounts/")["Location"] == f"{LOGIN}?next=/accounts/"


def test_there_is_no_door_to_sign_up(client):
    assert client.get("/accounts/signup/").status_code == 404
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")


def test_a_wrong_password_says_so_and_keeps_the_name(client, moderator):
    page = sign_in(client, "mona", "wrong")
    text = page.content.decode()
    assert page.status_code == 200
    assert 'value="mona"' in text
    assert 'role="alert"' in text
    assert "wrong" not in text.replace("went wrong", "")


def test_guessing_is_stopped_even_for_the_right_password(client, moderator):
    for _ in range(5):
        sign_in(client, "mona", "wrong")
    sign_in(client, "mona")
    assert "_auth_user_id" not in client.session


def test_the_admins_own_sign_in_hands_over_to_ours(client, admin):
    answer = client.post("/admin/login/", {"username": "adele", "password": "demo"})
    assert (answer.status_code, answer["Location"].split("?")[0]) == (302, LOGIN)
    assert "_auth_user_id" not in client.session


def test_signing_out_asks_first(client, moderator):
    client.force_login(moderator)
    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    client.post("/accounts/logout/")
    assert "_auth_user_id" not in client.session


def test_a_post_without_its_token_is_refused_with_a_page(moderator):
    page = sign_in(Client(enforce_csrf_checks=True), "mona")
    assert page.status_code == 403
    assert "error-code" in page.content.decode()


def test_staff_pages_speak_each_persons_language(client, moderator, settings):
    settings.LANGUAGE_CODE = "fr"
    moderator.language = "en"
    moderator.save()
    client.force_login(moderator)
    assert '<html lang="en">' in client.get("/accounts/password/change/").content.decode()
    assert f'<html lang="{translation.get_language()}">' in client.get("/").content.decode()


def test_one_chooses_ones_language(client, moderator):
    client.force_login(moderator)
    answer = client.post(reverse("staff_language"), {"language": "en", "next": "/moderation/"})
    assert answer["Location"] == "/moderation/"
    moderator.refresh_from_db()
    assert moderator.language == "en"
    assert client.post(reverse("staff_language"), {"language": "tlh"}).status_code == 400
    foreign = client.post(reverse("staff_language"), {"language": "", "next": "https://elsewhere.example/"})
    assert foreign["Location"] == reverse("account_landing")


def test_staff_pages_are_kept_by_nobody(client):
    for page in (LOGIN, reverse("account_reset_password_done"), "/accounts/nothing/here/"):
        assert "no-store" in client.get(page)["Cache-Control"]


def test_a_forgotten_password_is_changed_by_a_link(client, moderator, settings):
    moderator.email = "mona@example.org"
    moderator.save()
    client.post("/accounts/password/reset/", {"email": "mona@example.org"})
    link = next(word for word in mail.outbox[0].body.split() if "/accounts/password/reset/key/" in word)
    page = client.get(link, follow=True)
    changed = client.post(
        page.request["PATH_INFO"], {"password1": "une-phrase-longue", "password2": "une-phrase-longue"}
    )
    assert changed.status_code == 302
    assert sign_in(Client(), "mona", "une-phrase-longue").status_code == 302


def test_an_unknown_address_gets_the_same_answer_and_no_mail(client):
    answer = client.post("/accounts/password/reset/", {"email": "nobody@example.org"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("account_reset_password_done"))
    assert mail.outbox == []
