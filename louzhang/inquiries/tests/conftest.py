"""What the tests of questions share: the cast, a question of a phone, browsers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from louzhang.accounts import cookies
from louzhang.accounts.actions import sign_in_device
from louzhang.inquiries.actions import ask_inquiry
from louzhang.inquiries.models import Inquiry
from louzhang.kit import clock
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def ask(cast: Cast) -> Callable[..., Inquiry]:
    """A phone in the stairwell asks; anything can be changed."""

    def act(**changes: Any) -> Inquiry:
        facts: dict[str, Any] = {
            "area": cast.areas["stairwell"],
            "words": "老年卡在哪里办？",
            "actor": cast.device,
            "at": cast.at,
        }
        return ask_inquiry(**(facts | changes))

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
