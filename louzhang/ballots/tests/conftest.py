"""The cast with its homes."""

from __future__ import annotations

import pytest

from louzhang.journal.actor import SYSTEM
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import Homes, settle_in
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def homes(cast: Cast) -> Homes:
    """The families of the register's tests: 301 and 302 of the chief, 101 next door, 102 far away."""
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)
