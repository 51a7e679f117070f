"""What the account tests share: the cast, a fixed morning, and browsers that sign in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

import pytest
import time_machine
from django.test import Client

from louzhang.accounts.actions import issue_sign_in_code
from louzhang.journal.actor import SYSTEM
from tests.cast import MORNING, PEOPLE, Cast, browser_as, make_cast, phone_of


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture(autouse=True)
def clock_of_the_test() -> Iterator[time_machine.Traveller]:
    """Stop the clock at the cast's morning; `move_to` goes on."""
    with time_machine.travel(MORNING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def later() -> Callable[..., datetime]:
    return lambda **span: MORNING + timedelta(**span)


@pytest.fixture
def phone() -> Callable[[str], str]:
    """The made-up number of somebody of the cast."""
    keys = [key for key, *_ in PEOPLE]
    return lambda key: phone_of(keys.index(key))


@pytest.fixture
def code_for(cast: Cast) -> Callable[[str], str]:
    """A one-time code for somebody of the cast, issued by the community."""
    return lambda key: issue_sign_in_code(user=cast.people[key], issuer=cast.people["desk"], actor=SYSTEM, at=MORNING)


@pytest.fixture
def browser_of(cast: Cast) -> Callable[[str], Client]:
    """A browser in which somebody of the cast is signed in."""

    return lambda key: browser_as(cast, key, label="安卓手机 · 微信", at=MORNING)
