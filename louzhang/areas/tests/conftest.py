"""What the tests of the district's pages share: the cast, and browsers in which its people are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from louzhang.accounts import cookies
from louzhang.accounts.actions import sign_in_device
from tests.cast import MORNING, Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def in_the_morning() -> Iterator[time_machine.Traveller]:
    """Stop the clock at the cast's morning; `move_to` goes on."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def browser_of(cast: Cast, in_the_morning: object) -> Callable[[str], Client]:
    """A browser in which somebody of the cast is signed in."""

    def sign_in(key: str) -> Client:
        signed = sign_in_device(user=cast.people[key], way="code", label="Windows 电脑 · Edge", at=MORNING)
        client = Client()
        client.cookies[cookies.DEVICE] = cookies.signed(cookies.DEVICE, signed.token)
        return client

    return sign_in
