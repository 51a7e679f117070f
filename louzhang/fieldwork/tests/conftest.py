"""What the tests of the field share: the cast with its homes, rhythms, and a browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from louzhang.fieldwork.actions.rhythms import RhythmDraft, set_rhythm
from louzhang.fieldwork.models import Rhythm, Span, Whom
from louzhang.journal.actor import SYSTEM
from louzhang.kit import clock
from louzhang.register.actions.kinds import lay_down_kinds
from louzhang.register.tests.conftest import Homes, settle_in
from tests.cast import Cast, browser_as, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def homes(cast: Cast) -> Homes:
    """Two families in the chief's building, one in the next, one in another street."""
    lay_down_kinds(actor=SYSTEM, at=cast.at)
    return settle_in(cast)


@pytest.fixture
def rhythm(cast: Cast) -> Callable[..., Rhythm]:
    """Every home below the community once a day by the chief; anything can be changed."""

    def make(where: str = "community", **changes: Any) -> Rhythm:
        draft: dict[str, Any] = {"name": "走访每一户", "whom": Whom.EACH, "role": "chief", "span": Span.DAY} | changes
        day = clock.local_date(cast.at)
        return set_rhythm(draft=RhythmDraft(**draft), area=cast.areas[where], starts_on=day, actor=SYSTEM, at=cast.at)

    return make


@pytest.fixture
def later(cast: Cast) -> Callable[[float], Any]:
    """The moment this many hours after the cast's morning."""
    return lambda hours: cast.at + timedelta(hours=hours)


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[str], Client]:
    """A browser in which somebody of the cast is signed in."""
    return lambda key: browser_as(cast, key)
