"""What the tests of notices share: the cast, a report, a reading of what happened, a browser."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from louzhang.journal.actor import Actor
from louzhang.journal.models import Event, Unread
from louzhang.workorders.actions import Draft, Filed, report_workorder
from louzhang.workorders.models import Channel
from louzhang.workorders.notices import BOOK
from tests.cast import Cast, browser_as, make_cast

EVER = timedelta(days=100_000)


@pytest.fixture
def cast(db: None) -> Cast:
    return make_cast()


@pytest.fixture
def report(cast: Cast) -> Callable[..., Filed]:
    """File a leak by a phone without an account; anything can be changed."""

    def file(actor: Actor | None = None, at: datetime | None = None, **changes: Any) -> Filed:
        facts: dict[str, Any] = {
            "channel": Channel.RESIDENT,
            "category": cast.categories["leak"],
            "area": cast.areas["stairwell"],
            "words": "王小明家楼上漏水，电话 13900009999。",
        } | changes
        return report_workorder(draft=Draft(**facts), actor=actor or cast.device, at=at or cast.at)

    return file


@pytest.fixture
def read() -> Callable[[], None]:
    """Hand the unread events of orders to the reader, whatever the day of the test is."""

    def hand() -> None:
        rows = Unread.objects.filter(subject_kind="workorder").order_by("pk")
        keys = list(rows.values_list("subject_kind", "subject_id", "seq"))
        events = [Event.objects.get(subject_kind=kind, subject_id=pk, seq=seq) for kind, pk, seq in keys]
        BOOK.read(events, news=EVER)
        rows.delete()

    return hand


@pytest.fixture
def later(cast: Cast) -> Callable[[float], datetime]:
    """Give the moment this many minutes after the cast's morning."""
    return lambda minutes: cast.at + timedelta(minutes=minutes)


@pytest.fixture
def browser_of(cast: Cast) -> Callable[[str], Client]:
    """A browser in which somebody of the cast is signed in."""

    return lambda key: browser_as(cast, key)
