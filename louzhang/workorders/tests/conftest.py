"""What the order tests share: the cast, and one ordinary report of a phone."""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

import pytest
from django.test import Client

from louzhang.journal.actor import Actor
from louzhang.workorders.actions import VERBS, Draft, Filed, report_workorder
from louzhang.workorders.models import AnswerWay, Channel, WorkOrder
from tests.cast import Cast, browser_as, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def report(cast: Cast) -> Callable[..., Filed]:
    """File a leak in the stairwell by a phone without an account; anything can be changed."""

    def file(actor: Actor | None = None, **changes: Any) -> Filed:
        facts: dict[str, Any] = {
            "channel": Channel.RESIDENT,
            "category": cast.categories["leak"],
            "area": cast.areas["stairwell"],
            "words": "楼道水管爆了，水流到一楼。",
            "answer_way": AnswerWay.HERE,
        } | changes
        return report_workorder(draft=Draft(**facts), actor=actor or cast.device, at=cast.at)

    return file


@pytest.fixture
def later(cast: Cast) -> Callable[[float], Any]:
    """Give the moment this many hours after the cast's morning."""
    return lambda hours: cast.at + timedelta(hours=hours)


@pytest.fixture
def sign_in(cast: Cast) -> Callable[[str], Client]:
    """A browser in which somebody of the cast is signed in."""

    return lambda key: browser_as(cast, key)


@pytest.fixture
def do(cast: Cast, later: Callable[[float], Any]) -> Callable[..., WorkOrder]:
    """Do a verb as somebody of the cast, with the posts held then."""

    def act(order: WorkOrder, verb: str, person: str, hours: float = 1, **given: Any) -> WorkOrder:
        at = later(hours)
        action: Any = VERBS[verb]
        actor = cast.device if person == "device" else cast.actor(person, at)
        moved: WorkOrder = action(order_id=order.pk, actor=actor, at=at, **given)
        return moved

    return act


@pytest.fixture
def act(transactional_db: None, do: Callable[..., WorkOrder]) -> Callable[..., Callable[[], WorkOrder]]:
    """Prepare a verb of one order by somebody of the cast, to be done at the same moment as others."""
    return partial(partial, do)
