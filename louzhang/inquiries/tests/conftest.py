"""What the tests of questions share: the cast, a question of a phone, browsers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from louzhang.inquiries.actions import ask_inquiry
from louzhang.inquiries.models import Inquiry
from tests.cast import Cast, browser_as, make_cast


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

    return lambda key: browser_as(cast, key)
