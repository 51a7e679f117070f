"""What the tests of mediation share: the cast, one begun by the chief, browsers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from louzhang.accounts import cookies
from louzhang.accounts.actions import sign_in_device
from louzhang.kit import clock
from louzhang.mediation.actions import start_mediation
from louzhang.mediation.models import Mediation
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def start(cast: Cast) -> Callable[..., Mediation]:
    """The chief begins one in the own building; anything can be changed."""

    def act(**changes: Any) -> Mediation:
        facts: dict[str, Any] = {
            "area": cast.areas["building"],
            "words": "楼上夜里有噪声。",
            "actor": cast.actor("chief"),
            "at": cast.at,
        }
        return start_mediation(**(facts | changes))

    return act


@pytest.fixture
def browser_of(cast: Cast) -> Callable[[str], Client]:
    """A browser in which somebody of the cast is signed in; nobody for an empty key."""

    def browser(key: str) -> Client:
        client = Client()
        if key:
            signed = sign_in_device(user=cast.people[key], way="code", label="测试手机", at=clock.now())
            client.cookies[cookies.DEVICE] = cookies.signed(cookies.DEVICE, signed.token)
        return client

    return browser
