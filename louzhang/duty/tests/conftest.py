"""What the tests of duty share: the cast, a shift, a red case, browsers."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from louzhang.duty.actions import add_shift
from louzhang.duty.models import Shift
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Category, Channel, WorkOrder
from tests.cast import Cast, browser_as, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


def put_on_duty(cast: Cast, key: str, unit: str, **changes: Any) -> Shift:
    """Put somebody of the cast on the list of a unit, from the cast's morning on for twelve hours."""
    facts: dict[str, Any] = {
        "starts_at": cast.at,
        "ends_at": cast.at + timedelta(hours=12),
        "position": 1,
        "actor": cast.actor("commander"),
        "at": cast.at,
    }
    return add_shift(unit=cast.units[unit], person=cast.people[key], **(facts | changes))


def make_red(cast: Cast, **changes: Any) -> WorkOrder:
    """A burst pipe in the stairwell, red."""
    Category.objects.filter(code="leak").update(is_urgent=True)
    facts: dict[str, Any] = {
        "channel": Channel.RESIDENT,
        "category": Category.objects.get(code="leak"),
        "area": cast.areas["stairwell"],
        "words": "水管爆了",
    }
    return report_workorder(draft=Draft(**(facts | changes)), actor=cast.device, at=cast.at).order


@pytest.fixture
def on_duty(cast: Cast) -> Callable[..., Shift]:
    return lambda key, unit, **changes: put_on_duty(cast, key, unit, **changes)


@pytest.fixture
def red(cast: Cast) -> WorkOrder:
    return make_red(cast)


@pytest.fixture
def browser_of(cast: Cast) -> Callable[[str], Client]:
    """A browser in which somebody of the cast is signed in; nobody for an empty key."""

    return lambda key: browser_as(cast, key)
