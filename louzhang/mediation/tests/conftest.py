"""What the tests of mediation share: the cast, one begun by the chief, browsers."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from louzhang.mediation.actions import start_mediation
from louzhang.mediation.models import Mediation
from tests.cast import Cast, browser_as, make_cast


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

    return lambda key: browser_as(cast, key)
