"""疑难工单会商: orders that units keep sending back or handing on, and what each unit said about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from louzhang.areas.models import Unit
from louzhang.journal.actor import Actor
from louzhang.workorders.lifecycle import JOINT_STATES, LOOP, Relation
from louzhang.workorders.queries.histories import Moment
from louzhang.workorders.queries.orders import list_orders
from louzhang.workorders.scope import CONTESTED, WorkOrderQuerySet, relation_terms

# The verbs by which a unit says that it is not its own.
BOUNCES = ("send_back", "transfer")


@dataclass(frozen=True, slots=True)
class Argument:
    """Why one unit said that a matter is not its own."""

    unit: str
    said: str
    words: str
    at: datetime
    is_erased: bool


def disputes_of(actor: Actor) -> WorkOrderQuerySet:
    """The orders about which the actor's office decides, the oldest first."""
    term = relation_terms(actor).get(Relation.ARBITER)
    few = Q(status__in=sorted(JOINT_STATES)) & CONTESTED
    rows = list_orders(actor, few=few)
    return rows.none() if term is None else rows.filter(term).order_by("id")


def arguments_of(moments: Sequence[Moment]) -> list[Argument]:
    """What the units said, in the order they said it, from a history the reader may read (one query)."""
    told = [moment for moment in moments if moment.event.verb in BOUNCES]
    ids = [_unit_of(moment) for moment in told]
    names = dict(Unit.objects.filter(pk__in={unit for unit in ids if unit}).values_list("pk", "name")) if told else {}
    return [
        Argument(
            unit=names.get(unit or 0, "没有记下的单位"),
            said=LOOP[moment.event.verb].label,
            words=str(moment.spoken.get("reason", "")),
            at=moment.event.happened_at,
            is_erased=moment.is_erased,
        )
        for moment, unit in zip(told, ids, strict=True)
    ]


def _unit_of(moment: Moment) -> int | None:
    payload = moment.event.payload
    unit: int | None = payload.get("unit") if moment.event.verb == "send_back" else payload.get("from_unit")
    return unit
