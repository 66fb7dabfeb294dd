"""It is noon, and somebody sits down at the desk, with its pages in English."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import time_machine
from django.test import Client

from comments.models import Comment, DeskSettings
from newsroom.models import User
from tests.comments.desk.cast import at_desk
from tests.conftest import NOON


@pytest.fixture(autouse=True)
def clock() -> Iterator[time_machine.Coordinates]:
    with time_machine.travel(NOON, tick=False) as traveller:
        yield traveller


@pytest.fixture
def layout() -> str:
    """How they like it; where nothing was chosen, one comment at a time. A file about the list says LIST."""
    return ""


@pytest.fixture
def sit(layout: str) -> Callable[[User], Client]:
    def down(user: User) -> Client:
        if layout:
            DeskSettings.objects.create(user=user, layout=layout)
        return at_desk(user)

    return down


@pytest.fixture
def desk(sit, moderator) -> Client:
    return sit(moderator)


@pytest.fixture
def eight(write) -> list[Comment]:
    return [write(f"Avis numéro {n}", ago=timedelta(minutes=90 - n), name=f"Voix {n}") for n in range(8)]
