"""Who is signed in, and what they may do, is asked anew by each request."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client
from django.utils import timezone

from newsroom import roles
from newsroom.composed import Composed
from newsroom.models import User

DESK = "/moderation/?queue=pending"


@pytest.fixture
def decide() -> Permission:
    app, code = roles.DECIDE.split(".")
    return Permission.objects.get(content_type__app_label=app, codename=code)


@pytest.fixture
def without_rights(stranger, signed_in) -> Client:
    """Of somebody without any right."""
    return signed_in(stranger)


def test_a_right_of_ones_own_counts_from_the_next_request_on_and_no_longer(without_rights, stranger, decide):
    assert without_rights.get(DESK).status_code == 403
    stranger.user_permissions.add(decide)
    assert without_rights.get(DESK).status_code == 200
    stranger.user_permissions.remove(decide)
    assert without_rights.get(DESK).status_code == 403


def test_a_right_of_a_group_counts_from_the_next_request_on_and_no_longer(without_rights, stranger):
    stranger.groups.add(Group.objects.get(name=roles.MODERATORS))
    assert without_rights.get(DESK).status_code == 200
    stranger.groups.clear()
    assert without_rights.get(DESK).status_code == 403


def test_rights_are_those_that_django_counts(chief, stranger, decide):
    stranger.user_permissions.add(decide)
    stranger.groups.add(Group.objects.get(name=roles.MODERATORS))
    for person in (chief, stranger, User.objects.create(username="nobody")):
        granted = Permission.objects.filter(user=person) | Permission.objects.filter(group__user=person)
        counted = {f"{one.content_type.app_label}.{one.codename}" for one in granted.distinct()}
        assert person.get_all_permissions() == counted


def test_who_is_deactivated_is_signed_out(moderator, signed_in):
    at_work = signed_in(moderator)
    assert at_work.get(DESK).status_code == 200
    User.objects.filter(pk=moderator.pk).update(is_active=False)
    assert at_work.get(DESK).status_code == 302


def test_a_new_password_ends_the_other_sessions(moderator, signed_in):
    at_work = signed_in(moderator)
    moderator.set_password("another one altogether")
    moderator.save()
    assert at_work.get(DESK).status_code == 302


def test_a_session_ends_at_its_time(moderator, signed_in):
    at_work = signed_in(moderator)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert at_work.get(DESK).status_code == 302


@pytest.mark.django_db(transaction=True)
def test_a_connection_that_was_closed_meanwhile_is_opened_again(moderator, signed_in, monkeypatch):
    at_work, rows, refused = signed_in(moderator), Composed.rows, []

    def closed_once(composed: Composed, values: list[object]) -> object:
        if not refused:
            refused.append(connection.connection)
            raise OperationalError("server closed the connection unexpectedly")
        return rows(composed, values)

    monkeypatch.setattr(Composed, "rows", closed_once)
    assert at_work.get(DESK).status_code == 200
    assert connection.connection is not refused[0]
