"""Parts of joint orders: those of one order with what was asked and replied, those that wait for a unit."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet

from louzhang.journal.actor import Actor
from louzhang.kit.lifecycle import Transition
from louzhang.workorders.lifecycle import OPEN_PARTS, PART_LOOP, Relation
from louzhang.workorders.models import Part, WorkOrder
from louzhang.workorders.queries.histories import Moment
from louzhang.workorders.scope import OUTSIDE
from louzhang.workorders.scope_beside import ties_to


@dataclass(frozen=True, slots=True)
class PartLine:
    """One part as a page shows it; `steps` are what the reader may do with it now."""

    part: Part
    task: str
    reply: str
    release: str
    is_own: bool
    is_late: bool
    steps: list[Transition]

    @property
    def waits_for_contact(self) -> bool:
        """Whether the unit has asked to see contacts and nobody has answered."""
        return self.part.contact_asked_at is not None and self.part.contact_granted_at is None


def parts_of(order: WorkOrder, moments: Iterable[Moment], actor: Actor, at: datetime) -> list[PartLine]:
    """The parts of an order that came from `visible_to`: the reader's own first, then by their time.

    `moments` are its history, which holds what was asked and replied. No query where the order never had a
    part, else one. Whoever is tied to it only by the past sees none.
    """
    if not (order.assist_unit_ids or order.open_part_count) or order.relations_now <= OUTSIDE:
        return []
    parts = list(Part.objects.filter(order_id=order.pk).select_related("unit", "meeting").order_by("due_at", "pk"))
    words = {moment.event.seq: moment.spoken for moment in moments}
    lines = [_line(part, order, words, actor, at) for part in parts]
    return sorted(lines, key=lambda line: (not line.is_own, not line.part.is_open))


def _line(part: Part, order: WorkOrder, words: Mapping[int, dict[str, Any]], actor: Actor, at: datetime) -> PartLine:
    ties = ties_to(part, order, actor)
    return PartLine(
        part=part,
        task=task_of(part, words),
        reply=str(words.get(part.replied_seq or 0, {}).get("reply", "")),
        release=str(words.get(part.released_seq or 0, {}).get("reason", "")),
        is_own=Relation.ASSIST in ties,
        is_late=part.is_late(at),
        steps=[step for step in PART_LOOP.allowed(part.status, ties) if step.verb != "lapse" and _is_due(step, part)],
    )


def _is_due(step: Transition, part: Part) -> bool:
    """A contact is asked for once, and granted where it was asked for."""
    if step.verb == "ask_contact":
        return part.contact_asked_at is None
    return step.verb != "grant_contact" or (part.contact_asked_at is not None and part.contact_granted_at is None)


def task_of(part: Part, words: Mapping[int, dict[str, Any]]) -> str:
    """What the part asks, out of the words of the order's events."""
    spoken = words.get(part.asked_seq)
    if spoken is None:
        return ""
    tasks = spoken.get("tasks")
    if tasks:
        return str(tasks[part.asked_place])
    return str(spoken.get("task") or spoken.get("note") or spoken.get("decision") or "")


def own_parts(actor: Actor) -> QuerySet[Part]:
    """The parts of the actor's units, what is still to be done and most pressing first."""
    rows: QuerySet[Part] = Part.objects.visible_to(actor).filter(unit_id__in=sorted(actor.unit_ids))
    return _shown(rows)


def seen_parts(actor: Actor) -> QuerySet[Part]:
    """Every part in the actor's scope."""
    return _shown(Part.objects.visible_to(actor))


def _shown(rows: QuerySet[Part]) -> QuerySet[Part]:
    related = ("order__category", "order__area", "order__lead_unit", "unit", "meeting")
    return rows.select_related(*related).defer("order__search_terms", "order__area__outline")


def open_units(order: WorkOrder) -> list[str]:
    """The names of the units whose part of an order is still open."""
    rows = Part.objects.filter(order_id=order.pk, status__in=sorted(OPEN_PARTS)).order_by("pk")
    return list(dict.fromkeys(rows.values_list("unit__name", flat=True)))


HELPS_ONLY = OUTSIDE | {Relation.ASSIST, Relation.ASKED, Relation.HELPING}


def helped_parts(orders: Iterable[WorkOrder], actor: Actor) -> dict[int, Part | None]:
    """The orders the actor's units only help with, each with its open part that presses most, None where all is done.

    Their ties are told. No query where there is no such order, else one.
    """
    helped = [order.pk for order in orders if Relation.ASSIST in order.relations_now <= HELPS_ONLY]
    if not helped:
        return {}
    own = Part.objects.filter(order_id__in=helped, unit_id__in=sorted(actor.unit_ids), status__in=sorted(OPEN_PARTS))
    pressing: dict[int, Part | None] = dict.fromkeys(helped)
    for part in own.order_by(F("late_at").desc(nulls_first=True), "-pk"):
        pressing[part.order_id] = part
    return pressing


def own_open_parts(order: WorkOrder, actor: Actor, *states: str) -> list[Part]:
    """The parts of the actor's units on an order in one of these states."""
    rows = Part.objects.filter(order_id=order.pk, unit_id__in=sorted(actor.unit_ids), status__in=states)
    return list(rows.select_related("unit").order_by("due_at", "pk"))
