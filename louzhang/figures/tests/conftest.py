"""What the tests of the figures share: the cast, an order on its way, and the readers having read."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest

from louzhang.journal.actions import read_new_events
from louzhang.workorders.actions import Draft, report_workorder
from louzhang.workorders.models import Channel, WorkOrder
from tests.cast import Cast, make_cast


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def file(cast: Cast) -> Callable[..., WorkOrder]:
    """File one report by a phone, some hours after the cast's morning."""

    def filed(hours: float = 0, area: str = "stairwell", category: str = "leak", **more: Any) -> WorkOrder:
        facts = {"channel": Channel.RESIDENT, "words": "楼道漏水"} | more
        draft = Draft(category=cast.categories[category], area=cast.areas[area], **facts)
        return report_workorder(draft=draft, actor=cast.device, at=cast.at + timedelta(hours=hours)).order

    return filed


@pytest.fixture
def read(cast: Cast) -> Callable[[], None]:
    """Hand everything that happened to the readers, as the worker does."""

    def hand(at: datetime = cast.at) -> None:
        while read_new_events(at=at):
            pass

    return hand
