"""What the tests of the district's pages share: the cast, and browsers in which its people are signed in."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
import time_machine
from django.test import Client

from tests.cast import MORNING, Cast, browser_as, make_cast


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

    return lambda key: browser_as(cast, key, label="Windows 电脑 · Edge", at=MORNING)
