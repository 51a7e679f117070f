"""What the orders show on pages of the register: those still open at a building, a stairwell or a home's stairs."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.urls import reverse

from louzhang.areas.roles import FIELD_ROLES
from louzhang.journal.actor import Actor
from louzhang.kit import clock
from louzhang.register.beside import Ground, Section
from louzhang.shell.parts import Item
from louzhang.workorders.models import WorkOrder

SHOWN = 10


def open_orders(ground: Ground, actor: Actor, at: datetime) -> Iterable[Section]:
    """Open orders of the place, the latest first, as far as the actor may see them; one query.

    An order lies at a building or stairwell, never at a door, so a home shows those of its stairs.
    """
    if ground.resident is not None:
        return []
    page = "field:one" if actor.has_role(*FIELD_ROLES) else "desk:order"
    rows = WorkOrder.objects.visible_to(actor).open().filter(area__path__startswith=ground.area.path)
    found = rows.select_related("category").defer("search_terms").order_by("-reported_at", "-pk")[:SHOWN]
    return [Section("没办完的事", tuple(_line(order, page, at) for order in found))]


def _line(order: WorkOrder, page: str, at: datetime) -> Item:
    return Item(
        label=order.summary or order.category.name,
        url=reverse(page, args=[order.number]),
        icon="clipboard-list",
        note=f"{order.status_label} · {clock.speak(order.reported_at, at)}",
        tone="urgent" if order.is_urgent else "",
    )
