"""What the tests of the roster share: the cast, and moments after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def later(cast: Cast) -> Callable[[float], datetime]:
    """So many hours after the cast's morning."""
    return lambda hours: cast.at + timedelta(hours=hours)
