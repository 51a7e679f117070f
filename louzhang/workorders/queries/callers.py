"""What a call taker should know before typing: earlier orders of the number, open ones around the place."""

from __future__ import annotations

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.journal.actor import Actor
from louzhang.kit import phones
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.orders import Filters, list_orders, phone_handle

EARLIER_AT_MOST = 4
NEARBY_AT_MOST = 4


def place_by_id(typed: str) -> Area | None:
    """The current area of a posted id."""
    if not typed.isdecimal() or len(typed) > 18:
        return None
    found: Area | None = Area.objects.current().select_related("level").filter(pk=int(typed)).first()
    return found


def earlier_of(phone: str, actor: Actor) -> list[WorkOrder]:
    """The newest orders in scope that this number reported; none for half a number (one query)."""
    if not phones.looks_like_phone(phone):
        return []
    return list(list_orders(actor, Filters(phone=phone_handle(phone, actor)))[:EARLIER_AT_MOST])


def nearby_of(area: Area, actor: Actor) -> list[WorkOrder]:
    """Open orders in scope at this place and around it: in its grid, the place itself first (three queries)."""
    around = _grid_of(area)
    rows = list(list_orders(actor, Filters(step="open", area=around.pk))[: 5 * NEARBY_AT_MOST])
    return sorted(rows, key=lambda order: not order.area.path.startswith(area.path))[:NEARBY_AT_MOST]


def _grid_of(area: Area) -> Area:
    """The grid of a building or stairwell; a larger place stands for itself."""
    if area.level.rank <= RANKS[LevelKind.GRID]:
        return area
    grid: Area | None = Area.objects.line_of(area).of_kind(LevelKind.GRID).first()
    return grid or area
