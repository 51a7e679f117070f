"""The cast with its homes, and an open screening of the community."""

from __future__ import annotations

import pytest

from louzhang.journal.actor import SYSTEM
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import Homes, settle_in
from louzhang.surveys.models import Survey
from louzhang.surveys.tests.ground import opened
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def homes(cast: Cast) -> Homes:
    """The families of the register's tests."""
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


@pytest.fixture
def survey(cast: Cast, homes: Homes) -> Survey:
    """Asked by the community; three households: 301 and 302 of the chief, 101 next door."""
    return opened(cast)
