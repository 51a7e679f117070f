"""What the roll-ups say in a sheet from above: orders reported, ended, the three rates."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from louzhang.areas.models import RANKS, Area, LevelKind
from louzhang.fieldwork.values import Ask, Cell, Source, Told, Value, add_source
from louzhang.figures.measures import Figures
from louzhang.figures.queries.counting import By, count_figures
from louzhang.figures.queries.reach import reach_of
from louzhang.journal.actor import Actor
from louzhang.journal.refusals import Refusal
from louzhang.kit import clock

GROUP = "工单"
COMMUNITY_RANK = RANKS[LevelKind.COMMUNITY]
VALUES = (
    Value(
        "orders.reported", "反映的事", GROUP, ("受理数", "反映件数", "受理件数", "工单数", "受理群众诉求"), span=True
    ),
    Value("orders.ended", "办完的事", GROUP, ("办结数", "办结件数", "已办结", "解决问题数"), span=True),
    Value("orders.open", "还在办的事", GROUP, ("在办数", "在办件数", "未办结"), span=True),
    Value("orders.response", "响应率（%）", GROUP, ("响应率",), span=True),
    Value("orders.solving", "解决率（%）", GROUP, ("解决率",), span=True),
    Value("orders.satisfaction", "满意率（%）", GROUP, ("满意率", "满意度"), span=True),
)
READ: dict[str, Callable[[Figures], Cell]] = {
    "orders.reported": lambda figures: figures.orders,
    "orders.ended": lambda figures: figures.ended,
    "orders.open": lambda figures: figures.open,
    "orders.response": lambda figures: figures.response_rate,
    "orders.solving": lambda figures: figures.solving_rate,
    "orders.satisfaction": lambda figures: figures.satisfaction_rate,
}


def values(actor: Actor, at: datetime) -> Sequence[Value]:
    """All of them, for everybody: places out of reach are not told."""
    return VALUES


def read(codes: Collection[str], ask: Ask) -> Told:
    """Figures by place, down to communities; nothing for places below them or out of reach. Five queries at most."""
    top = min(ask.places, key=lambda place: len(place.path))
    try:
        reach = reach_of(ask.actor, top.pk, ask.since, ask.until, today=clock.local_date(ask.at))
    except Refusal:
        return {}
    counted = count_figures(reach, By.COMMUNITY).lines[By.COMMUNITY]
    paths = dict(Area.objects.filter(pk__in=counted).order_by().values_list("pk", "path"))
    told: dict[tuple[str, str], Cell] = {}
    for place in ask.places:
        if place.level.rank > COMMUNITY_RANK:
            continue
        whole = Figures()
        for area_id, figures in counted.items():
            if paths[area_id].startswith(place.path):
                whole.add(figures.values)
        told.update({(code, place.path): READ[code](whole) for code in codes if code in READ})
    return told


def add_values() -> None:
    """Register the source."""
    add_source(Source("orders", values, read))
