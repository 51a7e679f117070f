"""What the orders put into 我的本子: those on me whose time is nearly up or over."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.urls import reverse

from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.shell.parts import Item
from louzhang.workorders.queries.phone_lists import LISTS, ON_ME

SHOWN = 10
AHEAD = timedelta(days=1)


def orders_due(actor: Actor, at: datetime) -> Iterable[Item]:
    """Orders on the actor that were promised by tomorrow, the most pressing first; one query."""
    rows = LISTS[ON_ME](actor).filter(promised_at__lt=at + AHEAD).order_by("promised_at", "pk")
    return [
        Item(
            label=order.summary or order.category.name,
            url=reverse("field:one", args=[order.number]),
            icon="clipboard-list",
            note=clock.speak_due(order.promised_at, at),
            tone="urgent" if order.promised_at < at else "",
        )
        for order in rows.select_related("category")[:SHOWN]
    ]
