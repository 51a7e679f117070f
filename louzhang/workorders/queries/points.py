"""Where the orders of a list lie: their own position, else that of their place or the nearest one above it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from louzhang.areas.models import Area
from louzhang.journal.actor import Actor
from louzhang.workorders.models import WorkOrder
from louzhang.workorders.queries.orders import Filters, list_orders

POINTS_AT_MOST = 2_000

Position = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Points:
    """Orders with a position (WGS 84 longitude, latitude); how many had none; whether the list went on."""

    placed: list[tuple[WorkOrder, Position]]
    unplaced: int
    is_cut: bool


def points_of(actor: Actor, filters: Filters) -> Points:
    """The newest 2,000 orders of a list with their positions (two queries)."""
    rows = list(list_orders(actor, filters)[: POINTS_AT_MOST + 1])
    shown = rows[:POINTS_AT_MOST]
    known = _positions_above(order.area for order in shown if order.longitude is None)
    found = [(order, _position(order, known)) for order in shown]
    placed = [(order, position) for order, position in found if position is not None]
    return Points(placed, len(shown) - len(placed), len(rows) > len(shown))


def position_of(order: WorkOrder) -> Position | None:
    """Where one order lies, as `points_of` has it (a query only where nobody marked it)."""
    return _position(order, {} if order.longitude is not None else _positions_above([order.area]))


def _positions_above(areas: Iterable[Area]) -> dict[str, Position]:
    paths = {step for area in areas for step in _steps(area.path)}
    rows = Area.objects.filter(path__in=paths, longitude__isnull=False).order_by()
    return {path: (lon, lat) for path, lon, lat in rows.values_list("path", "longitude", "latitude")}


def _position(order: WorkOrder, known: dict[str, Position]) -> Position | None:
    if order.longitude is not None and order.latitude is not None:
        return order.longitude, order.latitude
    # An order nobody has found yet lies nowhere: the district's own position would be a lie.
    if order.is_unplaced:
        return None
    return next((known[step] for step in reversed(_steps(order.area.path)) if step in known), None)


def _steps(path: str) -> Sequence[str]:
    """The paths from below the district down to this one."""
    return [path[:end] for end in range(2 * Area.steplen, len(path) + 1, Area.steplen)]
